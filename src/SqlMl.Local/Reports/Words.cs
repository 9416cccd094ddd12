using System.Globalization;

namespace SqlMl.Local.Reports;

/// <summary>Numbers and instants as people read them; the same in the report and on the terminal.</summary>
public static class Words
{
    /// <summary>A count with its noun, `1 row`, `2,310 rows`.</summary>
    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : $"{Number(count)} {Plural(noun)}";

    /// <summary>A whole number with thousands separated: `12,310`.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage with one digit after the point, `10.8 %`; `n/a` for NaN.</summary>
    public static string Percent(double share) =>
        double.IsNaN(share) ? "n/a" : (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A metric with three digits after the point; `n/a` for NaN.</summary>
    public static string Metric(double value) => double.IsNaN(value) ? "n/a" : value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A number of the label's own unit, to about four digits: `12,310`, `48.3`, `0.0312`; `n/a` for NaN.</summary>
    public static string Value(double value) => Math.Abs(value) switch
    {
        double.NaN => "n/a",
        0 => "0",
        >= 1e15 or < 1e-6 => value.ToString("0.00e0", CultureInfo.InvariantCulture),
        >= 1000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        var small => Math.Round(value, Math.Min(15, 3 - (int)Math.Floor(Math.Log10(small)))).ToString("0.##########", CultureInfo.InvariantCulture),
    };

    /// <summary>An instant in UTC to the second, with fractions where it has them: `2025-05-13 03:03:32.889`; `none` for null.</summary>
    public static string Instant(DateTime? instant) =>
        instant?.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) ?? "none";

    /// <summary>A length of time in the coarsest fitting unit: `640 ms`, `3.2 s`, `4 min 10 s`.</summary>
    public static string Elapsed(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => $"{time.TotalMilliseconds:0} ms",
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        _ => $"{(int)time.TotalMinutes} min {time.Seconds} s",
    };

    private static string Plural(string noun) => noun.EndsWith('y') && !noun.EndsWith("ay", StringComparison.Ordinal) ? noun[..^1] + "ies" : noun + "s";
}
