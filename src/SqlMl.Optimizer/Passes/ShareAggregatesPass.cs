using System.Collections.Immutable;
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
            Links = [.. model.Links.Select(link => link with { Keys = [.. link.Keys.Select(key => ExpressionRewriter.Rename(key, names))] })],
            Derived = [.. copies.Concat(derived).OrderBy(value => value.Level)],
            LabelDerived = [.. model.LabelDerived.Select(value => value with { Expression = ExpressionRewriter.Rename(value.Expression, names) })],
            Given = model.Given is null ? null : ExpressionRewriter.Rename(model.Given, names),
            Label = ExpressionRewriter.Rename(model.Label, names),
        };
    }

    private static ImmutableArray<LogicalScan> Share(
        ImmutableArray<LogicalScan> scans, HashSet<string> named, Dictionary<string, string> names, List<LogicalDerived> copies)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        var kept = ImmutableArray.CreateBuilder<LogicalScan>();
        foreach (var scan in scans)
        {
            var aggregates = scan.Aggregates.Where(aggregate => first.TryAdd(Key(scan, aggregate), aggregate.Name)).ToImmutableArray();
            foreach (var aggregate in scan.Aggregates.Where(aggregate => !aggregates.Contains(aggregate)))
            {
                var original = first[Key(scan, aggregate)];
                names.Add(aggregate.Name, original);
                if (named.Contains(aggregate.Name)) copies.Add(new LogicalDerived(aggregate.Name, new LogicalValue(original), 1));
            }
            if (aggregates.Length > 0) kept.Add(aggregates.Length == scan.Aggregates.Length ? scan : scan with { Aggregates = aggregates });
        }
        return kept.ToImmutable();
    }

    private static string Key(LogicalScan scan, LogicalAggregate aggregate) =>
        $"{scan.Rows}\n{PlanText.Print(scan.Window, isBefore: false)}\n{PlanText.Print(aggregate)}";
}
