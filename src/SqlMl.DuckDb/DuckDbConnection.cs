using SqlMl.DuckDb.Columns;
using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb;

/// <summary>
/// One session with a DuckDB database, in UTC and without extensions from the network. Its statements run one after the other: only
/// <see cref="Interrupt"/> and <see cref="Progress"/> may be used from another thread. Connections of one process to one file share it.
/// </summary>
public sealed class DuckDbConnection : IDisposable
{
    /// <summary>The path that stands for a database in memory, gone with its connection.</summary>
    public const string InMemory = ":memory:";

    // Settings of the session; those of the database are in Configure.
    private const string SessionSettings = "SET TimeZone = 'UTC'; SET enable_progress_bar = true; SET enable_progress_bar_print = false";

    private readonly DatabaseHandle _database;
    private readonly ConnectionHandle _connection;
    private ResultHandle? _current;

    private DuckDbConnection(DatabaseHandle database, ConnectionHandle connection)
    {
        _database = database;
        _connection = connection;
    }

    /// <summary>The version of the loaded libduckdb, as in <c>v1.5.5</c>.</summary>
    /// <exception cref="DuckDbNativeLibraryException">libduckdb is absent or does not load.</exception>
    public static string LibraryVersion => NativeText.Read(NativeMethods.duckdb_library_version());

    /// <summary>How much of the running statement is done, 0 to 100 as DuckDB estimates it and not smoothly; -1 when nothing runs or nothing is known.</summary>
    public double Progress => NativeMethods.duckdb_query_progress(_connection).Percentage;

    internal ConnectionHandle Handle => _connection;

