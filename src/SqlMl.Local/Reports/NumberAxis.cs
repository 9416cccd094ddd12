using System.Collections.Immutable;

namespace SqlMl.Local.Reports;

/// <summary>An axis of five equal steps between round numbers.</summary>
internal readonly record struct NumberAxis(double From, double To)
{
    private const int Steps = 5;
    private const int Bins = 20;

    /// <summary>The shortest such axis that holds all values; steps are 1, 2, 2.5, 4 or 5 times a power of ten, and more where rounding outwards asks for it.</summary>
    public static NumberAxis Around(IEnumerable<double> values)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high) return new NumberAxis(0, 1);
        if (low == high) (low, high) = (low - (Math.Abs(low) / 2) - 0.5, high + (Math.Abs(high) / 2) + 0.5);
        for (var power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / Steps))); ; power *= 10)
        {
            foreach (var factor in (ReadOnlySpan<double>)[1, 2, 2.5, 4, 5])
            {
                var step = power * factor;
                var from = Math.Floor(low / step) * step;
                if (from + (Steps * step) >= high) return new NumberAxis(from, from + (Steps * step));
            }
        }
    }

    /// <summary>How many values fall in each of twenty equal ranges of an axis around all of them, or, where a share is left out at each end, around the others; those count in the outermost ranges.</summary>
    public static ImmutableArray<CountBin> CountByBin(double[] values, double leaveOut = 0)
    {
        var sorted = values.Order().ToArray();
        var outside = (int)(sorted.Length * leaveOut);
        var axis = Around(sorted.AsSpan(outside, sorted.Length - (2 * outside)).ToArray());
        var counts = new int[Bins];
        foreach (var value in values) counts[Math.Clamp((int)Math.Floor((value - axis.From) / (axis.To - axis.From) * Bins), 0, Bins - 1)]++;
        return [.. counts.Select((count, bin) => new CountBin(axis.At(bin), axis.At(bin + 1), count))];
    }

    /// <summary>The least of 5, 10, 20, 25, 50, 100... that is not below the count: an axis of five whole steps.</summary>
    public static double NiceCount(int count)
    {
        for (var power = 5L; ; power *= 10)
        {
            foreach (var factor in (ReadOnlySpan<long>)[1, 2, 3, 4, 5, 6, 8])
            {
                if (power * factor >= count) return power * factor;
            }
        }
    }

    private double At(int bin) => From + ((To - From) * bin / Bins);
}
