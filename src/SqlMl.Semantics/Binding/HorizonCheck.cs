using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Semantics.Binding;

/// <summary>
/// Holds what `expr after H` looks back on against `H`. A label over the last 10 days, asked for 7 days later, is decided in part before the cutoff;
/// one over the last 6 days leaves the first day out. A threshold of `days since last(...)` looks back as far as it says.
/// </summary>
internal sealed class HorizonCheck(ProgramScope scope)
{
    /// <summary>True when every look-back is as long as its horizon; the first that is not is reported.</summary>
    internal bool Check(BoundExpression label)
    {
        if (label is not BoundAfter after) return label.Children.All(Check);
        if (FirstOther(after.Operand, after.Later, []) is not { } found) return true;
        var what = after.Operand is BoundVar { Var: var symbol } ? $"`{symbol.Name}`" : "the label";
        scope.Report(TimeErrors.LabelAgainstHorizon(what, found.Length.Text, after.Later.Text, Consequence(found.Length, after.Later), after.Span, found.Span));
        return false;
    }

    private static (Duration Length, SourceSpan Span)? FirstOther(BoundExpression expression, Duration horizon, HashSet<VarSymbol> followed)
    {
        if (LookBack(expression) is { } found && !IsSame(found.Length, horizon)) return found;
        if (expression is BoundVar { Var: var read }) return followed.Add(read) ? FirstOther(read.Expression, horizon, followed) : null;
        foreach (var child in expression.Children)
        {
            if (FirstOther(child, horizon, followed) is { } inner) return inner;
        }
        return null;
    }

    private static (Duration Length, SourceSpan Span)? LookBack(BoundExpression expression) => expression switch
    {
        BoundAggregate { Window: { IsFuture: false, Length: { } length } window } =>
            (window.Gap is null ? length : new Duration(length.Microseconds + window.Gap.Microseconds, length.Months + window.Gap.Months, $"{length.Text} and {window.Gap.Text}", ""), window.Span),
        BoundOperation { Operator: BoundOperator.Less or BoundOperator.LessOrEqual or BoundOperator.Greater or BoundOperator.GreaterOrEqual, Operands: [var left, var right] } =>
            Threshold(left, right, expression.Span) ?? Threshold(right, left, expression.Span),
        _ => null,
    };

    /// <summary>`days since last(orders) >= 7` looks back 7 days.</summary>
    private static (Duration Length, SourceSpan Span)? Threshold(BoundExpression elapsed, BoundExpression limit, SourceSpan span)
    {
        if (Resolved(elapsed) is not BoundElapsed { Unit: var unit, Operand: var instant } || !IsLast(Resolved(instant))) return null;
        var count = limit is BoundConstant { Value: long whole } ? whole : limit is BoundConstant { Value: decimal number } ? number : 0;
        if (Duration.Create(count, unit.Text[2..]) is not { } length) return null;
        return (length, span);
    }

    private static bool IsLast(BoundExpression expression) =>
        expression is BoundAggregate { Definition: var definition, Window.Length: null } && definition == Language.Functions.Aggregates.Last;

    private static BoundExpression Resolved(BoundExpression expression) => expression is BoundVar { Var: var read } ? Resolved(read.Expression) : expression;

    private static bool IsSame(Duration length, Duration horizon) => length.Months == horizon.Months && length.Microseconds == horizon.Microseconds;

    private static string Consequence(Duration length, Duration horizon)
    {
        var isLonger = length.LongestMicroseconds > horizon.LongestMicroseconds;
        var difference = length.IsCalendar || horizon.IsCalendar ? 0 : Math.Abs(length.Microseconds - horizon.Microseconds);
        var days = Duration.Create((decimal)difference / Duration.Day, "day");
        return (isLonger, days) switch
        {
            (true, not null) => $"{days.Text} of that {(days.Text == "1 day" ? "lies" : "lie")} before the cutoff",
            (true, null) => "a part of that lies before the cutoff",
            (false, not null) => $"the first {days.Text} after the cutoff {(days.Text == "1 day" ? "is" : "are")} left out",
            (false, null) => "a part of the time after the cutoff is left out",
        };
    }
}
