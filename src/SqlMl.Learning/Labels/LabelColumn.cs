using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>The labels of a table's rows, in order, none of them missing; their kind says what there is to learn. The arrays are not copied and must not change afterwards.</summary>
public abstract class LabelColumn
{
    private protected LabelColumn()
    {
    }

    /// <summary>What there is to learn.</summary>
    public abstract LearningTask Task { get; }

    /// <summary>The number of rows.</summary>
    public abstract int RowCount { get; }

    /// <summary>Truth values as labels.</summary>
    public static implicit operator LabelColumn(bool[] values) => new BooleanLabels(values);

    /// <summary>The labels of the rows at these positions, in this order.</summary>
    public abstract LabelColumn Rows(ReadOnlySpan<int> rows);

    private protected static T[] Take<T>(T[] values, ReadOnlySpan<int> rows)
    {
        var taken = new T[rows.Length];
        for (var i = 0; i < taken.Length; i++)
            taken[i] = values[rows[i]];
        return taken;
    }
}

/// <summary>Labels that are true or false.</summary>
public sealed class BooleanLabels(bool[] values) : LabelColumn
{
    /// <summary>The labels.</summary>
    public bool[] Values { get; } = values;

    /// <inheritdoc/>
    public override LearningTask Task => LearningTask.BinaryClassification;

    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override LabelColumn Rows(ReadOnlySpan<int> rows) => new BooleanLabels(Take(Values, rows));
}

/// <summary>Labels that are numbers, all finite.</summary>
public sealed class NumberLabels(double[] values) : LabelColumn
{
    /// <summary>The labels.</summary>
    public double[] Values { get; } = values;

    /// <inheritdoc/>
    public override LearningTask Task => LearningTask.Regression;

    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override LabelColumn Rows(ReadOnlySpan<int> rows) => new NumberLabels(Take(Values, rows));
}

/// <summary>Labels that are one class of several; the empty string is a class, and letter case counts.</summary>
public sealed class ClassLabels(string[] values) : LabelColumn
{
    /// <summary>The labels.</summary>
    public string[] Values { get; } = values;

    /// <inheritdoc/>
    public override LearningTask Task => LearningTask.MultiClassClassification;

    /// <inheritdoc/>
    public override int RowCount => Values.Length;

    /// <inheritdoc/>
    public override LabelColumn Rows(ReadOnlySpan<int> rows) => new ClassLabels(Take(Values, rows));
}