    /// <summary>Opens the database at <paramref name="path"/>, creating the file when there is none.</summary>
    /// <param name="path">A file, or <see cref="InMemory"/> for a database of its own.</param>
    /// <param name="options">DuckDB's defaults when not given.</param>
    /// <exception cref="DuckDbException">DuckDB does not open it, as a file another process writes to (IO) or a setting it does not know (InvalidConfiguration).</exception>
    /// <exception cref="DuckDbNativeLibraryException">libduckdb is absent or does not load.</exception>
    public static DuckDbConnection Open(string path, DuckDbOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        NativeText.WithoutNul(path, nameof(path));
        using var config = Configure(options ?? new DuckDbOptions(), path);
        if (NativeMethods.duckdb_get_or_create_from_cache(NativeDuckDb.InstanceCache, path, out var database, config, out var error) != NativeState.Success)
            throw DuckDbException.FromMessage(NativeText.Take(error));
        if (NativeMethods.duckdb_connect(database, out var handle) != NativeState.Success)
        {
            database.Dispose();
            throw new DuckDbException(DuckDbErrorType.Connection, $"DuckDB opened '{path}' and refused a connection to it");
        }
        var connection = new DuckDbConnection(database, handle);
        try
        {
            connection.Execute(SessionSettings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs the statements of <paramref name="sql"/> in order, each prepared when those before it have run; the first failure ends it.</summary>
    /// <param name="sql">Any number of statements separated by semicolons; rows they return are dropped.</param>
    /// <param name="ct">Cancelling interrupts the running statement; an open transaction then has to be rolled back, as after any error.</param>
    /// <returns>The rows inserted, updated, deleted or copied by all statements together.</returns>
    /// <exception cref="DuckDbException">A statement failed; the ones before it stand.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; the connection remains usable.</exception>
    public long Execute(string sql, CancellationToken ct = default)
    {
        using var statements = Extract(sql, out var count);
        long changed = 0;
        for (ulong index = 0; index < count; index++)
        {
            using var statement = PrepareExtracted(statements, index, sql);
            changed += ExecuteStatement(statement, sql, ct);
        }
        return changed;
    }

    /// <summary>Runs the statements of <paramref name="sql"/> and returns the rows of the last, which DuckDB computes while they are read.</summary>
    /// <param name="sql">At least one statement.</param>
    /// <param name="ct">Cancelling interrupts running and reading.</param>
    /// <exception cref="ArgumentException"><paramref name="sql"/> holds no statement.</exception>
    /// <exception cref="DuckDbException">A statement failed; a late row may still fail when it is read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; the connection remains usable.</exception>
    public DuckDbResult Query(string sql, CancellationToken ct = default)
    {
        using var statements = Extract(sql, out var count);
        if (count == 0)
            throw new ArgumentException("holds no statement", nameof(sql));
        for (ulong index = 0; index < count - 1; index++)
        {
            using var statement = PrepareExtracted(statements, index, sql);
            ExecuteStatement(statement, sql, ct);
        }
        using var last = PrepareExtracted(statements, count - 1, sql);
        return QueryStatement(last, sql, ct);
    }

    /// <summary>The first column of the only row of <paramref name="sql"/>; numbers convert into each other if the value fits.</summary>
    /// <typeparam name="T">The wanted type; NULL needs one that is nullable.</typeparam>
    /// <param name="sql">At least one statement; the last returns one row.</param>
    /// <exception cref="InvalidOperationException">There is not exactly one row.</exception>
    /// <exception cref="InvalidCastException">The value, or NULL, is no <typeparamref name="T"/>.</exception>
    /// <exception cref="OverflowException">The number does not fit into <typeparamref name="T"/>.</exception>
    /// <exception cref="DuckDbException">A statement failed.</exception>
    public T? Scalar<T>(string sql)
    {
        using var result = Query(sql);
        var rows = result.ReadRows();
        return rows.Count == 1
            ? ScalarConversion.To<T>(rows[0][0])
            : throw new InvalidOperationException($"the query returned {rows.Count} rows instead of one");
    }

    /// <summary>Prepares one statement with parameters, <c>$1</c> or <c>$name</c>, to be run any number of times.</summary>
    /// <param name="sql">Exactly one statement.</param>
    /// <exception cref="ArgumentException"><paramref name="sql"/> does not hold exactly one statement.</exception>
    /// <exception cref="DuckDbException">DuckDB cannot prepare it.</exception>
    public DuckDbPreparedStatement Prepare(string sql)
    {
        using var statements = Extract(sql, out var count);
        return count == 1
            ? new DuckDbPreparedStatement(this, PrepareExtracted(statements, 0, sql), sql)
            : throw new ArgumentException($"holds {count} statements instead of one", nameof(sql));
    }

    /// <summary>Stops the running statement, if one runs, with <see cref="DuckDbErrorType.Interrupt"/>.</summary>
    public void Interrupt() => NativeMethods.duckdb_interrupt(_connection);

    /// <summary>Closes the session; the last connection to a file closes the file.</summary>
    public void Dispose()
    {
        _current = null;
        _connection.Dispose();
        _database.Dispose();
    }

    /// <summary>A failure that follows a cancelled token is the cancellation.</summary>
    internal static Exception Failure(DuckDbException failure, CancellationToken ct) =>
        failure.ErrorType == DuckDbErrorType.Interrupt && ct.IsCancellationRequested
            ? new OperationCanceledException("the statement was cancelled", failure, ct)
            : failure;

    internal CancellationTokenRegistration InterruptOn(CancellationToken ct) =>
        ct.UnsafeRegister(static connection => ((DuckDbConnection)connection!).Interrupt(), this);

    internal long ExecuteStatement(StatementHandle statement, string sql, CancellationToken ct)
    {
        using var result = Run(statement, sql, streaming: false, ct);
        return checked((long)NativeMethods.duckdb_rows_changed(ref result.Value));
    }

    internal DuckDbResult QueryStatement(StatementHandle statement, string sql, CancellationToken ct)
    {
        var result = Run(statement, sql, streaming: true, ct);
        _current = result;
        return new DuckDbResult(this, result, sql, ct);
    }

    /// <summary>Ends the reading of an earlier result, which whatever runs next makes DuckDB drop.</summary>
    internal void Supersede()
    {
        ObjectDisposedException.ThrowIf(_connection.IsClosed, this);
        _current = null;
    }

    /// <summary>Refuses to read a result that the connection no longer computes.</summary>
    internal void RequireCurrent(ResultHandle result)
    {
        ObjectDisposedException.ThrowIf(_connection.IsClosed, this);
        if (_current != result)
            throw new InvalidOperationException("the connection ran another statement before this result was read to its end");
    }

    private static ConfigHandle Configure(DuckDbOptions options, string path)
    {
        // Asked for first, so that a missing library is said plainly.
        _ = NativeDuckDb.Library;
        if (NativeMethods.duckdb_create_config(out var config) != NativeState.Success)
            throw new DuckDbException(DuckDbErrorType.OutOfMemory, "DuckDB could not create a configuration");
        // What the session needs is linked in; anything else would come from the network unasked.
        Set("autoinstall_known_extensions", "false");
        Set("autoload_known_extensions", "false");
        Set("threads", options.Threads?.ToString());
        Set("memory_limit", options.MemoryLimit);
        // A database in memory would spill into the current folder, and a killed process would leave it there. DuckDB makes the folder when it spills.
        Set("temp_directory", options.TempDirectory ?? (path == InMemory ? Path.Combine(Path.GetTempPath(), $"sqlml-{Path.GetRandomFileName()}") : null));
        Set("access_mode", options.ReadOnly ? "READ_ONLY" : null);
        return config;

        void Set(string name, string? value)
        {
            if (value is null || NativeMethods.duckdb_set_config(config, name, NativeText.WithoutNul(value, name)) == NativeState.Success)
                return;
            config.Dispose();
            throw new DuckDbException(DuckDbErrorType.InvalidConfiguration, $"DuckDB does not take '{value}' for {name}");
        }
    }

    private ExtractedStatementsHandle Extract(string sql, out ulong count)
    {
        Supersede();
        count = NativeMethods.duckdb_extract_statements(_connection, NativeText.WithoutNul(sql, nameof(sql)), out var statements);
        var error = NativeText.Read(NativeMethods.duckdb_extract_statements_error(statements));
        if (error.Length == 0)
            return statements;
        statements.Dispose();
        throw DuckDbException.FromMessage(error, sql);
    }

    private StatementHandle PrepareExtracted(ExtractedStatementsHandle statements, ulong index, string sql)
    {
        if (NativeMethods.duckdb_prepare_extracted_statement(_connection, statements, index, out var statement) == NativeState.Success)
            return statement;
        using (statement)
            throw DuckDbException.FromMessage(NativeText.Read(NativeMethods.duckdb_prepare_error(statement)), sql);
    }

    private ResultHandle Run(StatementHandle statement, string sql, bool streaming, CancellationToken ct)
    {
        Supersede();
        ct.ThrowIfCancellationRequested();
        var state = streaming
            ? NativeMethods.duckdb_pending_prepared_streaming(statement, out var pending)
            : NativeMethods.duckdb_pending_prepared(statement, out pending);
        using (pending)
        {
            if (state != NativeState.Success)
                throw DuckDbException.FromMessage(NativeText.Read(NativeMethods.duckdb_pending_error(pending)), sql);

            // Registered only now: beginning a statement clears DuckDB's flag, and an interrupt from before would be lost.
            NativeResult native;
            using (InterruptOn(ct))
                state = NativeMethods.duckdb_execute_pending(pending, out native);
            var result = new ResultHandle(native);
            if (state == NativeState.Success)
                return result;
            using (result)
            {
                throw Failure(
                    new DuckDbException(
                        NativeMethods.duckdb_result_error_type(ref result.Value), NativeText.Read(NativeMethods.duckdb_result_error(ref result.Value)), sql),
                    ct);
            }
        }
    }
}
