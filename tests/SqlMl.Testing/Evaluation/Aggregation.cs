using System.Numerics;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>The aggregates over a list of rows, straight from rules 31 to 37.</summary>
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
            AggregateKind.Median => Quantile(values, 0.5m),
            AggregateKind.Quantile => Quantile(values, aggregate.Parameter!.Value),
            AggregateKind.Mode => ByFrequency(values).FirstOrDefault(),
            AggregateKind.TopValues => values.Count == 0 ? null : ByFrequency(values).Take((int)aggregate.Parameter!.Value).ToArray(),
            AggregateKind.Entropy => Entropy(values),
            AggregateKind.Share => rows.Count == 0 ? null : (double)values.Count(value => value is true) / rows.Count,
            AggregateKind.Trend => Trend(rows.Where(row => row.Values[aggregate.Column!] is not null).Select(row => (row.Time, (double)row.Values[aggregate.Column!]!)).ToList()),
            AggregateKind.LongestGap => LongestGap(rows),
            AggregateKind.ActiveDays => (double)rows.Select(row => row.Time.Date).Distinct().Count(),
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
    private static object? Trend(List<(DateTime Time, double Value)> points)
    {
        var times = points.ConvertAll(point => (BigInteger)point.Time.Ticks);
        var values = points.ConvertAll(point => (BigInteger)(Math.Round((decimal)point.Value, SumDigits) * 1_000_000_000m));
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
