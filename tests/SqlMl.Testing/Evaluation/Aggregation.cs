using System.Numerics;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>The aggregates over a list of rows, straight from rules 31 to 37.</summary>
internal static class Aggregation
{
    private const int SumDigits = 9;

    /// <summary>The aggregate's value over the rows that are in its window and satisfy its `where`.</summary>
    /// <param name="aggregate">The aggregate.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="moment">When they are read.</param>
    /// <param name="source">Whose rows; null for members, which have no order in time.</param>
    public static object? Compute(AggregateExpression aggregate, IReadOnlyList<KnownRow> rows, Moment moment, KnownSource? source)
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
            AggregateKind.Median => Quantile(values, 0.5m),
            AggregateKind.Quantile => Quantile(values, aggregate.Parameter!.Value),
            AggregateKind.Mode => ByFrequency(values).FirstOrDefault(),
            AggregateKind.TopValues => values.Count == 0 ? null : ByFrequency(values).Take((int)aggregate.Parameter!.Value).ToArray(),
            AggregateKind.Entropy => Entropy(values),
            AggregateKind.Share => rows.Count == 0 ? null : (double)values.Count(value => value is true) / rows.Count,
            AggregateKind.Trend => Trend(
                [.. rows.Select(row => (row.Time, Value: Value(row, aggregate.Column, moment))).Where(point => point.Value is not null)]),
            AggregateKind.LongestGap => LongestGap(rows),
            AggregateKind.ActiveDays => (double)rows.Select(row => LocalClock.Day(row.Time, source!.Zone)).Distinct().Count(),
            _ => throw new InvalidOperationException($"{aggregate.Kind} is no aggregate"),
        };

        // Rule 34: of several extreme rows those that `order by` puts first or last, and of these the smallest or largest value that is not null.
        object? AtExtreme(Func<KnownRow, object?> by, bool takesLargest)
        {
            var tied = Extremes(rows, by, takesLargest, moment, source);
            return Extreme([.. tied.Select(row => Value(row, aggregate.Column, moment)).OfType<object>()], takesLargest);
        }
    }

    /// <summary>The last rows, of those of one instant the last by `order by`.</summary>
    public static IReadOnlyList<KnownRow> Last(IReadOnlyList<KnownRow> rows, Moment moment, KnownSource source) => Extremes(rows, row => row.Time, takesLargest: true, moment, source);

    private static List<KnownRow> Extremes(IReadOnlyList<KnownRow> rows, Func<KnownRow, object?> by, bool takesLargest, Moment moment, KnownSource? source)
    {
        var tied = Extreme(rows, by, takesLargest);
        return source?.OrderBy is { } orderBy && Extreme(tied, row => row.Value(orderBy, moment), takesLargest) is { Count: > 0 } ordered ? ordered : tied;
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

    /// <summary>Of the values in order, numbered from 0 to n - 1, the one at p (n - 1): between two of them, on the line from one to the other.</summary>
    private static object? Quantile(List<object> values, decimal p)
    {
        if (values.Count == 0) return null;
        var sorted = values.ConvertAll(value => (double)value);
        sorted.Sort();
        var position = p * (sorted.Count - 1);
        var below = (int)decimal.Floor(position);
        var above = (int)decimal.Ceiling(position);
        return sorted[below] + (sorted[above] - sorted[below]) * (double)(position - below);
    }

    /// <summary>The different values, the most frequent first, of equally frequent ones the smallest (rule 35).</summary>
    private static IEnumerable<object> ByFrequency(List<object> values) => values
        .GroupBy(value => value)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, Comparer<object>.Create(Values.Order))
        .Select(group => group.Key);

    private static object? Entropy(List<object> values)
    {
        if (values.Count == 0) return null;
        var shares = values.GroupBy(value => value).Select(group => (double)group.Count() / values.Count);
        return shares.Sum(share => share * Math.Log2(1 / share));
    }

    /// <summary>Exact up to the last division: instants are whole ticks, and values whole billionths.</summary>
    private static object? Trend(List<(DateTime Time, object? Value)> points)
    {
        var times = points.ConvertAll(point => (BigInteger)point.Time.Ticks);
        var values = points.ConvertAll(point => (BigInteger)(Math.Round((decimal)(double)point.Value!, SumDigits) * 1_000_000_000m));
        var spread = Spread(times, times);
        return spread.IsZero ? null : (double)(Spread(times, values) * TimeSpan.TicksPerDay) / (double)(spread * 1_000_000_000);
    }

    private static BigInteger Spread(List<BigInteger> left, List<BigInteger> right) =>
        left.Count * Total(left.Zip(right, (a, b) => a * b)) - Total(left) * Total(right);

    private static BigInteger Total(IEnumerable<BigInteger> numbers) => numbers.Aggregate(BigInteger.Zero, (sum, number) => sum + number);

    private static object? LongestGap(IReadOnlyList<KnownRow> rows)
    {
        if (rows.Count < 2) return null;
        var times = rows.Select(row => row.Time).Order().ToList();
        return (double)times.Zip(times.Skip(1), (earlier, later) => later - earlier).Max().Ticks / TimeSpan.TicksPerDay;
    }
}
