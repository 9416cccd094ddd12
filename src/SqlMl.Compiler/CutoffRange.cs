using System.Collections.Immutable;

namespace SqlMl.Compiler;

/// <summary>The cutoffs from one instant to another, both included, in UTC.</summary>
/// <param name="From">The first; <see cref="DateTime.MinValue"/> where nothing bounds them.</param>
/// <param name="To">The last, not before the first; <see cref="DateTime.MaxValue"/> where nothing bounds them.</param>
public sealed record CutoffRange(DateTime From, DateTime To)
{
    /// <summary>How many ranges a query is restricted to at most: each is a condition of its own.</summary>
    private const int Most = 40;

    /// <summary>Every cutoff.</summary>
    public static CutoffRange All { get; } = new(DateTime.MinValue, DateTime.MaxValue);

    /// <summary>The same cutoffs in ranges that do not meet, in time; a few more where there are very many: then those closest together become one.</summary>
    public static ImmutableArray<CutoffRange> Merge(IEnumerable<CutoffRange> ranges)
    {
        var sorted = new List<CutoffRange>(ranges);
        sorted.Sort((left, right) => left.From.CompareTo(right.From));
        var merged = new List<CutoffRange>();
        foreach (var range in sorted)
        {
            if (merged.Count == 0 || range.From > merged[^1].To) merged.Add(range);
            else if (range.To > merged[^1].To) merged[^1] = merged[^1] with { To = range.To };
        }
        while (merged.Count > Most)
        {
            var closest = 1;
            for (var i = 2; i < merged.Count; i++)
            {
                if (merged[i].From - merged[i - 1].To < merged[closest].From - merged[closest - 1].To) closest = i;
            }
            merged[closest - 1] = merged[closest - 1] with { To = merged[closest].To };
            merged.RemoveAt(closest);
        }
        return [.. merged];
    }
}

/// <summary>
/// How far around a cutoff rows are read: those from <paramref name="Start"/> to <paramref name="End"/>, seen from the cutoff. It may say more than is read, never less,
/// so both ends count as read, in either mode.
/// </summary>
/// <param name="Start">Where it begins; null for all of the past.</param>
/// <param name="End">Where it ends; null for all of the future.</param>
public sealed record RowReach(CompiledOffset? Start, CompiledOffset? End)
{
    /// <summary>A month taken back does not always lead to where it began: 31 March less a month and a month later is 28 March.</summary>
    private static readonly TimeSpan MonthSlack = TimeSpan.FromDays(4);

    /// <summary>Rows whenever they happened.</summary>
    public static RowReach Always { get; } = new(null, null);

    /// <summary>All rows up to the cutoff.</summary>
    public static RowReach Past { get; } = new(null, CompiledOffset.Cutoff);

    /// <summary>Rows of the cutoff's own instant.</summary>
    public static RowReach AtCutoff { get; } = new(CompiledOffset.Cutoff, CompiledOffset.Cutoff);

    /// <summary>The cutoffs that may see a row from one instant to another.</summary>
    public CutoffRange CutoffsThatSee(DateTime from, DateTime to) => new(
        End is null ? DateTime.MinValue : Moved(from, End, isBack: true, isLater: false),
        Start is null ? DateTime.MaxValue : Moved(to, Start, isBack: true, isLater: true));

    /// <summary>The first and last instant of the rows that some of the cutoffs may see.</summary>
    public CutoffRange RowsSeenBy(CutoffRange cutoffs) => new(
        Start is null ? DateTime.MinValue : Moved(cutoffs.From, Start, isBack: false, isLater: false),
        End is null ? DateTime.MaxValue : Moved(cutoffs.To, End, isBack: false, isLater: true));

    /// <summary>An instant moved, by no less than it says toward the side that is asked for; what bounds nothing stays so.</summary>
    private static DateTime Moved(DateTime instant, CompiledOffset offset, bool isBack, bool isLater)
    {
        foreach (var (months, microseconds) in offset.Moves)
        {
            if (instant == DateTime.MinValue || instant == DateTime.MaxValue) return instant;
            try
            {
                instant = instant.AddMonths(isBack ? -months : months).AddTicks((isBack ? -microseconds : microseconds) * TimeSpan.TicksPerMicrosecond);
                if (months != 0) instant += isLater ? MonthSlack : -MonthSlack;
            }
            catch (ArgumentOutOfRangeException)
            {
                // Beyond what a calendar can say, on the side that takes in more.
                return isLater ? DateTime.MaxValue : DateTime.MinValue;
            }
        }
        return instant;
    }
}
