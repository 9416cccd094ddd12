namespace SqlMl.Learning;

/// <summary>One named column of a <see cref="FeatureTable"/>: numbers, categories or sets. The arrays are not copied and must not change afterwards.</summary>
public abstract class FeatureColumn
{
    private protected FeatureColumn(string name) => Name = name;

    /// <summary>The feature's name, unique within its table (compared ordinally).</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public abstract int RowCount { get; }

    /// <summary>A new column of the rows at these positions, in this order; a position may occur more than once.</summary>
    public abstract FeatureColumn Rows(ReadOnlySpan<int> rows);

    private protected static T[] Take<T>(T[] values, ReadOnlySpan<int> rows)
    {
        var taken = new T[rows.Length];
        for (var i = 0; i < taken.Length; i++)
            taken[i] = values[rows[i]];
        return taken;
    }
}

/// <summary>A numeric feature; NaN and the infinities are missing values.</summary>
public sealed class NumericColumn : FeatureColumn
{
    /// <summary>Wraps <paramref name="values"/>, one a row; a boolean is 0 or 1 (NaN when null) and says so.</summary>
    public NumericColumn(string name, double[] values, bool isBoolean = false)
        : base(name)
    {
        Values = values;
        IsBoolean = isBoolean;
    }

    /// <summary>The values, one a row, NaN where missing.</summary>
    public double[] Values { get; }

    /// <summary>Whether the numbers are truth values (0, 1, NaN).</summary>
    public bool IsBoolean { get; }

    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override FeatureColumn Rows(ReadOnlySpan<int> rows) => new NumericColumn(Name, Take(Values, rows), IsBoolean);
}

/// <summary>A categorical feature; null is missing, the empty string is a value, letter case counts.</summary>
public sealed class CategoryColumn : FeatureColumn
{
    /// <summary>Wraps <paramref name="values"/>, one a row.</summary>
    public CategoryColumn(string name, string?[] values)
        : base(name) => Values = values;

    /// <summary>The values, one a row, null where missing.</summary>
    public string?[] Values { get; }

    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override FeatureColumn Rows(ReadOnlySpan<int> rows) => new CategoryColumn(Name, Take(Values, rows));
}

/// <summary>A feature that holds a set of strings; null is missing, an empty array is a known empty set, repeats count once.</summary>
public sealed class SetColumn : FeatureColumn
{
    /// <summary>Wraps <paramref name="values"/>, one array a row.</summary>
    public SetColumn(string name, string[]?[] values)
        : base(name) => Values = values;

    /// <summary>The sets, one a row, null where missing.</summary>
    public string[]?[] Values { get; }

    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override FeatureColumn Rows(ReadOnlySpan<int> rows) => new SetColumn(Name, Take(Values, rows));
}
