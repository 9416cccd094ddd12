using System.Globalization;
using SqlMl.Language.Collections;
using SqlMl.Language.Functions;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>
/// Where every cutoff is a row of the source that is scanned, one running sum a distinct argument serves all windows over it: a window is
/// the sum at the cutoff less the sum where the window begins, and all sums of one beginning are looked up together.
/// <code>
/// before:  COUNT(paid) OVER (... RANGE BETWEEN 7 days PRECEDING ...), COUNT(paid) OVER (... 30 days ...), SUM(amount) OVER (... 7 days ...), SUM(amount) OVER (... 30 days ...)
/// after:   COUNT(paid) OVER (... UNBOUNDED PRECEDING ...) AS paid, SUM(amount) OVER (... UNBOUNDED PRECEDING ...) AS amounts
///          paid - paid 7 days ago, amounts - amounts 7 days ago, paid - paid 30 days ago, amounts - amounts 30 days ago
/// </code>
/// Only what can be taken away again: counts, and sums over exact decimals. Distinct values are counted so, too: cut the occurrences of a value
/// into runs with gaps no longer than the window; the window holds as many values as runs have begun by its end and not ended before its beginning.
/// <para>
/// The cost of a frame or a running sum is about the same for a row, that of a look-up two and a half times it (measured on DuckDB, docs/benchmarks.md).
/// So sums are taken where the frames that they replace are more than the sums and two and a half times the look-ups they need.
/// </para>
/// </summary>
internal sealed class ChooseRunningSumsPass : IPlanPass
{
    private const decimal LookupCost = 2.5m;

    /// <inheritdoc />
    public string Name => "choose-running-sums";

    /// <inheritdoc />
    public LogicalModel Run(LogicalModel model)
    {
        if (AnchorRows.Of(model) is not { } rows) return model;
        var lookups = new HashSet<long>();
        var scans = model.Scans.SelectAsArray(scan => CountDistinct(scan, rows, lookups));
        var costs = new Costs(lookups);
        foreach (var scan in scans)
        {
            if (CanSubtract(scan)) costs.Add(scan);
        }
        if (costs.IsGain) scans = scans.SelectAsArray(scan => CanSubtract(scan) ? scan with { Strategy = ScanStrategy.RunningSums, Reason = costs.Reason } : scan);
        return scans.SequenceEqual(model.Scans) ? model : model with { Scans = scans };
    }

    /// <summary>Distinct values are always counted by runs: the engines have no sliding form for them, or a slow one.</summary>
    private static LogicalScan CountDistinct(LogicalScan scan, AnchorRows rows, HashSet<long> lookups)
    {
        var isDistinct = scan.Aggregates.All(aggregate => aggregate.Definition.Name == Aggregates.CountDistinct.Name || aggregate.Definition.Name == Aggregates.ActiveDays.Name);
        if (!isDistinct || scan.Strategy != ScanStrategy.RangeJoin || !IsOfPast(scan.Window) || !rows.CanSlide(scan)) return scan;
        lookups.UnionWith(Lookups(scan.Window));
        return scan with { Strategy = ScanStrategy.RunningSums, Reason = $"cutoffs are rows of {rows.Name}; runs of equal values begin and end once" };
    }

    private static bool CanSubtract(LogicalScan scan) => scan.Strategy == ScanStrategy.Frame && IsOfPast(scan.Window) && scan.Aggregates.All(aggregate => Sums(aggregate) > 0);

    private static bool IsOfPast(LogicalWindow window) => window is { IsFuture: false, Later: null };

    /// <summary>How many counts and sums an aggregate is made of; 0 for what cannot be taken away again.</summary>
    private static int Sums(LogicalAggregate aggregate)
    {
        var name = aggregate.Definition.Name;
        if (name == Aggregates.Average.Name || name == Aggregates.Share.Name) return 2;
        return name == Aggregates.Count.Name || name == Aggregates.Exists.Name || name == Aggregates.Sum.Name ? 1 : 0;
    }

    /// <summary>How far from the cutoff the sums of a window are looked up; the cutoff itself needs no look-up.</summary>
    private static IEnumerable<long> Lookups(LogicalWindow window)
    {
        var gap = window.Gap?.Microseconds ?? 0;
        if (gap > 0) yield return gap;
        if (window.Length is { } length) yield return gap + length.Microseconds;
    }

    /// <summary>What frames cost, and running sums in their place.</summary>
    /// <param name="known">The look-ups that are needed anyway.</param>
    private sealed class Costs(HashSet<long> known)
    {
        private readonly HashSet<string> _sums = new(StringComparer.Ordinal);
        private readonly HashSet<long> _lookups = [];
        private int _sumCount;
        private int _frames;

        internal bool IsGain => _frames > _sumCount + (LookupCost * _lookups.Count);

        internal string Reason => string.Create(
            CultureInfo.InvariantCulture, $"{_frames} frames cost more than {Counted(_sumCount, "running sum")}{(_lookups.Count == 0 ? "" : $" and {Counted(_lookups.Count, "look-up")} at {LookupCost} each")}");

        internal void Add(LogicalScan scan)
        {
            _lookups.UnionWith(Lookups(scan.Window).Where(distance => !known.Contains(distance)));
            foreach (var aggregate in scan.Aggregates)
            {
                _frames += Sums(aggregate);
                if (_sums.Add(PlanText.Print(aggregate with { Default = null }))) _sumCount += Sums(aggregate);
            }
        }

        private static string Counted(int count, string words) => count == 1 ? $"one {words}" : $"{count} {words}s";
    }
}
