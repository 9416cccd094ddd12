using System.Collections.Immutable;

namespace SqlMl.Semantics.Binding;

/// <summary>Tells whether two expressions of one model say the same, wherever they stand.</summary>
internal static class SameValue
{
    /// <summary>The expression behind a chain of vars.</summary>
    internal static BoundExpression Resolve(BoundExpression expression)
    {
        while (expression is BoundVar { Var: var read }) expression = read.Expression;
        return expression;
    }

    /// <summary>True only when both have one value at every cutoff; false also where nobody can tell. A var is the same as itself alone: what stands behind it may be large.</summary>
    internal static bool Holds(BoundExpression first, BoundExpression second) =>
        (first, second) switch
        {
            (BoundVar a, BoundVar b) => a.Var == b.Var,
            (BoundCutoff, BoundCutoff) => true,
            (BoundConstant a, BoundConstant b) => a.ConstantType == b.ConstantType && Equals(a.Value, b.Value),
            (BoundDuration a, BoundDuration b) => a.Duration.Months == b.Duration.Months && a.Duration.Microseconds == b.Duration.Microseconds,
            (BoundColumn a, BoundColumn b) => a.Column == b.Column,
            (BoundAnchor a, BoundAnchor b) => a.Column == b.Column && !a.IsInLabel && !b.IsInLabel,
            (BoundOperation a, BoundOperation b) => a.Operator == b.Operator && All(a.Operands, b.Operands),
            (BoundCall a, BoundCall b) => a.Function == b.Function && All(a.Arguments, b.Arguments),
            (BoundCast a, BoundCast b) => a.Target == b.Target && Holds(a.Operand, b.Operand),
            (BoundElapsed a, BoundElapsed b) => a.IsUntil == b.IsUntil && a.Unit == b.Unit && Holds(a.Operand, b.Operand),
            (BoundAggregate a, BoundAggregate b) => Same(a, b),
            _ => false,
        };

    private static bool Same(BoundAggregate first, BoundAggregate second) =>
        first.Definition == second.Definition && first.Source == second.Source && first.Window.Text == second.Window.Text &&
        Equals(first.Parameter?.Value, second.Parameter?.Value) && Equals(first.Default?.Value, second.Default?.Value) &&
        (first.Filter is null) == (second.Filter is null) && All(first.Children, second.Children);

    private static bool All(ImmutableArray<BoundExpression> first, ImmutableArray<BoundExpression> second)
    {
        if (first.Length != second.Length) return false;
        for (var i = 0; i < first.Length; i++)
        {
            if (!Holds(first[i], second[i])) return false;
        }
        return true;
    }
}
