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

    private static ImmutableArray<LogicalScan> Fuse(ImmutableArray<LogicalScan> scans) =>
    [
        .. scans
            .GroupBy(scan => (scan.Rows, scan.Strategy, Window: PlanText.Print(scan.Window, isBefore: false)))
            .Select(group => group.Count() == 1
                ? group.First()
                : group.First() with { Aggregates = [.. group.SelectMany(scan => scan.Aggregates)] }),
    ];
}
