using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>Arithmetic of instants and durations: exact lengths, and calendar steps that clamp to the month's last day (rule 9).</summary>
internal static class Calendar
{
    /// <summary>The instant <paramref name="duration"/> after <paramref name="instant"/>; the instant itself where there is no duration.</summary>
    public static DateTime After(this DateTime instant, OracleDuration? duration) => instant.Shift(duration, 1);

    /// <summary>The instant <paramref name="duration"/> before <paramref name="instant"/>.</summary>
    public static DateTime Before(this DateTime instant, OracleDuration? duration) => instant.Shift(duration, -1);

    /// <summary>Forward by one duration and then another; calendar steps are counted from the instant, never from one another.</summary>
    public static DateTime After(this DateTime instant, OracleDuration? first, OracleDuration second) => instant.Shift(first, second, 1);

    /// <summary>Back by one duration and then another; calendar steps are counted from the instant, never from one another.</summary>
    public static DateTime Before(this DateTime instant, OracleDuration? first, OracleDuration second) => instant.Shift(first, second, -1);

    /// <summary>The instant <paramref name="times"/> steps from <paramref name="instant"/>; calendar steps are counted from it (rule 23).</summary>
    public static DateTime Shift(this DateTime instant, OracleDuration? step, int times) => step switch
    {
        null => instant,
        { IsCalendar: true } => instant.AddMonths(step.Months * times),
        _ => instant + step.Exact * times,
    };

    /// <summary>Microseconds since 1970 began.</summary>
    public static long Microseconds(this DateTime instant) => (instant.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static DateTime Shift(this DateTime instant, OracleDuration? first, OracleDuration second, int times) =>
        first is { IsCalendar: true } && second.IsCalendar
            ? instant.AddMonths((first.Months + second.Months) * times)
            : instant.Shift(first, times).Shift(second, times);
}
