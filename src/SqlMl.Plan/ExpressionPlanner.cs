using System.Collections.Immutable;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Turns bound expressions into plan expressions; what an aggregate or var becomes is the caller's business.</summary>
internal sealed class ExpressionPlanner(Func<BoundExpression, LogicalExpression?> special)
{
    private static readonly Dictionary<BoundOperator, LogicalOperator> Operators =
        Enum.GetValues<BoundOperator>()
            .Where(item => item is not (BoundOperator.Later or BoundOperator.Earlier))
            .ToDictionary(item => item, item => Enum.Parse<LogicalOperator>(item.ToString()));

    internal LogicalExpression Plan(BoundExpression bound) => special(bound) ?? bound switch
    {
        BoundConstant constant => new LogicalConstant(constant.Value),
        BoundCutoff => new LogicalCutoff(),
        BoundKey key => new LogicalKey(key.Entity.Keys[key.Part]),
        BoundElapsed elapsed => new LogicalElapsed(Plan(elapsed.Operand), elapsed.Unit, elapsed.IsUntil),
        BoundCall call => PlanCall(call),
        BoundCast cast => PlanCast(cast),
        BoundCase choice => PlanCase(choice),
        BoundOperation operation => PlanOperation(operation),
        _ => throw new InvalidOperationException($"No plan for {bound.GetType().Name}: the binder lets none through."),
    };

    private LogicalExpression PlanOperation(BoundOperation operation)
    {
        switch (operation.Operator)
        {
            case BoundOperator.Later or BoundOperator.Earlier:
                var duration = ((BoundDuration)operation.Operands[1]).Duration;
                return new LogicalShift(Plan(operation.Operands[0]), duration, operation.Operator == BoundOperator.Earlier);
            case BoundOperator.And or BoundOperator.Or:
                return new LogicalOperation(Operators[operation.Operator], Flatten(operation));
            default:
                return new LogicalOperation(Operators[operation.Operator], [.. operation.Operands.Select(operand => PlanAs(operand, operation.UsedType))]);
        }
    }

    private LogicalFunction PlanCall(BoundCall call)
    {
        var result = call.UsedType;
        return new LogicalFunction(call.Function.Name, [.. call.Arguments.Select((argument, i) =>
            PlanAs(argument, call.Function.ParameterType(i) == DataType.Unknown ? result : call.Function.ParameterType(i)))]);
    }

    private LogicalCase PlanCase(BoundCase choice)
    {
        var type = choice.UsedType;
        return new LogicalCase(
            [.. choice.Branches.Select(branch => new LogicalBranch(Plan(branch.When), PlanAs(branch.Then, type)))],
            choice.Else is null ? null : PlanAs(choice.Else, type));
    }

    private LogicalExpression PlanCast(BoundCast cast)
    {
        var operand = Plan(cast.Operand);
        return (cast.Operand.UsedType, cast.Target) switch
        {
            // Engines differ in whether a boolean can become a number.
            (DataType.Boolean, DataType.Integer or DataType.Number) => new LogicalCase(
                [new LogicalBranch(operand, Number(1, cast.Target)), new LogicalBranch(new LogicalOperation(LogicalOperator.Not, [operand]), Number(0, cast.Target))],
                null),
            // Engines differ in how a half is rounded by a cast; by `round` it goes away from zero in both.
            (DataType.Number, DataType.Integer) => new LogicalCast(new LogicalFunction("round", [operand]), DataType.Integer),
            _ => new LogicalCast(operand, cast.Target),
        };
    }

    private static LogicalExpression Number(long value, DataType type) =>
        type == DataType.Number ? new LogicalCast(new LogicalConstant(value), DataType.Number) : new LogicalConstant(value);

    /// <summary>
    /// Where a floating number is wanted, whole numbers and decimal constants are converted: engines have decimal types whose quotients
    /// are rounded early, so what the language calls a number is floating from the start (rule 60).
    /// </summary>
    private LogicalExpression PlanAs(BoundExpression bound, DataType type)
    {
        var isFloating = type != DataType.Number || bound is BoundDuration or BoundConstant { Value: null } ||
            (bound.UsedType == DataType.Number && bound is not BoundConstant);
        return isFloating ? Plan(bound) : new LogicalCast(Plan(bound), DataType.Number);
    }

    /// <summary>`a and b and c` is one conjunction, so that long chains stay flat.</summary>
    private ImmutableArray<LogicalExpression> Flatten(BoundOperation operation)
    {
        var operands = new List<BoundExpression>();
        var pending = new Stack<BoundExpression>([operation]);
        while (pending.TryPop(out var next))
        {
            if (next is BoundOperation inner && inner.Operator == operation.Operator)
            {
                foreach (var operand in inner.Operands.Reverse()) pending.Push(operand);
            }
            else
            {
                operands.Add(next);
            }
        }
        return [.. operands.Select(Plan)];
    }
}
