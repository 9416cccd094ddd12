using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>The instants between two ends, each of which belongs to it or not; a null low end is the beginning of time.</summary>
internal readonly record struct TimeInterval(DateTime? Low, bool HasLow, DateTime High, bool HasHigh)
{
    /// <summary>What an aggregate sees at a cutoff, in mode `before` or `at` (the table of section 1, rules 7 to 9).</summary>
    public static TimeInterval Of(OracleWindow? window, DateTime cutoff, bool isBefore) => window switch
    {
        null => new(null, false, cutoff, !isBefore),
        PastWindow past => new(cutoff.Before(past.Ending, past.Length), isBefore, cutoff.Before(past.Ending), !isBefore),
        FutureWindow future => new(cutoff.After(future.After), false, cutoff.After(future.After, future.Length), true),
        _ => throw new InvalidOperationException($"{window.GetType()} is no window"),
    };

    /// <summary>Whether the instant lies inside.</summary>
    public bool Contains(DateTime instant) =>
        (HasHigh ? instant <= High : instant < High)
        && (Low is not { } low || (HasLow ? instant >= low : instant > low));
}
