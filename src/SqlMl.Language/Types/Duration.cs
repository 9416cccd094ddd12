using System.Globalization;

namespace SqlMl.Language.Types;

/// <summary>A length of time: exact microseconds, or calendar months that are counted from an instant.</summary>
/// <param name="Microseconds">The exact length; 0 for a calendar length.</param>
/// <param name="Months">Calendar months; 0 for an exact length.</param>
/// <param name="Text">As written: `7 days`.</param>
/// <param name="Suffix">What a window family appends to a name: `7d` (rule 54).</param>
public sealed record Duration(long Microseconds, int Months, string Text, string Suffix)
{
    /// <summary>One day of 86,400 s in microseconds.</summary>
    public const long Day = 86_400_000_000;

    /// <summary>True for months, quarters and years, whose length depends on where they start.</summary>
    public bool IsCalendar => Months != 0;

    /// <summary>A length for comparing two durations: a month counts as 31 days, the longest it can be.</summary>
    public long LongestMicroseconds => Microseconds + (Months * 31L * Day);

    /// <summary>A length that this is never below: a month counts as 28 days, the shortest it can be.</summary>
    public long ShortestMicroseconds => Microseconds + (Months * 28L * Day);

    /// <summary>
    /// The duration of a number of units; null where it is not a whole number of microseconds, a calendar length is not whole,
    /// it is not positive, or it is longer than 10,000 years.
    /// </summary>
    public static Duration? Create(decimal number, string unit)
    {
        var (microseconds, months, suffix) = unit switch
        {
            "second" => (1_000_000L, 0, "s"),
            "minute" => (60_000_000L, 0, "min"),
            "hour" => (3_600_000_000L, 0, "h"),
            "day" => (Day, 0, "d"),
            "week" => (7 * Day, 0, "w"),
            "month" => (0L, 1, "mo"),
            "quarter" => (0L, 3, "q"),
            _ => (0L, 12, "y"),
        };
        if (number is <= 0 or > 400_000_000_000m || number * (microseconds + (months * 31m * Day)) > 3_650_000m * Day) return null;
        if (months > 0 ? number != decimal.Truncate(number) : number * microseconds != decimal.Truncate(number * microseconds)) return null;
        var digits = number.ToString("0.############", CultureInfo.InvariantCulture);
        var text = $"{digits} {unit}{(number == 1 ? "" : "s")}";
        return new Duration((long)(number * microseconds), (int)(number * months), text, digits.Replace('.', '_') + suffix);
    }

    /// <summary>So many times this length; null where that is longer than any duration.</summary>
    public Duration? Times(int count)
    {
        var one = Create(1, UnitOf(this))!;
        var number = IsCalendar ? (decimal)Months / one.Months : (decimal)Microseconds / one.Microseconds;
        return Create(number * count, UnitOf(this));
    }

    /// <summary>This length and then another, in the unit of either; null where no unit of both says it, or it is longer than any duration.</summary>
    public Duration? Plus(Duration other)
    {
        if (IsCalendar != other.IsCalendar) return null;
        foreach (var unit in (ReadOnlySpan<string>)[UnitOf(this), UnitOf(other), IsCalendar ? "month" : "second"])
        {
            var one = Create(1, unit)!;
            var number = IsCalendar ? (decimal)(Months + other.Months) / one.Months : (decimal)(Microseconds + other.Microseconds) / one.Microseconds;
            if (number == decimal.Truncate(number)) return Create(number, unit);
        }
        return null;
    }

    private static string UnitOf(Duration duration) => duration.Text[(duration.Text.IndexOf(' ', StringComparison.Ordinal) + 1)..].TrimEnd('s');
}
