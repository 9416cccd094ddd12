using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>The aggregates over a list of rows, straight from rules 31 to 36.</summary>
internal static class Aggregation
{
    private const int SumDigits = 9;

    /// <summary>The aggregate's value over the rows that are in its window and satisfy its `where`.</summary>
    /// <param name="aggregate">The aggregate.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="moment">When they are read.</param>
    /// <param name="orderBy">The source's column that orders rows of one instant; null without one.</param>
    public static object? Compute(AggregateExpression aggregate, IReadOnlyList<KnownRow> rows, Moment moment, string? orderBy)
    {
        var values = rows.Select(row => Value(row, aggregate.Column, moment)).Where(value => value is not null).Select(value => value!).ToList();
        return aggregate.Kind switch
        {
            AggregateKind.Count => (double)(aggregate.Column is null ? rows.Count : values.Count),
            AggregateKind.CountDistinct => (double)values.Distinct().Count(),
            AggregateKind.Exists => rows.Count > 0,
            AggregateKind.Sum => (double)Sum(values),
            AggregateKind.Avg => values.Count == 0 ? null : (double)Sum(values) / values.Count,
            AggregateKind.Min => Extreme(values, takesLargest: false),
            AggregateKind.Max => Extreme(values, takesLargest: true),
            AggregateKind.First => AtExtreme(row => row.Time, takesLargest: false),
            AggregateKind.Last => AtExtreme(row => row.Time, takesLargest: true),
            AggregateKind.MinBy => AtExtreme(row => row.Value(aggregate.By!, moment), takesLargest: false),
            AggregateKind.MaxBy => AtExtreme(row => row.Value(aggregate.By!, moment), takesLargest: true),
            AggregateKind.Stddev => SampleDeviation(values),
            AggregateKind.Median => Median(values),
            _ => throw new InvalidOperationException($"{aggregate.Kind} is no aggregate"),
        };

        // Rule 34: of several extreme rows those that `order by` puts first or last, and of these the smallest or largest value that is not null.
        object? AtExtreme(Func<KnownRow, object?> by, bool takesLargest)
        {
            var tied = Extreme(rows, by, takesLargest);
            if (orderBy is not null && Extreme(tied, row => row.Value(orderBy, moment), takesLargest) is { Count: > 0 } ordered) tied = ordered;
            return Extreme([.. tied.Select(row => Value(row, aggregate.Column, moment)).OfType<object>()], takesLargest);
        }
    }

    private static object? Value(KnownRow row, string? column, Moment moment) => column is null ? row.Time : row.Value(column, moment);

    /// <summary>Exact: doubles as they are written, to nine decimals.</summary>
    private static decimal Sum(List<object> values) => values.Sum(value => Math.Round((decimal)(double)value, SumDigits));

    private static object? Extreme(List<object> values, bool takesLargest) => values.Count == 0
        ? null
        : values.Aggregate((a, b) => (takesLargest ? Values.Order(b, a) > 0 : Values.Order(b, a) < 0) ? b : a);

    /// <summary>The rows where <paramref name="by"/> is extreme; those without it are skipped.</summary>
    private static List<KnownRow> Extreme(IReadOnlyList<KnownRow> rows, Func<KnownRow, object?> by, bool takesLargest)
    {
        var keyed = rows.Select(row => (Row: row, By: by(row))).Where(pair => pair.By is not null).ToList();
        var extreme = Extreme(keyed.ConvertAll(pair => pair.By!), takesLargest);
        return [.. keyed.Where(pair => Values.Order(pair.By!, extreme!) == 0).Select(pair => pair.Row)];
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
