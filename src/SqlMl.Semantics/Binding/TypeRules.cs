using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Types;

namespace SqlMl.Semantics.Binding;

/// <summary>Checks types, and types columns by their use (rule 59).</summary>
internal sealed class TypeRules(ProgramScope scope)
{
    /// <summary>
    /// Requires a type: an untyped column takes it on, a text literal becomes an instant where one is wanted,
    /// anything else of another type is reported. Returns the expression to use.
    /// </summary>
    internal BoundExpression Require(BoundExpression expression, DataType wanted, string taker)
    {
        if (wanted == DataType.Instant && AsInstant(expression) is { } instant) return instant;
        if (expression is BoundMistake) return expression;
        var found = expression.Type;
        // A whole number is wanted and a number given, or the reverse: both are numeric, the engine checks the rest.
        if (found.IsOpen() || found == wanted || (found.IsNumeric() && wanted.IsNumeric()))
        {
            Type(expression, expression.UsedType == DataType.Integer && wanted == DataType.Number ? Widened(expression) : wanted, []);
            return expression;
        }
        scope.Report(ColumnOf(expression) is { Column.Expression: null } column && column.Column.UsedType == found
            ? TypeErrors.UsesDisagree(column.Column.Name, found, wanted, column.Column.TypedAt, expression.Span)
            : TypeErrors.Mismatch(taker, wanted, found, expression.Span));
        return new BoundMistake(expression.Span);
    }

    /// <summary>Requires one type that all can have; untyped columns take it on. Returns the expressions to use.</summary>
    internal ImmutableArray<BoundExpression> RequireCommon(ImmutableArray<BoundExpression> expressions)
    {
        // What the program says decides what a text is and how columns are used; the schema can only contradict it (rule 59).
        if (expressions.Any(item => item.UsedType == DataType.Instant))
        {
            expressions = expressions.SelectAsArray(item => AsInstant(item) ?? item);
        }
        DataType? common = DataType.Null;
        var used = DataType.Null;
        BoundExpression? typed = null;
        foreach (var expression in expressions)
        {
            var next = DataTypes.Unify(common.Value, expression.Type);
            if (next is null)
            {
                ReportDifference(typed!, expression);
                return expressions.SelectAsArray(BoundExpression (item) => new BoundMistake(item.Span));
            }
            if (!expression.Type.IsOpen()) typed ??= expression;
            common = next;
            used = DataTypes.Unify(used, expression.UsedType) ?? used;
        }
        if (!used.IsOpen())
        {
            foreach (var expression in expressions) Type(expression, used, []);
        }
        return expressions;
    }

    /// <summary>Requires one type that all can have and that has an order, so that they can be compared; returns the expressions to use.</summary>
    internal ImmutableArray<BoundExpression> RequireComparable(ImmutableArray<BoundExpression> expressions)
    {
        expressions = RequireCommon(expressions);
        foreach (var expression in expressions)
        {
            if (expression.Type is not (DataType.Set or DataType.Vector)) continue;
            scope.Report(TypeErrors.NotCompared(expression.Type, expression.Span));
            return [.. expressions.Select(item => new BoundMistake(item.Span))];
        }
        return expressions;
    }

    private void ReportDifference(BoundExpression first, BoundExpression second)
    {
        foreach (var (one, other) in new[] { (first, second), (second, first) })
        {
            if (ColumnOf(one) is { Column: { Expression: null } column } && column.UsedType == one.Type && column.TypedAt.Source is not null)
            {
                scope.Report(TypeErrors.UsesDisagree(column.Name, one.Type, other.Type, column.TypedAt, one.Span));
                return;
            }
        }
        scope.Report(TypeErrors.Incomparable(first.Type, second.Type, first.Span, second.Span));
    }

    // An integer constant or count may stand where a number is wanted; an integer column becomes a number.
    private static DataType Widened(BoundExpression expression) =>
        expression is BoundColumn ? DataType.Number : DataType.Integer;

    /// <summary>A text literal as an instant; a text that is none is reported. Null for anything but a text literal.</summary>
    private BoundExpression? AsInstant(BoundExpression expression)
    {
        if (expression is not BoundConstant { Value: string text }) return null;
        if (InstantLiteral.Parse(text) is { } instant) return new BoundConstant(expression.Span, instant, DataType.Instant);
        scope.Report(TypeErrors.InstantText(text, expression.Span));
        return new BoundMistake(expression.Span);
    }

    private static BoundColumn? ColumnOf(BoundExpression expression) => expression switch
    {
        BoundColumn column => column,
        BoundAggregate { Columns.Length: > 0 } aggregate => ColumnOf(aggregate.Columns[0]),
        BoundRollup { Columns.Length: > 0 } rollup => ColumnOf(rollup.Columns[0]),
        BoundVar item => ColumnOf(item.Var.Expression),
        BoundAfter after => ColumnOf(after.Operand),
        _ => null,
    };

    /// <summary>Types the columns from which a value comes unchanged; each var and computed column is followed once.</summary>
    private static void Type(BoundExpression expression, DataType type, HashSet<object> followed)
    {
        switch (expression)
        {
            case BoundColumn { Column: { Expression: { } computed } column }:
                if (followed.Add(column)) Type(computed, type, followed);
                break;
            case BoundColumn column:
                column.Column.Use(type, column.Span);
                break;
            case BoundKey key:
                Type(key.Column, type, followed);
                break;
            case BoundAnchor anchor:
                Type(new BoundColumn(anchor.Span, anchor.Column), type, followed);
                break;
            case BoundVar item when item.Type.IsOpen() || ColumnOf(item) is not null:
                if (followed.Add(item.Var)) Type(item.Var.Expression, type, followed);
                break;
            case BoundAggregate { Definition.Result: Language.Functions.ResultRule.FirstColumn, Columns.Length: > 0 } aggregate:
                Type(aggregate.Columns[0], type, followed);
                break;
            case BoundRollup { Definition.Result: Language.Functions.ResultRule.FirstColumn, Columns.Length: > 0 } rollup:
                Type(rollup.Columns[0], type, followed);
                break;
            case BoundAfter after:
                Type(after.Operand, type, followed);
                break;
            case BoundCase choice:
                foreach (var value in choice.Values) Type(value, type, followed);
                break;
            case BoundCall { Function.Result: DataType.Unknown } call:
                foreach (var argument in call.Arguments) Type(argument, type, followed);
                break;
        }
    }
}
