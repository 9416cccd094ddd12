using System.Collections.Immutable;
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
        var found = expression.Type;
        // A whole number is wanted and a number given, or the reverse: both are numeric, the engine checks the rest.
        if (found.IsOpen() || found == wanted || (found.IsNumeric() && wanted.IsNumeric()))
        {
            Type(expression, found == DataType.Integer && wanted == DataType.Number ? Widened(expression) : wanted);
            return expression;
        }
        scope.Report(ColumnOf(expression) is { } column && column.Column.UsedType == found
            ? TypeErrors.UsesDisagree(column.Column.Name, found, wanted, column.Column.TypedAt, expression.Span)
            : TypeErrors.Mismatch(taker, wanted, found, expression.Span));
        return new BoundMistake(expression.Span);
    }

    /// <summary>Requires one type that all can have; untyped columns take it on. Returns the expressions to use.</summary>
    internal ImmutableArray<BoundExpression> RequireCommon(ImmutableArray<BoundExpression> expressions)
    {
        if (expressions.Any(item => item.Type == DataType.Instant))
        {
            expressions = [.. expressions.Select(item => AsInstant(item) ?? item)];
        }
        DataType? common = DataType.Null;
        BoundExpression? typed = null;
        foreach (var expression in expressions)
        {
            var next = DataTypes.Unify(common.Value, expression.Type);
            if (next is null)
            {
                scope.Report(TypeErrors.Incomparable(typed!.Type, expression.Type, typed.Span, expression.Span));
                return [.. expressions.Select(item => new BoundMistake(item.Span))];
            }
            if (!expression.Type.IsOpen()) typed ??= expression;
            common = next;
        }
        if (!common.Value.IsOpen())
        {
            foreach (var expression in expressions) Type(expression, common.Value);
        }
        return expressions;
    }

    // An integer constant or count may stand where a number is wanted; an integer column becomes a number.
    private static DataType Widened(BoundExpression expression) =>
        expression is BoundColumn ? DataType.Number : DataType.Integer;

    private static BoundConstant? AsInstant(BoundExpression expression) =>
        expression is BoundConstant { Value: string text } && InstantLiteral.Parse(text) is { } instant
            ? new BoundConstant(expression.Span, instant, DataType.Instant)
            : null;

    private static BoundColumn? ColumnOf(BoundExpression expression) => expression switch
    {
        BoundColumn column => column,
        BoundAggregate { Columns.Length: > 0 } aggregate => ColumnOf(aggregate.Columns[0]),
        BoundVar item => ColumnOf(item.Var.Expression),
        _ => null,
    };

    /// <summary>Types the columns from which a value comes unchanged.</summary>
    private static void Type(BoundExpression expression, DataType type)
    {
        switch (expression)
        {
            case BoundColumn { Column.Expression: { } computed }:
                Type(computed, type);
                break;
            case BoundColumn column:
                column.Column.Use(type, column.Span);
                break;
            case BoundVar item when item.Type.IsOpen() || ColumnOf(item) is not null:
                Type(item.Var.Expression, type);
                break;
            case BoundAggregate { Definition.Result: Language.Functions.ResultRule.FirstColumn, Columns.Length: > 0 } aggregate:
                Type(aggregate.Columns[0], type);
                break;
            case BoundCase choice:
                foreach (var value in choice.Values) Type(value, type);
                break;
            case BoundCall { Function.Result: DataType.Unknown } call:
                foreach (var argument in call.Arguments) Type(argument, type);
                break;
        }
    }
}
