using System.Collections.Immutable;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>
/// Computes all aggregates over one source and window together.
/// <code>
/// before:  a AS (SELECT ..., COUNT(*) FROM spine JOIN orders ... GROUP BY ...), b AS (SELECT ..., SUM(amount) FROM spine JOIN orders ... GROUP BY ...)
/// after:   orders_30d AS (SELECT ..., COUNT(*), SUM(amount) FROM spine JOIN orders ... GROUP BY ...)
/// </code>
/// </summary>
internal sealed class FuseScansPass : IPlanPass
{
    /// <inheritdoc />
    public string Name => "fuse-scans";

    /// <inheritdoc />
    public LogicalModel Run(LogicalModel model)
    {
        var scans = Fuse(model.Scans);
        var labelScans = Fuse(model.LabelScans);
        return scans.Length == model.Scans.Length && labelScans.Length == model.LabelScans.Length
            ? model
            : model with { Scans = scans, LabelScans = labelScans };
    }

    private static ImmutableArray<LogicalScan> Fuse(ImmutableArray<LogicalScan> scans)
    {
        var groups = new List<List<LogicalScan>>();
        var byKey = new Dictionary<string, List<LogicalScan>>(StringComparer.Ordinal);
        foreach (var scan in scans)
        {
            var key = Key(scan);
            if (!byKey.TryGetValue(key, out var group)) groups.Add(byKey[key] = group = []);
            group.Add(scan);
        }
        return [.. groups.ConvertAll(Fuse)];
    }

    private static LogicalScan Fuse(List<LogicalScan> group) =>
        group is [var single] ? single : group[0] with
        {
            Aggregates = [.. group.SelectMany(scan => scan.Aggregates)],
            Reason = string.Join("; ", group.Select(scan => scan.Reason).Distinct()),
        };

    private static string Key(LogicalScan scan) =>
        $"{scan.Rows}\n{scan.Strategy}\n{PlanText.Print(scan.Window, isBefore: false)}";
}
