using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>The aggregates over a list of rows, straight from rules 31 to 36.</summary>
internal static class Aggregation
{
    private const int SumDigits = 9;

    /// <summary>The aggregate's value over the rows that are in its window and satisfy its `where`.</summary>
    public static object? Compute(AggregateExpression aggregate, IReadOnlyList<KnownRow> rows)
    {
        var values = rows.Select(row => Value(row, aggregate.Column)).Where(value => value is not null).Select(value => value!).ToList();
        return aggregate.Kind switch
        {
            AggregateKind.Count => (double)(aggregate.Column is null ? rows.Count : values.Count),
            AggregateKind.CountDistinct => (double)values.Distinct().Count(),
            AggregateKind.Exists => rows.Count > 0,
            AggregateKind.Sum => (double)Sum(values),
            AggregateKind.Avg => values.Count == 0 ? null : (double)Sum(values) / values.Count,
            AggregateKind.Min => Smallest(values),
            AggregateKind.Max => Largest(values),
            AggregateKind.First => AtExtreme(rows, aggregate.Column, row => row.Time, takesLargest: false),
            AggregateKind.Last => AtExtreme(rows, aggregate.Column, row => row.Time, takesLargest: true),
            AggregateKind.MinBy => AtExtreme(rows, aggregate.Column, row => row.Values[aggregate.By!], takesLargest: false),
            AggregateKind.MaxBy => AtExtreme(rows, aggregate.Column, row => row.Values[aggregate.By!], takesLargest: true),
            AggregateKind.Stddev => SampleDeviation(values),
            AggregateKind.Median => Median(values),
            _ => throw new InvalidOperationException($"{aggregate.Kind} is no aggregate"),
        };
    }

    private static object? Value(KnownRow row, string? column) => column is null ? row.Time : row.Values[column];

    /// <summary>Exact: doubles as they are written, to nine decimals.</summary>
    private static decimal Sum(List<object> values) => values.Sum(value => Math.Round((decimal)(double)value, SumDigits));

    private static object? Smallest(List<object> values) => values.Count == 0 ? null : values.Aggregate((a, b) => Values.Order(b, a) < 0 ? b : a);

    private static object? Largest(List<object> values) => values.Count == 0 ? null : values.Aggregate((a, b) => Values.Order(b, a) > 0 ? b : a);

    /// <summary>
    /// The column's value in the row where <paramref name="by"/> is extreme, null or not; rows without <paramref name="by"/> are skipped.
    /// Of several such rows the smallest or largest value that is not null (rule 34).
    /// </summary>
    private static object? AtExtreme(IReadOnlyList<KnownRow> rows, string? column, Func<KnownRow, object?> by, bool takesLargest)
    {
        var candidates = rows.Where(row => by(row) is not null).ToList();
        var keys = candidates.ConvertAll(row => by(row)!);
        var extreme = takesLargest ? Largest(keys) : Smallest(keys);
        if (extreme is null) return null;

        var tied = candidates.Where(row => Values.Order(by(row)!, extreme) == 0)
            .Select(row => Value(row, column)).Where(value => value is not null).Select(value => value!).ToList();
        return takesLargest ? Largest(tied) : Smallest(tied);
    }

    private static object? SampleDeviation(List<object> values)
    {
        if (values.Count < 2) return null;
        var mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Sum(value => Math.Pow((double)value - mean, 2)) / (values.Count - 1));
    }

    private static object? Median(List<object> values)
    {
        if (values.Count == 0) return null;
        var sorted = values.ConvertAll(value => (double)value);
        sorted.Sort();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
