using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>Replaces references to values in an expression; the same instance comes back where none changes.</summary>
internal static class ExpressionRewriter
{
    internal static LogicalExpression Rename(LogicalExpression expression, IReadOnlyDictionary<string, string> names)
    {
        switch (expression)
        {
            case LogicalValue value:
                return names.TryGetValue(value.Name, out var name) ? new LogicalValue(name) : value;
            case LogicalOperation operation:
                return Changed(operation.Operands, names) is { } operands ? operation with { Operands = operands } : operation;
            case LogicalFunction function:
                return Changed(function.Arguments, names) is { } arguments ? function with { Arguments = arguments } : function;
            case LogicalCast cast:
                return Changed([cast.Operand], names) is [var operand] ? cast with { Operand = operand } : cast;
            case LogicalPath path:
                return Changed([path.Operand], names) is [var into] ? path with { Operand = into } : path;
            case LogicalClock clock:
                return Changed([clock.Operand], names) is [var shown] ? clock with { Operand = shown } : clock;
            case LogicalShift shift:
                return Changed([shift.Operand], names) is [var instant] ? shift with { Operand = instant } : shift;
            case LogicalElapsed elapsed:
                return Changed([elapsed.Operand], names) is [var start] ? elapsed with { Operand = start } : elapsed;
            case LogicalCase choice:
                return RenameCase(choice, names);
            default:
                return expression;
        }
    }

    private static LogicalCase RenameCase(LogicalCase choice, IReadOnlyDictionary<string, string> names)
    {
        if (Changed(choice.Children, names) is not { } children) return choice;
        var branches = choice.Branches.Select((_, i) => new LogicalBranch(children[2 * i], children[(2 * i) + 1])).ToImmutableArray();
        return new LogicalCase(branches, choice.Else is null ? null : children[^1]);
    }

    private static ImmutableArray<LogicalExpression>? Changed(ImmutableArray<LogicalExpression> expressions, IReadOnlyDictionary<string, string> names)
    {
        var renamed = expressions.SelectAsArray(expression => Rename(expression, names));
        for (var i = 0; i < renamed.Length; i++)
        {
            if (!ReferenceEquals(renamed[i], expressions[i])) return renamed;
        }
        return null;
    }
}
