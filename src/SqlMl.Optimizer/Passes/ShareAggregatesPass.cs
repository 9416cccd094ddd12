using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>
/// Computes equal aggregates once.
/// <code>
/// before:  orders_30d = count(orders) over 30 days;  share = count(orders where paid) / count(orders) ... over 30 days
///          COUNT(*) AS orders_30d, COUNT(CASE WHEN paid THEN 1 END) AS share_1, COUNT(*) AS share_2
/// after:   COUNT(*) AS orders_30d, COUNT(CASE WHEN paid THEN 1 END) AS share_1      -- share reads orders_30d
/// </code>
/// A feature that equals another keeps its own name, as a copy of the first.
/// </summary>
internal sealed class ShareAggregatesPass : IPlanPass
{
    /// <inheritdoc />
    public string Name => "share-aggregates";

    /// <inheritdoc />
    public LogicalModel Run(LogicalModel model)
    {
        var named = model.Features.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var copies = new List<LogicalDerived>();
        var scans = Share(model.Scans, named, names, copies);
        var labelScans = Share(model.LabelScans, named, names, copies);
        if (names.Count == 0) return model;

        var derived = model.Derived.Select(value => value with { Expression = ExpressionRewriter.Rename(value.Expression, names) });
        return model with
        {
            Scans = scans,
            LabelScans = labelScans,
            Links = Renamed(model.Links),
            LabelLinks = Renamed(model.LabelLinks),
            Derived = LogicalDerived.Ordered([.. copies, .. derived]),
            LabelDerived = model.LabelDerived.SelectAsArray(value => value with { Expression = ExpressionRewriter.Rename(value.Expression, names) }),
            Given = model.Given is null ? null : ExpressionRewriter.Rename(model.Given, names),
            Label = ExpressionRewriter.Rename(model.Label, names),
        };

        ImmutableArray<LogicalLink> Renamed(ImmutableArray<LogicalLink> links) =>
            links.SelectAsArray(link => link with { Keys = link.Keys.SelectAsArray(key => ExpressionRewriter.Rename(key, names)) });
    }

    private static ImmutableArray<LogicalScan> Share(
        ImmutableArray<LogicalScan> scans, HashSet<string> named, Dictionary<string, string> names, List<LogicalDerived> copies)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        var kept = ImmutableArray.CreateBuilder<LogicalScan>();
        foreach (var scan in scans)
        {
            var aggregates = ImmutableArray.CreateBuilder<LogicalAggregate>();
            foreach (var aggregate in scan.Aggregates)
            {
                var key = Key(scan, aggregate);
                if (first.TryAdd(key, aggregate.Name))
                {
                    aggregates.Add(aggregate);
                    continue;
                }
                names.Add(aggregate.Name, first[key]);
                if (named.Contains(aggregate.Name)) copies.Add(new LogicalDerived(aggregate.Name, new LogicalValue(first[key]), 1));
            }
            if (aggregates.Count > 0) kept.Add(aggregates.Count == scan.Aggregates.Length ? scan : scan with { Aggregates = aggregates.ToImmutable() });
        }
        return kept.ToImmutable();
    }

    private static string Key(LogicalScan scan, LogicalAggregate aggregate) =>
        $"{scan.Rows}\n{PlanText.Print(scan.Window, isBefore: false)}\n{PlanText.Print(aggregate)}";
}
