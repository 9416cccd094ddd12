using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Refreshing;

/// <summary>The cutoffs whose rows a change may touch, and why: every other row is as it was.</summary>
internal sealed class AffectedCutoffs
{
    private readonly List<CutoffRange> _ranges = [];
    private readonly List<string> _reasons = [];
    private readonly Dictionary<string, int> _days = new(StringComparer.Ordinal);

    /// <summary>The cutoffs, in ranges that do not meet, in time.</summary>
    public ImmutableArray<CutoffRange> Ranges => CutoffRange.Merge(_ranges);

    /// <summary>Why, each to follow "because".</summary>
    public ImmutableArray<string> Reasons => [.. _days.Select(item => $"{item.Key} on {Words.Count(item.Value, "day")}"), .. _reasons];

    /// <summary>Takes in rows that came, went or changed on some days; null stands for rows of no day, or none that a calendar knows.</summary>
    public void Add(WatchedRows rows, IReadOnlyList<(DateTime From, DateTime To)?> days)
    {
        if (days.Count == 0) return;
        foreach (var day in days)
        {
            foreach (var reach in rows.Reaches) _ranges.Add(day is { } known ? reach.CutoffsThatSee(known.From, known.To) : CutoffRange.All);
        }
        var dated = rows.Kind switch
        {
            WatchedKind.Rows => $"{rows.Name} changed",
            WatchedKind.Existence => $"which {rows.Name} exists changed",
            WatchedKind.Stops => $"which {rows.Name} has stopped changed",
            WatchedKind.FirstRows => $"the first rows of {rows.Name} changed",
            _ => null,
        };
        // Two parts of one source, such as where states begin and where they end, are one reason.
        if (dated is not null) _days[dated] = Math.Max(_days.GetValueOrDefault(dated), days.Count);
        else if (rows.Kind == WatchedKind.StaticRows) AddReason($"{rows.Name} changed, which is static");
        else AddReason($"{Words.Count(days.Count, "cutoff")} of the grid came or went{(rows.MayMove ? " (`aligned to` keeps a grid in place)" : "")}");
    }

    /// <summary>Takes in that an instant moved.</summary>
    public void Add(WatchedLimit limit, DateTime? before, DateTime? now)
    {
        if (before == now) return;
        foreach (var reach in limit.Reaches)
        {
            _ranges.Add(before is { } from && now is { } to ? reach.CutoffsThatSee(from < to ? from : to, from < to ? to : from) : CutoffRange.All);
        }
        AddReason(limit.Kind switch
        {
            LimitKind.Maturity => now is null ? "labels are known nowhere" : $"labels are known until {Words.Instant(now)}",
            LimitKind.Run => $"the run's instant moved to {Words.Instant(now)}",
            LimitKind.History => $"the sources begin at {Words.Instant(now)}",
            _ => $"a bound of `observe` moved to {Words.Instant(now)}",
        });
    }

    private void AddReason(string reason)
    {
        if (!_reasons.Contains(reason)) _reasons.Add(reason);
    }
}
