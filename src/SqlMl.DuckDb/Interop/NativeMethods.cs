using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace SqlMl.DuckDb.Interop;

/// <summary>
/// The part of libduckdb 1.5's C API that the provider calls, under its C names. <c>idx_t</c> is <see cref="ulong"/>, <c>bool</c> is
/// <see cref="byte"/>, <c>const char *</c> that DuckDB keeps is <see cref="nint"/>; a text goes in as UTF-8, terminated or with its length.
/// </summary>
internal static unsafe partial class NativeMethods
{
    static NativeMethods() => NativeLibrary.SetDllImportResolver(
        typeof(NativeMethods).Assembly,
        static (name, _, _) => name == NativeDuckDb.Name ? NativeDuckDb.Library : 0);

    // Database, connection, configuration
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_library_version();
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_create_instance_cache();
    [LibraryImport(NativeDuckDb.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeState duckdb_get_or_create_from_cache(nint cache, string path, out DatabaseHandle database, ConfigHandle config, out nint error);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_close(nint* database);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_connect(DatabaseHandle database, out ConnectionHandle connection);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_disconnect(nint* connection);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_interrupt(ConnectionHandle connection);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeProgress duckdb_query_progress(ConnectionHandle connection);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_create_config(out ConfigHandle config);
    [LibraryImport(NativeDuckDb.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeState duckdb_set_config(ConfigHandle config, string name, string option);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_destroy_config(nint* config);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_free(nint memory);

    // Statements
    [LibraryImport(NativeDuckDb.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ulong duckdb_extract_statements(ConnectionHandle connection, string sql, out ExtractedStatementsHandle statements);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_extract_statements_error(ExtractedStatementsHandle statements);
    [LibraryImport(NativeDuckDb.Name)]
    internal static partial NativeState duckdb_prepare_extracted_statement(ConnectionHandle connection, ExtractedStatementsHandle statements, ulong index, out StatementHandle statement);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_destroy_extracted(nint* statements);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_prepare_error(StatementHandle statement);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_destroy_prepare(nint* statement);
    [LibraryImport(NativeDuckDb.Name)] internal static partial ulong duckdb_nparams(StatementHandle statement);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_parameter_name(StatementHandle statement, ulong position);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_clear_bindings(StatementHandle statement);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_bind_boolean(StatementHandle statement, ulong position, byte value);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_bind_int64(StatementHandle statement, ulong position, long value);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_bind_double(StatementHandle statement, ulong position, double value);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_bind_timestamp(StatementHandle statement, ulong position, long microseconds);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_bind_varchar_length(StatementHandle statement, ulong position, byte* text, ulong length);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_bind_null(StatementHandle statement, ulong position);

    // Execution
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_pending_prepared(StatementHandle statement, out PendingHandle pending);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_pending_prepared_streaming(StatementHandle statement, out PendingHandle pending);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_pending_error(PendingHandle pending);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_execute_pending(PendingHandle pending, out NativeResult result);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_destroy_pending(nint* pending);

    // Results
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_destroy_result(NativeResult* result);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_result_error(ref NativeResult result);
    [LibraryImport(NativeDuckDb.Name)] internal static partial DuckDbErrorType duckdb_result_error_type(ref NativeResult result);
    [LibraryImport(NativeDuckDb.Name)] internal static partial ulong duckdb_rows_changed(ref NativeResult result);
    [LibraryImport(NativeDuckDb.Name)] internal static partial ulong duckdb_column_count(ref NativeResult result);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_column_name(ref NativeResult result, ulong column);
    [LibraryImport(NativeDuckDb.Name)] internal static partial LogicalTypeHandle duckdb_column_logical_type(ref NativeResult result, ulong column);
    [LibraryImport(NativeDuckDb.Name)] internal static partial DataChunkHandle duckdb_fetch_chunk(NativeResult result);

    // Types
    [LibraryImport(NativeDuckDb.Name)] internal static partial LogicalTypeHandle duckdb_create_logical_type(DuckDbTypeId type);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_destroy_logical_type(nint* type);
    [LibraryImport(NativeDuckDb.Name)] internal static partial DuckDbTypeId duckdb_get_type_id(LogicalTypeHandle type);
    [LibraryImport(NativeDuckDb.Name)] internal static partial byte duckdb_decimal_width(LogicalTypeHandle type);
    [LibraryImport(NativeDuckDb.Name)] internal static partial byte duckdb_decimal_scale(LogicalTypeHandle type);
    [LibraryImport(NativeDuckDb.Name)] internal static partial uint duckdb_enum_dictionary_size(LogicalTypeHandle type);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_enum_dictionary_value(LogicalTypeHandle type, ulong index);
    [LibraryImport(NativeDuckDb.Name)] internal static partial LogicalTypeHandle duckdb_list_type_child_type(LogicalTypeHandle type);
    [LibraryImport(NativeDuckDb.Name)] internal static partial LogicalTypeHandle duckdb_array_type_child_type(LogicalTypeHandle type);
    [LibraryImport(NativeDuckDb.Name)] internal static partial ulong duckdb_array_type_array_size(LogicalTypeHandle type);

    // Chunks and vectors: a vector lives as long as its chunk
    [LibraryImport(NativeDuckDb.Name)] internal static partial ulong duckdb_vector_size();
    [LibraryImport(NativeDuckDb.Name)] internal static partial DataChunkHandle duckdb_create_data_chunk(nint* types, ulong columns);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_destroy_data_chunk(nint* chunk);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_data_chunk_reset(DataChunkHandle chunk);
    [LibraryImport(NativeDuckDb.Name)] internal static partial ulong duckdb_data_chunk_get_size(DataChunkHandle chunk);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_data_chunk_set_size(DataChunkHandle chunk, ulong size);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_data_chunk_get_vector(DataChunkHandle chunk, ulong column);
    [LibraryImport(NativeDuckDb.Name)] internal static partial byte* duckdb_vector_get_data(nint vector);
    [LibraryImport(NativeDuckDb.Name)] internal static partial ulong* duckdb_vector_get_validity(nint vector);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_vector_ensure_validity_writable(nint vector);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_vector_assign_string_element_len(nint vector, ulong row, byte* text, ulong length);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_list_vector_get_child(nint vector);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_array_vector_get_child(nint vector);

    // Appender
    [LibraryImport(NativeDuckDb.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeState duckdb_appender_create(ConnectionHandle connection, string? schema, string table, out AppenderHandle appender);
    [LibraryImport(NativeDuckDb.Name)] internal static partial ulong duckdb_appender_column_count(AppenderHandle appender);
    [LibraryImport(NativeDuckDb.Name)] internal static partial ErrorDataHandle duckdb_appender_error_data(AppenderHandle appender);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_appender_close(AppenderHandle appender);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_appender_clear(nint appender);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_appender_destroy(nint* appender);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_appender_end_row(AppenderHandle appender);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_append_bool(AppenderHandle appender, byte value);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_append_int64(AppenderHandle appender, long value);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_append_double(AppenderHandle appender, double value);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_append_timestamp(AppenderHandle appender, long microseconds);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_append_varchar_length(AppenderHandle appender, byte* text, ulong length);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_append_null(AppenderHandle appender);
    [LibraryImport(NativeDuckDb.Name)] internal static partial NativeState duckdb_append_data_chunk(AppenderHandle appender, DataChunkHandle chunk);
    [LibraryImport(NativeDuckDb.Name)] internal static partial DuckDbErrorType duckdb_error_data_error_type(ErrorDataHandle error);
    [LibraryImport(NativeDuckDb.Name)] internal static partial nint duckdb_error_data_message(ErrorDataHandle error);
    [LibraryImport(NativeDuckDb.Name)] internal static partial void duckdb_destroy_error_data(nint* error);
}
