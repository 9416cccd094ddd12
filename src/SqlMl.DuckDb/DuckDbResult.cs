using System.Collections.Immutable;
using SqlMl.DuckDb.Columns;
using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb;

/// <summary>
/// The rows of one statement, read once from first to last while DuckDB still computes them. They end, with an exception and never
/// silently, when the connection starts another statement, is disposed, or the query's token is cancelled.
/// </summary>
public sealed class DuckDbResult : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly ResultHandle _result;
    private readonly string _sql;
    private readonly CancellationToken _cancellation;
    private bool _isFinished;

    internal DuckDbResult(DuckDbConnection connection, ResultHandle result, string sql, CancellationToken cancellation)
    {
        _connection = connection;
        _result = result;
        _sql = sql;
        _cancellation = cancellation;
        Columns = TakeColumns(ref result.Value);
    }

    /// <summary>The columns in order; a statement that returns no rows, as CREATE does, may still have one.</summary>
    public ImmutableArray<DuckDbColumn> Columns { get; }

    /// <summary>Reads the rows that are left into <paramref name="buffers"/>, one a column in order; a <see langword="null"/> passes its column over.</summary>
    /// <param name="buffers">As many as there are columns; they keep what they already hold.</param>
    /// <returns>The rows read now.</returns>
    /// <exception cref="ArgumentException">The number of buffers differs from that of columns, or one does not take its column's type.</exception>
    /// <exception cref="DuckDbException">The query failed on the way; the buffers hold the rows up to there.</exception>
    /// <exception cref="OperationCanceledException">The query's token was cancelled.</exception>
    public int ReadInto(params ReadOnlySpan<DuckDbColumnBuffer?> buffers)
    {
        if (buffers.Length != Columns.Length)
            throw new ArgumentException($"the result has {Columns.Length} columns, but {buffers.Length} buffers were given", nameof(buffers));
        for (var column = 0; column < buffers.Length; column++)
        {
            if (buffers[column] is { } buffer && !buffer.Accepts(Columns[column].Type))
                throw new ArgumentException($"column `{Columns[column].Name}` is {Columns[column].Type}, but its buffer takes {buffer.Takes}", nameof(buffers));
        }

        var read = 0;
        while (NextChunk() is { } chunk)
        {
            using (chunk)
            {
                var rows = checked((int)NativeMethods.duckdb_data_chunk_get_size(chunk));
                for (var column = 0; column < buffers.Length; column++)
                    buffers[column]?.Append(Vector(chunk, column), rows);
                read = checked(read + rows);
            }
        }
        return read;
    }

    /// <summary>Reads the rows that are left by column: numbers and BOOLEAN as <see cref="double"/>, texts, lists of texts, days and instants.</summary>
    /// <exception cref="DuckDbException">A column is of another type, or the query failed on the way.</exception>
    /// <exception cref="OperationCanceledException">The query's token was cancelled.</exception>
    public DuckDbTable ReadColumns()
    {
        var buffers = Columns.Select(NaturalBuffer).ToImmutableArray();
        var rows = ReadInto(buffers.AsSpan());
        return new DuckDbTable(Columns, buffers, rows);
    }

    /// <summary>
    /// Reads the rows that are left, for small results. NULL is <see langword="null"/>; signed integers and unsigned ones up to 32 bits are
    /// <see cref="long"/>, UBIGINT <see cref="ulong"/>, HUGEINT <see cref="Int128"/>, UHUGEINT <see cref="UInt128"/>; FLOAT and DOUBLE
    /// <see cref="double"/>; DECIMAL <see cref="decimal"/>; VARCHAR and ENUM <see cref="string"/>; DATE and TIMESTAMP of every kind
    /// <see cref="DateTime"/> in UTC, with <c>'infinity'</c> as its greatest value; TIME <see cref="TimeSpan"/>; INTERVAL
    /// <see cref="DuckDbInterval"/>; UUID <see cref="Guid"/>; BLOB <see cref="byte"/>[]; LIST and ARRAY <see cref="object"/>[] of these.
    /// </summary>
    /// <exception cref="DuckDbException">A column is of another type, a value exceeds its .NET type, or the query failed on the way.</exception>
    /// <exception cref="OperationCanceledException">The query's token was cancelled.</exception>
    public IReadOnlyList<object?[]> ReadRows()
    {
        foreach (var column in Columns)
            RowValue.Require(column);

        var result = new List<object?[]>();
        while (NextChunk() is { } chunk)
        {
            using (chunk)
                AddRows(chunk, result);
        }
        return result;
    }

    /// <summary>Releases what DuckDB holds for the result, read to its end or not.</summary>
    public void Dispose()
    {
        _isFinished = true;
        _result.Dispose();
    }

    private static ImmutableArray<DuckDbColumn> TakeColumns(ref NativeResult result)
    {
        var columns = new DuckDbColumn[NativeMethods.duckdb_column_count(ref result)];
        for (var index = 0; index < columns.Length; index++)
        {
            columns[index] = new DuckDbColumn(
                NativeText.Read(NativeMethods.duckdb_column_name(ref result, (ulong)index)),
                DuckDbType.Take(NativeMethods.duckdb_column_logical_type(ref result, (ulong)index)));
        }
        return ImmutableArray.Create(columns);
    }

    private static DuckDbColumnBuffer NaturalBuffer(DuckDbColumn column) => column.Type switch
    {
        { IsNumber: true } => new DuckDbNumberBuffer<double>(),
        { IsText: true } => new DuckDbTextBuffer(),
        { IsTimestamp: true } => new DuckDbTimestampBuffer(),
        { IsTextList: true } => new DuckDbTextListBuffer(),
        _ => throw RowValue.Unreadable(column, "by column"),
    };

    private ColumnVector Vector(DataChunkHandle chunk, int column) =>
        new(NativeMethods.duckdb_data_chunk_get_vector(chunk, (ulong)column), Columns[column].Type);

    private void AddRows(DataChunkHandle chunk, List<object?[]> result)
    {
        var first = result.Count;
        var rows = checked((int)NativeMethods.duckdb_data_chunk_get_size(chunk));
        for (var row = 0; row < rows; row++)
            result.Add(new object?[Columns.Length]);
        for (var column = 0; column < Columns.Length; column++)
        {
            var vector = Vector(chunk, column);
            for (var row = 0; row < rows; row++)
                result[first + row][column] = RowValue.Read(vector, row);
        }
    }

    /// <summary>The next chunk, for the caller to dispose; <see langword="null"/> after the last.</summary>
    private DataChunkHandle? NextChunk()
    {
        ObjectDisposedException.ThrowIf(_result.IsClosed, this);
        if (_isFinished)
            return null;
        // DuckDB ends the older of two streams without a word, which would look like its last row.
        _connection.RequireCurrent(_result);
        _cancellation.ThrowIfCancellationRequested();

        DataChunkHandle chunk;
        using (_connection.InterruptOn(_cancellation))
            chunk = NativeMethods.duckdb_fetch_chunk(_result.Value);
        if (!chunk.IsInvalid)
            return chunk;

        chunk.Dispose();
        _isFinished = true;
        var error = NativeText.Read(NativeMethods.duckdb_result_error(ref _result.Value));
        if (error.Length > 0)
            throw DuckDbConnection.Failure(new DuckDbException(NativeMethods.duckdb_result_error_type(ref _result.Value), error, _sql), _cancellation);
        return null;
    }
}
