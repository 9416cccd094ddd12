using SqlMl.Language.Collections;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>The scans of a model whose cutoffs all lie on one grid of exact steps, where the cutoffs that see a row follow from the row.</summary>
internal static class GridScans
{
    /// <summary>The model with other scans in the place of joins, where <paramref name="choose"/> gives one; it is not asked for scans whose rows depend on the cutoff.</summary>
    internal static LogicalModel Choose(LogicalModel model, Func<LogicalGrid, LogicalSource, LogicalScan, LogicalScan?> choose)
    {
        if (model.Observe is not [LogicalGrid { Step.IsCalendar: false } grid]) return model;
        var changed = false;
        var scans = model.Scans.SelectAsArray(Chosen);
        var labelScans = model.LabelScans.SelectAsArray(Chosen);
        return changed ? model with { Scans = scans, LabelScans = labelScans } : model;

        LogicalScan Chosen(LogicalScan scan)
        {
            var source = model.Sources.First(item => item.Name == scan.Source);
            if (scan.Strategy != ScanStrategy.RangeJoin || DependsOnCutoff(scan, source) || choose(grid, source, scan) is not { } other) return scan;
            changed = true;
            return other;
        }
    }

    // Calendar steps are longer in one month than in another, planned rows and moved cutoffs have bounds of two kinds, and rows that never change have none.
    private static bool DependsOnCutoff(LogicalScan scan, LogicalSource source) =>
        scan.Window is { IsCalendar: true } or { IsPlanned: true } or { Later: not null } || source.IsStatic || ReadsCutoff(scan, source);

    /// <summary>True where what is computed of a row depends on the cutoff that sees it.</summary>
    internal static bool ReadsCutoff(LogicalScan scan, LogicalSource source)
    {
        foreach (var aggregate in scan.Aggregates)
        {
            if (aggregate.Filter is { } filter && ReadsCutoff(filter, source)) return true;
            foreach (var argument in aggregate.Arguments)
            {
                if (ReadsCutoff(argument, source)) return true;
            }
            foreach (var part in aggregate.Together)
            {
                if (ReadsCutoff(part, source)) return true;
            }
        }
        return false;
    }

    private static bool ReadsCutoff(LogicalExpression expression, LogicalSource source)
    {
        if (expression is LogicalAnchor or LogicalCutoff or LogicalElapsed or LogicalLearned || (expression is LogicalColumn column && IsLate(column, source))) return true;
        foreach (var child in expression.Children)
        {
            if (ReadsCutoff(child, source)) return true;
        }
        return false;
    }

    private static bool IsLate(LogicalColumn column, LogicalSource source)
    {
        foreach (var read in source.Columns)
        {
            if (read.IsLate && read.Column == column) return true;
        }
        return false;
    }
}
