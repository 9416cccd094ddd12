using System.Collections.Immutable;
using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Semantics.Binding;

/// <summary>Holds what stands in an aggregate's brackets against what the aggregate takes.</summary>
/// <param name="scope">The program's names.</param>
/// <param name="definition">Which aggregate.</param>
/// <param name="rows">Whose rows it is over: a source, or an entity's members.</param>
internal sealed class AggregateArguments(ProgramScope scope, AggregateDefinition definition, string rows)
{
    /// <summary>The columns and the constant behind them; null for an aggregate that takes none.</summary>
    internal sealed record Checked(ImmutableArray<BoundExpression> Columns, BoundConstant? Parameter);

    /// <summary>True where there are as many arguments as it takes; else that is reported.</summary>
    internal bool HaveCount(int count, SourceSpan span)
    {
        var constants = definition.Parameter is null ? 0 : 1;
        if (count >= definition.MinColumns + constants && count <= definition.MaxColumns + constants) return true;
        scope.Report(TypeErrors.ColumnCount(definition, rows, count, span));
        return false;
    }

    /// <summary>The arguments as the aggregate takes them, the last as its constant where it has one; null where one cannot be, which is reported.</summary>
    internal Checked? Check(ImmutableArray<BoundExpression> arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument.Type != DataType.Vector) continue;
            scope.Report(TypeErrors.EmbeddingOfRows(definition.Name, argument.Span));
            return null;
        }
        if (definition.Parameter is not { } parameter) return Typed(arguments) is { } all ? new Checked(all, null) : null;
        if (Constant(arguments[^1], parameter) is { } constant) return Typed(arguments.RemoveAt(arguments.Length - 1)) is { } columns ? new Checked(columns, constant) : null;
        scope.Report(TypeErrors.AggregateConstant(definition, parameter, arguments[^1].Span));
        return null;
    }

    /// <summary>The columns with the first of the type that the aggregate asks for.</summary>
    private ImmutableArray<BoundExpression>? Typed(ImmutableArray<BoundExpression> columns)
    {
        var rule = definition.Column;
        if (rule is not (ColumnRule.Numeric or ColumnRule.Boolean)) return columns;
        var first = columns[0];
        if (rule == ColumnRule.Numeric && first.Type == DataType.Boolean)
        {
            scope.Report(TypeErrors.BooleanAggregate(definition.Name, rows, first.Span));
            return null;
        }
        var type = rule == ColumnRule.Numeric ? DataType.Number : DataType.Boolean;
        return columns.SetItem(0, new TypeRules(scope).Require(first, type, $"`{definition.Name}`"));
    }

    /// <summary>The constant as the exact number it is; null for what is no constant, or outside what the aggregate takes.</summary>
    private static BoundConstant? Constant(BoundExpression bound, AggregateParameter parameter)
    {
        decimal? number = bound is BoundConstant constant ? constant.Value switch { long whole => whole, decimal value => value, _ => null } : null;
        if (number is not { } given || !parameter.Accepts(given)) return null;
        // Divided so, a decimal loses the zeros at its end: 0.50 and 0.5 are one number, and one plan.
        return parameter.IsWhole
            ? new BoundConstant(bound.Span, (long)given, DataType.Integer)
            : new BoundConstant(bound.Span, given / 1.0000000000000000000000000000m, DataType.Number);
    }
}
