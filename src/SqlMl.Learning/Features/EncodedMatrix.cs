namespace SqlMl.Learning;

/// <summary>The numbers a trainer sees: one array of doubles an encoded column, NaN where missing, magnitudes at most 1e38.</summary>
internal sealed class EncodedMatrix(int rowCount, double[][] columns)
{
    public int RowCount { get; } = rowCount;

    public int ColumnCount => Columns.Length;

    /// <summary>Column-major values; a numeric feature's array may be the table's own and is only read.</summary>
    public double[][] Columns { get; } = columns;
}
