using SqlMl.DuckDb.Columns;
using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb;

/// <summary>
/// A statement with parameters, bound by position from 1 or by name without the <c>$</c>. Bound values stay from run to run until they are
/// bound anew or cleared. A result may outlive the statement it came from.
/// </summary>
public sealed class DuckDbPreparedStatement : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly StatementHandle _statement;
    private readonly string _sql;
    private readonly Dictionary<string, int> _positions;

    internal DuckDbPreparedStatement(DuckDbConnection connection, StatementHandle statement, string sql)
    {
        _connection = connection;
        _statement = statement;
        _sql = sql;
        ParameterCount = checked((int)NativeMethods.duckdb_nparams(statement));
        // DuckDB calls an unnamed parameter by its number and takes names in any case.
        _positions = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var position = 1; position <= ParameterCount; position++)
            _positions[NativeText.Take(NativeMethods.duckdb_parameter_name(statement, (ulong)position))] = position;
    }

    /// <summary>How many different parameters the statement has.</summary>
    public int ParameterCount { get; }

    /// <summary>Binds a BIGINT.</summary>
    /// <param name="position">From 1 to <see cref="ParameterCount"/>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public DuckDbPreparedStatement Bind(int position, long value) => Bound(NativeMethods.duckdb_bind_int64(_statement, Checked(position), value));

    /// <summary>Binds a DOUBLE.</summary>
    /// <inheritdoc cref="Bind(int, long)"/>
    public DuckDbPreparedStatement Bind(int position, double value) => Bound(NativeMethods.duckdb_bind_double(_statement, Checked(position), value));

    /// <summary>Binds a BOOLEAN.</summary>
    /// <inheritdoc cref="Bind(int, long)"/>
    public DuckDbPreparedStatement Bind(int position, bool value) => Bound(NativeMethods.duckdb_bind_boolean(_statement, Checked(position), value ? (byte)1 : (byte)0));

    /// <summary>Binds a TIMESTAMP; a local time becomes UTC, a time of no kind is UTC already, and 0.1 microseconds are cut off.</summary>
    /// <inheritdoc cref="Bind(int, long)"/>
    public DuckDbPreparedStatement Bind(int position, DateTime value) =>
        Bound(NativeMethods.duckdb_bind_timestamp(_statement, Checked(position), InstantScaling.FromDateTime(value)));

    /// <summary>Binds a VARCHAR, or NULL for <see langword="null"/>.</summary>
    /// <inheritdoc cref="Bind(int, long)"/>
    public unsafe DuckDbPreparedStatement Bind(int position, string? value)
    {
        if (value is null)
            return BindNull(position);
        var checkedPosition = Checked(position);
        return Bound(NativeText.Pass(value, (text, length) => NativeMethods.duckdb_bind_varchar_length(_statement, checkedPosition, text, length)));
    }

    /// <summary>Binds NULL.</summary>
    /// <param name="position">From 1 to <see cref="ParameterCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public DuckDbPreparedStatement BindNull(int position) => Bound(NativeMethods.duckdb_bind_null(_statement, Checked(position)));

    /// <summary>Binds a BIGINT.</summary>
    /// <param name="name">The parameter's name without the <c>$</c>, in any case.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    public DuckDbPreparedStatement Bind(string name, long value) => Bind(PositionOf(name), value);

    /// <summary>Binds a DOUBLE.</summary>
    /// <inheritdoc cref="Bind(string, long)"/>
    public DuckDbPreparedStatement Bind(string name, double value) => Bind(PositionOf(name), value);

    /// <summary>Binds a BOOLEAN.</summary>
    /// <inheritdoc cref="Bind(string, long)"/>
    public DuckDbPreparedStatement Bind(string name, bool value) => Bind(PositionOf(name), value);

    /// <summary>Binds a TIMESTAMP; a local time becomes UTC, a time of no kind is UTC already, and 0.1 microseconds are cut off.</summary>
    /// <inheritdoc cref="Bind(string, long)"/>
    public DuckDbPreparedStatement Bind(string name, DateTime value) => Bind(PositionOf(name), value);

    /// <summary>Binds a VARCHAR, or NULL for <see langword="null"/>.</summary>
    /// <inheritdoc cref="Bind(string, long)"/>
    public DuckDbPreparedStatement Bind(string name, string? value) => Bind(PositionOf(name), value);

    /// <summary>Binds NULL.</summary>
    /// <param name="name">The parameter's name without the <c>$</c>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    public DuckDbPreparedStatement BindNull(string name) => BindNull(PositionOf(name));

    /// <summary>Forgets every bound value.</summary>
    public DuckDbPreparedStatement ClearBindings() => Bound(NativeMethods.duckdb_clear_bindings(_statement));

    /// <summary>Runs the statement with the values bound; rows it returns are dropped.</summary>
    /// <param name="ct">Cancelling interrupts the statement.</param>
    /// <returns>The rows inserted, updated, deleted or copied.</returns>
    /// <exception cref="DuckDbException">The statement failed, as it does when a parameter is not bound.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; the connection remains usable.</exception>
    public long Execute(CancellationToken ct = default) => _connection.ExecuteStatement(_statement, _sql, ct);

    /// <summary>Runs the statement with the values bound and returns its rows, which DuckDB computes while they are read.</summary>
    /// <param name="ct">Cancelling interrupts running and reading.</param>
    /// <exception cref="DuckDbException">The statement failed, as it does when a parameter is not bound.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; the connection remains usable.</exception>
    public DuckDbResult Query(CancellationToken ct = default) => _connection.QueryStatement(_statement, _sql, ct);

    /// <summary>Releases the statement.</summary>
    public void Dispose() => _statement.Dispose();

    private ulong Checked(int position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, ParameterCount);
        return (ulong)position;
    }

    private int PositionOf(string name) => _positions.TryGetValue(name, out var position)
        ? position
        : throw new ArgumentException($"the statement has no parameter `{name}`; it has {string.Join(", ", _positions.Keys.Select(known => $"`{known}`"))}", nameof(name));

    private DuckDbPreparedStatement Bound(NativeState state) => state == NativeState.Success
        ? this
        : throw DuckDbException.FromMessage(NativeText.Read(NativeMethods.duckdb_prepare_error(_statement)), _sql);
}
