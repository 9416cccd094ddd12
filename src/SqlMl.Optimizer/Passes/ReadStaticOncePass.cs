using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Functions;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>
/// What a static source says of an entity is the same at every cutoff: it is computed once an entity, not once a cutoff.
/// <code>
/// before:  SELECT s.customer, s.cutoff, MAX(e.signed_up) FROM spine AS s JOIN customers AS e ON e.customer = s.customer GROUP BY s.customer, s.cutoff
/// after:   SELECT e.customer, MAX(e.signed_up) FROM customers AS e GROUP BY e.customer
/// </code>
/// </summary>
internal sealed class ReadStaticOncePass : IPlanPass
{
    // These are computed from how often values occur beside each cutoff.
    private static readonly ImmutableArray<string> Staged = [Aggregates.Mode.Name, Aggregates.TopValues.Name, Aggregates.Entropy.Name];

    /// <inheritdoc />
    public string Name => "read-static-once";

    /// <inheritdoc />
    public LogicalModel Run(LogicalModel model)
    {
        var changed = false;
        var scans = model.Scans.SelectAsArray(Chosen);
        var labelScans = model.LabelScans.SelectAsArray(Chosen);
        return changed ? model with { Scans = scans, LabelScans = labelScans } : model;

        LogicalScan Chosen(LogicalScan scan)
        {
            var source = model.Sources.First(item => item.Name == scan.Source);
            if (!source.IsStatic || scan.Strategy != ScanStrategy.RangeJoin || GridScans.ReadsCutoff(scan, source)) return scan;
            if (scan.Aggregates.Any(aggregate => Staged.Contains(aggregate.Definition.Name))) return scan;
            changed = true;
            return scan with { Strategy = ScanStrategy.OnceAnEntity, Reason = $"{source.Name} is static, and says the same at every cutoff" };
        }
    }
}
