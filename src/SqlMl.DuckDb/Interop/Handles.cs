using System.Runtime.InteropServices;

namespace SqlMl.DuckDb.Interop;

/// <summary>A pointer DuckDB handed out and wants back. DuckDB's objects share ownership of what they stand on, so any order of release is sound.</summary>
internal abstract class NativeHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;
}

internal sealed unsafe class ConfigHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        fixed (nint* address = &handle)
            NativeMethods.duckdb_destroy_config(address);
        return true;
    }
}

internal sealed unsafe class DatabaseHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        fixed (nint* address = &handle)
            NativeMethods.duckdb_close(address);
        return true;
    }
}

internal sealed unsafe class ConnectionHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        fixed (nint* address = &handle)
            NativeMethods.duckdb_disconnect(address);
        return true;
    }
}

internal sealed unsafe class ExtractedStatementsHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        fixed (nint* address = &handle)
            NativeMethods.duckdb_destroy_extracted(address);
        return true;
    }
}

internal sealed unsafe class StatementHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        fixed (nint* address = &handle)
            NativeMethods.duckdb_destroy_prepare(address);
        return true;
    }
}

internal sealed unsafe class PendingHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        fixed (nint* address = &handle)
            NativeMethods.duckdb_destroy_pending(address);
        return true;
    }
}

internal sealed unsafe class DataChunkHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        fixed (nint* address = &handle)
            NativeMethods.duckdb_destroy_data_chunk(address);
        return true;
    }
}

internal sealed unsafe class LogicalTypeHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        fixed (nint* address = &handle)
            NativeMethods.duckdb_destroy_logical_type(address);
        return true;
    }
}

internal sealed unsafe class AppenderHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        // Destroying flushes; what the caller did not close it did not mean to keep.
        NativeMethods.duckdb_appender_clear(handle);
        fixed (nint* address = &handle)
            NativeMethods.duckdb_appender_destroy(address);
        return true;
    }
}

internal sealed unsafe class ErrorDataHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        fixed (nint* address = &handle)
            NativeMethods.duckdb_destroy_error_data(address);
        return true;
    }
}

/// <summary>Owns a <c>duckdb_result</c>, which is a struct that holds the pointer and not a pointer itself.</summary>
internal sealed unsafe class ResultHandle : NativeHandle
{
    private NativeResult _result;

    public ResultHandle(NativeResult result)
    {
        _result = result;
        SetHandle(result.InternalData);
    }

    /// <summary>The struct, for the functions that take it by value or by address.</summary>
    public ref NativeResult Value => ref _result;

    protected override bool ReleaseHandle()
    {
        fixed (NativeResult* address = &_result)
            NativeMethods.duckdb_destroy_result(address);
        return true;
    }
}
