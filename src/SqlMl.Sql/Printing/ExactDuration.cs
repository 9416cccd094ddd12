namespace SqlMl.Sql;

/// <summary>A length of time as a whole number of the largest unit that needs no fraction: 90 minutes, not 1.5 hours.</summary>
/// <param name="Count">How many; negative for a negative length.</param>
/// <param name="Unit">`day`, `hour`, `minute`, `second`, `millisecond` or `microsecond`.</param>
internal readonly record struct ExactDuration(decimal Count, string Unit)
{
    public const long Minute = 60_000_000;

    private static readonly LengthOfUnit[] Units =
    [
        new(24 * 60 * Minute, "day"), new(60 * Minute, "hour"), new(Minute, "minute"), new(1_000_000, "second"), new(1_000, "millisecond"),
        new(1, "microsecond"),
    ];

    public static ExactDuration FromMicroseconds(long microseconds)
    {
        var largest = Array.Find(Units, unit => microseconds % unit.Microseconds == 0)!;
        return new ExactDuration((decimal)microseconds / largest.Microseconds, largest.Name);
    }

    private sealed record LengthOfUnit(long Microseconds, string Name);
}
