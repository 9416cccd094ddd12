namespace SqlMl.Language.Types;

/// <summary>
/// The stretch of time that an expression reads, relative to the cutoff `t`. It is part of an expression's type:
/// features must end at the cutoff, labels must reach beyond it.
/// </summary>
/// <param name="ReadsRows">False for constants and the cutoff itself, which read nothing.</param>
/// <param name="Start">How it begins, in words a diagram can use: `-∞`, `t - 7 days`, `t`.</param>
/// <param name="End">How it ends: `t`, `t - 7 days`, `t + 30 days`.</param>
/// <param name="StartMicroseconds">Where it begins relative to the cutoff (a month as 31 days); the smallest value for `-∞`.</param>
/// <param name="ReachMicroseconds">Where it ends relative to the cutoff (a month as 31 days); 0 or less where it ends at or before it.</param>
public sealed record TimeInterval(bool ReadsRows, string Start, string End, long StartMicroseconds, long ReachMicroseconds)
{
    /// <summary>Reads no rows at all.</summary>
    public static TimeInterval None { get; } = new(false, "t", "t", 0, 0);

    /// <summary>Reads everything up to the cutoff.</summary>
    public static TimeInterval Past { get; } = new(true, "-∞", "t", long.MinValue, 0);

    /// <summary>True when rows after the cutoff are read.</summary>
    public bool ReadsFuture => ReadsRows && ReachMicroseconds > 0;

    /// <summary>The interval that covers both.</summary>
    public TimeInterval Union(TimeInterval other)
    {
        if (!ReadsRows) return other;
        if (!other.ReadsRows) return this;
        var earlier = other.StartMicroseconds < StartMicroseconds ? other : this;
        var later = other.ReachMicroseconds > ReachMicroseconds ? other : this;
        return new TimeInterval(true, earlier.Start, later.End, earlier.StartMicroseconds, later.ReachMicroseconds);
    }

    /// <summary>The interval as seen from a cutoff that is later by a length.</summary>
    public TimeInterval MovedBy(Duration later)
    {
        if (!ReadsRows) return this;
        var start = StartMicroseconds == long.MinValue ? long.MinValue : StartMicroseconds + later.LongestMicroseconds;
        return new TimeInterval(true, Moved(Start, later), Moved(End, later), start, ReachMicroseconds + later.LongestMicroseconds);
    }

    private static string Moved(string place, Duration later) =>
        place.StartsWith('t') ? $"t + {later.Text}{place[1..]}" : place;

    /// <summary>The interval as text: `(t - 7 days, t]`, or `no rows`.</summary>
    public override string ToString() => ReadsRows ? $"({Start}, {End}]" : "no rows";
}
