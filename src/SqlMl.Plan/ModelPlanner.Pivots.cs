using System.Collections.Immutable;
using SqlMl.Language.Functions;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans what pivots learn (rule 39).</summary>
internal sealed partial class ModelPlanner
{
    /// <summary>The pivots of which some feature reads what they learned; the first column of each says from which rows it learns.</summary>
    private ImmutableArray<LogicalPivot> PlanPivots()
    {
        var pivots = ImmutableArray.CreateBuilder<LogicalPivot>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var feature in _model.Features)
        {
            // A test has the features that it asks for alone, and learns nothing.
            if (feature.Learned is not { } learned || FirstCompared(feature.Expression) is not { } value || !seen.Add(learned.Pivot)) continue;
            var bound = feature.Expression as BoundAggregate ?? (BoundAggregate)feature.Expression.Children[0];
            var where = learned.Rank is not null && bound.Filter is BoundOperation { Operator: BoundOperator.And, Operands: [var asked, _] } ? _rows.Plan(asked) : null;
            var counted = new LogicalAggregate(learned.Pivot, Aggregates.Count, [_rows.Plan(value)], where, null);
            pivots.Add(new LogicalPivot(
                learned.Pivot, learned.Count,
                new LogicalScan(bound.Source.Name, PlanWindow(bound.Window), [counted], ScanStrategy.RangeJoin, "works for every aggregate and cutoff") { Side = bound.Side }));
        }
        return pivots.ToImmutable();
    }

    /// <summary>What an expression compares with a value that was learned; null where it compares nothing with one.</summary>
    private static BoundExpression? FirstCompared(BoundExpression expression)
    {
        if (expression is BoundOperation { Operands: [var value, BoundLearned] }) return value;
        foreach (var child in expression.Children)
        {
            if (FirstCompared(child) is { } found) return found;
        }
        return null;
    }
}
