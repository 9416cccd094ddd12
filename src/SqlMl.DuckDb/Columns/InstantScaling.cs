namespace SqlMl.DuckDb.Columns;

/// <summary>DuckDB's days and instants, all turned into microseconds since 1970-01-01 00:00 UTC, and those into <see cref="DateTime"/>.</summary>
internal static class InstantScaling
{
    /// <summary>DuckDB's <c>'infinity'</c>, in every unit of TIMESTAMP.</summary>
    public const long PositiveInfinity = long.MaxValue;

    /// <summary>DuckDB's <c>'-infinity'</c>, in every unit of TIMESTAMP.</summary>
    public const long NegativeInfinity = -long.MaxValue;

    private const long MicrosecondsPerDay = 86_400_000_000;
    private const long NanosecondsPerTick = 100;

    /// <summary>A DATE at its midnight; its infinities are those of <see cref="int"/>.</summary>
    public static long FromDays(int days) => days switch
    {
        int.MaxValue => PositiveInfinity,
        -int.MaxValue => NegativeInfinity,
        _ => checked(days * MicrosecondsPerDay),
    };

    /// <summary>An instant in the unit of its type; nanoseconds are cut towards the past.</summary>
    public static long FromTimestamp(long value, DuckDbTypeId type) => value is PositiveInfinity or NegativeInfinity
        ? value
        : type switch
        {
            DuckDbTypeId.TimestampSeconds => checked(value * 1_000_000),
            DuckDbTypeId.TimestampMilliseconds => checked(value * 1_000),
            DuckDbTypeId.TimestampNanoseconds => FloorDivide(value, 1_000),
            _ => value,
        };

    /// <summary>The instant with <see cref="DateTimeKind.Utc"/>; the infinities are <see cref="DateTime.MinValue"/> and <see cref="DateTime.MaxValue"/>.</summary>
    /// <exception cref="DuckDbException">The year is not 1 to 9999.</exception>
    public static DateTime ToDateTime(long microseconds)
    {
        if (microseconds is PositiveInfinity or NegativeInfinity)
            return DateTime.SpecifyKind(microseconds > 0 ? DateTime.MaxValue : DateTime.MinValue, DateTimeKind.Utc);
        var ticks = ((Int128)microseconds * TimeSpan.TicksPerMicrosecond) + DateTime.UnixEpoch.Ticks;
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime((long)ticks, DateTimeKind.Utc)
            : throw new DuckDbException(DuckDbErrorType.OutOfRange, $"{microseconds} microseconds since 1970 lie outside the years 1 to 9999 of System.DateTime");
    }

    /// <summary>An instant in TIMESTAMP_NS with the 100 ns of a tick.</summary>
    public static DateTime NanosecondsToDateTime(long nanoseconds) => nanoseconds is PositiveInfinity or NegativeInfinity
        ? ToDateTime(nanoseconds)
        : DateTime.UnixEpoch.AddTicks(FloorDivide(nanoseconds, NanosecondsPerTick));

    /// <summary>The reverse: local times become UTC, a time of no kind is UTC already, the last digit of a tick is cut towards the past.</summary>
    public static long FromDateTime(DateTime instant)
    {
        var utc = instant.Kind == DateTimeKind.Local ? instant.ToUniversalTime() : instant;
        return FloorDivide(utc.Ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond);
    }

    private static long FloorDivide(long value, long divisor)
    {
        var (quotient, remainder) = Math.DivRem(value, divisor);
        return remainder < 0 ? quotient - 1 : quotient;
    }
}
