using SqlMl.DuckDb.Columns;
using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb;

/// <summary>
/// Adds many rows to a table, in the order of its columns; each value is cast to its column's type. Rows become part of the table at
/// <see cref="Close"/>, or earlier when many wait; those that wait at <see cref="Dispose"/> without it are dropped.
/// </summary>
public sealed class DuckDbAppender : IDisposable
{
    private readonly AppenderHandle _appender;
    private bool _isClosed;

    /// <summary>Begins to add rows to <paramref name="table"/>.</summary>
    /// <param name="connection">Where the table is; no result of it can be read on.</param>
    /// <param name="table">The table's name as it is, without quotes.</param>
    /// <param name="schema">The schema's name as it is; the current one when not given.</param>
    /// <exception cref="DuckDbException">There is no such table.</exception>
    public DuckDbAppender(DuckDbConnection connection, string table, string? schema = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        connection.Supersede();
        var state = NativeMethods.duckdb_appender_create(
            connection.Handle, schema is null ? null : NativeText.WithoutNul(schema, nameof(schema)), NativeText.WithoutNul(table, nameof(table)), out _appender);
        if (state == NativeState.Success)
            return;
        using (_appender)
            throw Failure();
    }

    /// <summary>Adds an integer to the current row.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="DuckDbException">The column does not take it, or the row is full.</exception>
    public DuckDbAppender Append(long value) => Require(NativeMethods.duckdb_append_int64(_appender, value));

    /// <summary>Adds a floating-point number to the current row; NaN stays NaN.</summary>
    /// <inheritdoc cref="Append(long)"/>
    public DuckDbAppender Append(double value) => Require(NativeMethods.duckdb_append_double(_appender, value));

    /// <summary>Adds a truth value to the current row.</summary>
    /// <inheritdoc cref="Append(long)"/>
    public DuckDbAppender Append(bool value) => Require(NativeMethods.duckdb_append_bool(_appender, value ? (byte)1 : (byte)0));

    /// <summary>Adds an instant to the current row; a local time becomes UTC, a time of no kind is UTC already, and 0.1 microseconds are cut off.</summary>
    /// <inheritdoc cref="Append(long)"/>
    public DuckDbAppender Append(DateTime value) => Require(NativeMethods.duckdb_append_timestamp(_appender, InstantScaling.FromDateTime(value)));

    /// <summary>Adds a text to the current row, or NULL for <see langword="null"/>.</summary>
    /// <inheritdoc cref="Append(long)"/>
    public unsafe DuckDbAppender Append(string? value) => value is null
        ? AppendNull()
        : Require(NativeText.Pass(value, (text, length) => NativeMethods.duckdb_append_varchar_length(_appender, text, length)));

    /// <summary>Adds NULL to the current row.</summary>
    /// <exception cref="DuckDbException">The row is full.</exception>
    public DuckDbAppender AppendNull() => Require(NativeMethods.duckdb_append_null(_appender));

    /// <summary>Ends the current row.</summary>
    /// <exception cref="DuckDbException">The row has too few values, or the rows that waited violate a constraint.</exception>
    public DuckDbAppender EndRow() => Require(NativeMethods.duckdb_appender_end_row(_appender));

    /// <summary>Adds many rows at once, faster than one by one; not in the middle of a row.</summary>
    /// <param name="columns">
    /// One array a column of the table, all of one length: <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="float"/>,
    /// <see cref="double"/>, <see cref="DateTime"/>, or <see cref="string"/> with <see langword="null"/> for NULL. NaN stays NaN.
    /// </param>
    /// <exception cref="ArgumentException">The arrays differ in length, in number from the table's columns, or one is of another type.</exception>
    /// <exception cref="DuckDbException">A value does not convert to its column's type (InvalidInput), or the rows that waited violate a constraint.</exception>
    public DuckDbAppender AppendColumns(params ReadOnlySpan<Array> columns)
    {
        var expected = checked((int)NativeMethods.duckdb_appender_column_count(_appender));
        if (columns.Length != expected)
            throw new ArgumentException($"the table has {expected} columns, but {columns.Length} arrays were given", nameof(columns));
        foreach (var column in columns)
        {
            if (column.Length != columns[0].Length)
                throw new ArgumentException($"the arrays differ in length: {columns[0].Length} and {column.Length}", nameof(columns));
        }

        using var chunk = new AppendChunk(columns);
        for (var start = 0; start < columns[0].Length; start += AppendChunk.Capacity)
        {
            chunk.Fill(columns, start);
            Require(NativeMethods.duckdb_append_data_chunk(_appender, chunk.Handle));
        }
        return this;
    }

    /// <summary>Makes the rows that wait part of the table, all or none of them; no more can be added.</summary>
    /// <exception cref="DuckDbException">A row violates a constraint (Constraint), or a row was begun and not ended.</exception>
    public void Close()
    {
        if (_isClosed)
            return;
        Require(NativeMethods.duckdb_appender_close(_appender));
        _isClosed = true;
    }

    /// <summary>Drops the rows that wait, unless <see cref="Close"/> was called.</summary>
    public void Dispose() => _appender.Dispose();

    private DuckDbAppender Require(NativeState state) => state == NativeState.Success ? this : throw Failure();

    private DuckDbException Failure()
    {
        using var error = NativeMethods.duckdb_appender_error_data(_appender);
        return new DuckDbException(NativeMethods.duckdb_error_data_error_type(error), NativeText.Read(NativeMethods.duckdb_error_data_message(error)));
    }
}
