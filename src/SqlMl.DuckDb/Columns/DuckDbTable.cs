using System.Collections.Immutable;

namespace SqlMl.DuckDb;

/// <summary>A whole result in memory by column, each in the buffer of its type; a result without rows has its columns all the same.</summary>
public sealed class DuckDbTable
{
    internal DuckDbTable(ImmutableArray<DuckDbColumn> columns, ImmutableArray<DuckDbColumnBuffer> buffers, int rowCount)
    {
        Columns = columns;
        Buffers = buffers;
        RowCount = rowCount;
    }

    /// <summary>The result's columns in order.</summary>
    public ImmutableArray<DuckDbColumn> Columns { get; }

    /// <summary>The data, in the order of <see cref="Columns"/>.</summary>
    public ImmutableArray<DuckDbColumnBuffer> Buffers { get; }

    /// <summary>The rows of each column.</summary>
    public int RowCount { get; }

    /// <summary>A numeric or BOOLEAN column; NULL is NaN.</summary>
    /// <param name="column">Its name, exactly as the result spells it; of several the first.</param>
    /// <exception cref="ArgumentException">There is no such column, or it holds something else.</exception>
    public double[] Numbers(string column) => Find<DuckDbNumberBuffer<double>>(column).ToArray();

    /// <summary>A VARCHAR or ENUM column; NULL is <see langword="null"/>.</summary>
    /// <inheritdoc cref="Numbers" path="/param"/>
    /// <inheritdoc cref="Numbers" path="/exception"/>
    public string?[] Texts(string column) => Find<DuckDbTextBuffer>(column).ToArray();

    /// <summary>A column of lists of VARCHAR or ENUM; a NULL list is <see langword="null"/>, and so is a NULL in a list.</summary>
    /// <inheritdoc cref="Numbers" path="/param"/>
    /// <inheritdoc cref="Numbers" path="/exception"/>
    public string?[]?[] TextLists(string column) => Find<DuckDbTextListBuffer>(column).ToArray();

    /// <summary>A DATE or TIMESTAMP column, in microseconds since 1970 UTC, that knows its NULLs.</summary>
    /// <inheritdoc cref="Numbers" path="/param"/>
    /// <inheritdoc cref="Numbers" path="/exception"/>
    public DuckDbTimestampBuffer Timestamps(string column) => Find<DuckDbTimestampBuffer>(column);

    private TBuffer Find<TBuffer>(string column)
        where TBuffer : DuckDbColumnBuffer
    {
        for (var index = 0; index < Columns.Length; index++)
        {
            if (Columns[index].Name == column)
                return Buffers[index] as TBuffer ?? throw new ArgumentException($"column `{column}` is {Columns[index].Type}", nameof(column));
        }
        var names = string.Join(", ", Columns.Select(known => $"`{known.Name}`"));
        throw new ArgumentException($"the result has no column `{column}`; it has {names}", nameof(column));
    }
}
