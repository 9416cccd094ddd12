using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>Named feature columns of equal length, in a fixed order: what a model learns from and predicts on. Rows carry no key; the caller keeps their order.</summary>
public sealed class FeatureTable
{
    /// <summary>Makes a table; throws <see cref="ArgumentException"/> when two columns share a name or differ in length. Without columns it has no rows.</summary>
    public FeatureTable(IEnumerable<FeatureColumn> columns)
    {
        Columns = [.. columns];
        RowCount = Columns.IsEmpty ? 0 : Columns[0].RowCount;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in Columns)
        {
            if (!names.Add(column.Name))
                throw new ArgumentException($"two columns are named `{column.Name}`", nameof(columns));
            if (column.RowCount != RowCount)
                throw new ArgumentException($"`{column.Name}` has {column.RowCount} rows, `{Columns[0].Name}` has {RowCount}", nameof(columns));
        }
    }

    /// <summary>The columns, in the order given.</summary>
    public ImmutableArray<FeatureColumn> Columns { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The column of that name (ordinal comparison), or null.</summary>
    public FeatureColumn? Find(string name)
    {
        foreach (var column in Columns)
        {
            if (string.Equals(column.Name, name, StringComparison.Ordinal))
                return column;
        }

        return null;
    }

    /// <summary>A new table of the rows at these positions, in this order; a position may occur more than once.</summary>
    public FeatureTable Rows(ReadOnlySpan<int> rows)
    {
        var columns = new List<FeatureColumn>(Columns.Length);
        foreach (var column in Columns)
            columns.Add(column.Rows(rows));
        return new FeatureTable(columns);
    }

    /// <summary>A new table of <paramref name="count"/> rows from position <paramref name="start"/>.</summary>
    public FeatureTable Slice(int start, int count)
    {
        if (start == 0 && count == RowCount)
            return this;
        var rows = new int[count];
        for (var i = 0; i < count; i++)
            rows[i] = start + i;
        return Rows(rows);
    }
}
