using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Turns bound expressions into plan expressions; what an aggregate or var becomes is the caller's business.</summary>
internal sealed class ExpressionPlanner(Func<BoundExpression, LogicalExpression?> special)
{
    internal LogicalExpression Plan(BoundExpression bound) => special(bound) ?? bound switch
    {
        BoundConstant constant => new LogicalConstant(constant.Value),
        BoundLearned learned => new LogicalLearned(learned.Pivot, learned.Rank),
        BoundCutoff => new LogicalCutoff(),
        BoundKey key => new LogicalKey(key.Entity.Keys[key.Part]),
        BoundElapsed elapsed => new LogicalElapsed(Plan(elapsed.Operand), elapsed.Unit, elapsed.IsUntil),
        BoundCall call => PlanCall(call),
        BoundCast cast => PlanCast(cast),
        BoundCase choice => PlanCase(choice),
        BoundPath path => new LogicalPath(Plan(path.Operand), path.Steps),
        BoundRaw raw => new LogicalRaw(raw.Texts),
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
                return new LogicalOperation(Operator(operation.Operator), Flatten(operation));
            default:
                return new LogicalOperation(Operator(operation.Operator), operation.Operands.SelectAsArray(operand => PlanAs(operand, operation.UsedType)));
        }
    }

    private static LogicalOperator Operator(BoundOperator bound) => bound switch
    {
        BoundOperator.Or => LogicalOperator.Or,
        BoundOperator.And => LogicalOperator.And,
        BoundOperator.Not => LogicalOperator.Not,
        BoundOperator.Equal => LogicalOperator.Equal,
        BoundOperator.NotEqual => LogicalOperator.NotEqual,
        BoundOperator.Less => LogicalOperator.Less,
        BoundOperator.LessOrEqual => LogicalOperator.LessOrEqual,
        BoundOperator.Greater => LogicalOperator.Greater,
        BoundOperator.GreaterOrEqual => LogicalOperator.GreaterOrEqual,
        BoundOperator.Between => LogicalOperator.Between,
        BoundOperator.In => LogicalOperator.In,
        BoundOperator.Like => LogicalOperator.Like,
        BoundOperator.ILike => LogicalOperator.ILike,
        BoundOperator.IsNull => LogicalOperator.IsNull,
        BoundOperator.Add => LogicalOperator.Add,
        BoundOperator.Subtract => LogicalOperator.Subtract,
        BoundOperator.Multiply => LogicalOperator.Multiply,
        BoundOperator.Divide => LogicalOperator.Divide,
        BoundOperator.Modulo => LogicalOperator.Modulo,
        BoundOperator.Negate => LogicalOperator.Negate,
        _ => throw new InvalidOperationException($"{bound} is a shift of its own."),
    };

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
            choice.Branches.SelectAsArray(branch => new LogicalBranch(Plan(branch.When), PlanAs(branch.Then, type))),
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
            (DataType.Number, DataType.String) => TextOf(operand),
            _ => new LogicalCast(operand, cast.Target),
        };
    }

    /// <summary>Engines differ in how they write a whole number that is floating, `2` or `2.0`: as long as every digit is exact, it is written as the integer that it is.</summary>
    private static LogicalCase TextOf(LogicalExpression number)
    {
        const long exact = 1_000_000_000_000_000;
        var isWhole = new LogicalOperation(LogicalOperator.Equal, [number, new LogicalFunction("round", [number])]);
        var isExact = new LogicalOperation(LogicalOperator.Less, [new LogicalFunction("abs", [number]), new LogicalConstant(exact)]);
        return new LogicalCase(
            [new LogicalBranch(new LogicalOperation(LogicalOperator.And, [isWhole, isExact]), new LogicalCast(new LogicalCast(number, DataType.Integer), DataType.String))],
            new LogicalCast(number, DataType.String));
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
        var operands = new List<LogicalExpression>();
        var pending = new Stack<BoundExpression>([operation]);
        while (pending.TryPop(out var next))
        {
            if (next is BoundOperation inner && inner.Operator == operation.Operator)
            {
                foreach (var operand in inner.Operands.Reverse()) pending.Push(operand);
            }
            else
            {
                operands.Add(Plan(next));
            }
        }
        return [.. operands];
    }
}
