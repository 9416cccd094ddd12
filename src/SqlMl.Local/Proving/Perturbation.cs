using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Compiler;

namespace SqlMl.Local.Proving;

/// <summary>Which rows a perturbation takes.</summary>
internal enum Target
{
    /// <summary>What was not known yet at the instant: rows that happened or were known later, columns written later, ends of states that were still to come.</summary>
    Unknown,

    /// <summary>Rows that happened after it, and columns that were written after it.</summary>
    Later,

    /// <summary>Rows that happened after it, whatever was written when.</summary>
    LaterRows,

    /// <summary>Rows that happened by it, states that ended by it.</summary>
    Earlier,

    /// <summary>Rows that happened after it, and by <see cref="Perturbation.Until"/>.</summary>
    Between,
}

/// <summary>What is done to them.</summary>
internal enum Way
{
    /// <summary>Values change; the times of every second row move to the instant that is just out of sight.</summary>
    Change,

    /// <summary>They go.</summary>
    Delete,

    /// <summary>Copies of rows come, just out of sight.</summary>
    Insert,

    /// <summary>Some change, some go, and copies come.</summary>
    Mixed,
}

/// <summary>A change of the sources' rows on purpose.</summary>
/// <param name="Target">Which rows.</param>
/// <param name="Way">What is done to them.</param>
/// <param name="Instant">The instant that divides rows, UTC.</param>
/// <param name="IsInclusive">True where rows at the instant itself are taken, too.</param>
/// <param name="Cutoff">The cutoff for whose entities copies are made first; null for any.</param>
internal sealed record Perturbation(Target Target, Way Way, DateTime Instant, bool IsInclusive, DateTime? Cutoff)
{
    /// <summary>For <see cref="Target.Between"/>: the end of the stretch, included.</summary>
    public DateTime Until { get; init; }

    /// <summary>True where no cutoff has to stay where it is: rows that are cutoffs may then go like all others.</summary>
    public bool TakesCutoffs { get; init; }

    /// <summary>
    /// Where entities have no cutoff from some row on: the rows, as SQL of keys and instant, that have cutoffs after them and so are none of that kind. Only these are
    /// copied, and no values change, lest the cutoffs go that are to be compared. Null where rows do not end anything.
    /// </summary>
    public string? Followed { get; init; }

    /// <summary>True to leave rows alone that are read beside others.</summary>
    public bool IsOfItselfAlone { get; init; }

    /// <summary>True to leave all rows alone but those that hold for a while.</summary>
    public bool IsOfStatesAlone { get; init; }

    /// <summary>Other instants that copies are made at.</summary>
    public ImmutableArray<DateTime> AlsoAt { get; init; } = [];

    /// <summary>The instant nearest to what may be seen.</summary>
    public DateTime Boundary => Target switch
    {
        Target.Earlier => IsInclusive ? Instant : Instant.AddTicks(-TimeSpan.TicksPerMicrosecond),
        _ => IsInclusive ? Instant : Instant.AddTicks(TimeSpan.TicksPerMicrosecond),
    };

    /// <summary>In words, to follow "after": `changing what was not known at 2024-01-01 00:00:00`.</summary>
    public string Words => $"{Doing} {Rows}";

    private string Doing => Way switch
    {
        Way.Change => "changing",
        Way.Delete => "deleting",
        Way.Insert => "inserting",
        _ => "changing, deleting and inserting",
    };

    private string Rows => Target switch
    {
        Target.Unknown => $"what was not known {(IsInclusive ? "before" : "at")} {Text(Instant)}",
        Target.Earlier => $"what lies {(IsInclusive ? "at or " : "")}before {Text(Instant)}",
        Target.Between => $"what lies after {Text(Instant)} and up to {Text(Until)}",
        _ => $"what lies {(IsInclusive ? "at or " : "")}after {Text(Instant)}",
    };

    private static string Text(DateTime instant) => Reports.Words.Instant(instant);
}

/// <summary>Instants as SQL and arithmetic on them.</summary>
internal static class Instants
{
    public static string Literal(DateTime instant) => $"TIMESTAMP '{instant.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";

    /// <summary>The instant that lies at an offset from a cutoff; null where no date says it.</summary>
    public static DateTime? Move(DateTime cutoff, CompiledOffset offset, int sign = 1)
    {
        try
        {
            foreach (var (months, microseconds) in offset.Moves)
                cutoff = cutoff.AddMonths(sign * months).AddTicks(sign * microseconds * TimeSpan.TicksPerMicrosecond);
            return cutoff;
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>The same in SQL, of a column.</summary>
    public static string Move(string column, CompiledOffset offset)
    {
        foreach (var (months, microseconds) in offset.Moves)
        {
            if (months != 0) column = $"({column} + to_months({months.ToString(CultureInfo.InvariantCulture)}))";
            if (microseconds != 0) column = $"({column} + to_microseconds({microseconds.ToString(CultureInfo.InvariantCulture)}))";
        }
        return column;
    }
}
