namespace SqlMl.Sql;

/// <summary>A length of time as a whole number of the largest unit that needs no fraction: 90 minutes, not 1.5 hours.</summary>
/// <param name="Count">How many; negative for a negative length.</param>
/// <param name="Unit">`day`, `hour`, `minute`, `second`, `millisecond` or `microsecond`.</param>
internal readonly record struct ExactDuration(decimal Count, string Unit)
{
    public const long Minute = 60_000_000;

    private static readonly (long Length, string Unit)[] Units =
    [
        (24 * 60 * Minute, "day"), (60 * Minute, "hour"), (Minute, "minute"), (1_000_000, "second"), (1_000, "millisecond"),
        (1, "microsecond"),
    ];

    public static ExactDuration FromMicroseconds(long microseconds)
    {
        var (length, unit) = Units.First(candidate => microseconds % candidate.Length == 0);
        return new ExactDuration((decimal)microseconds / length, unit);
    }
}
