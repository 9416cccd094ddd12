namespace SqlMl.Semantics.Binding;

/// <summary>
/// Finds labels that nothing after the cutoff can change: those that are constant, and those that eligibility decides. It never guesses:
/// a value that it gives holds for all rows, and where it cannot tell it says so. What is evaluated at another instant is never compared.
/// </summary>
internal sealed class DecidedLabel
{
    private sealed record Fact(BoundExpression Expression, bool IsTrue);

    private readonly List<Fact> _facts = [];

    // Each var is followed once, however many ways lead to it.
    private readonly Dictionary<VarSymbol, bool?> _values = [];
    private readonly HashSet<VarSymbol> _assumed = [];

    private DecidedLabel(BoundExpression? when)
    {
        if (when is not null) Assume(when, isTrue: true);
    }

    /// <summary>The value of a label for all who are eligible; null where rows may still change it.</summary>
    internal static bool? Of(BoundExpression label, BoundExpression? when) => new DecidedLabel(when).Value(label);

    /// <summary>What holds of every row, taken apart: of `a and b` both, of `not (a or b)` neither.</summary>
    private void Assume(BoundExpression expression, bool isTrue)
    {
        _facts.Add(new Fact(expression, isTrue));
        if (expression is BoundVar { Var: var read })
        {
            if (_assumed.Add(read)) Assume(read.Expression, isTrue);
            return;
        }
        if (expression is not BoundOperation { Operands: var operands } operation) return;
        if (operation.Operator == BoundOperator.Not) Assume(operands[0], !isTrue);
        if (operation.Operator != (isTrue ? BoundOperator.And : BoundOperator.Or)) return;
        foreach (var operand in operands) Assume(operand, isTrue);
    }

    private bool? Value(BoundExpression expression)
    {
        if (expression is BoundConstant { Value: bool constant }) return constant;
        foreach (var fact in _facts)
        {
            if (SameValue.Holds(fact.Expression, expression)) return fact.IsTrue;
        }
        return expression switch
        {
            BoundVar { Var: var read } => OfVar(read),
            BoundOperation operation => OfOperation(operation),
            _ => null,
        };
    }

    private bool? OfVar(VarSymbol read)
    {
        if (_values.TryGetValue(read, out var known)) return known;
        return _values[read] = Value(read.Expression);
    }

    private bool? OfOperation(BoundOperation operation) => operation.Operator switch
    {
        BoundOperator.Not => !Value(operation.Operands[0]),
        BoundOperator.And => OfSeveral(operation, decisive: false),
        BoundOperator.Or => OfSeveral(operation, decisive: true),
        _ => OfComparison(operation),
    };

    /// <summary>One decisive operand decides; else all must be known. Null for unknown makes no difference: `false and null` is false.</summary>
    private bool? OfSeveral(BoundOperation operation, bool decisive)
    {
        var areAllKnown = true;
        foreach (var operand in operation.Operands)
        {
            var value = Value(operand);
            if (value == decisive) return decisive;
            areAllKnown &= value is not null;
        }
        return areAllKnown ? !decisive : null;
    }

    private bool? OfComparison(BoundOperation operation)
    {
        if (Comparison(operation) is not { } asked) return null;
        if (IsCount(asked.Value) && Decide(NumberRange.NotNegative, asked.Range) is { } always) return always;
        foreach (var fact in _facts)
        {
            if (fact is not { IsTrue: true, Expression: BoundOperation known } || Comparison(known) is not { } given) continue;
            if (SameValue.Holds(given.Value, asked.Value) && Decide(given.Range, asked.Range) is { } decided) return decided;
        }
        return null;
    }

    private static bool? Decide(NumberRange known, NumberRange asked) => known.IsWithin(asked) ? true : known.IsApartFrom(asked) ? false : null;

    /// <summary>`value op constant`, or the same the other way round, as a range; null for anything else.</summary>
    private static (BoundExpression Value, NumberRange Range)? Comparison(BoundOperation operation)
    {
        if (operation.Operands.Length != 2) return null;
        var (left, right) = (operation.Operands[0], operation.Operands[1]);
        if (Number(right) is { } above) return NumberRange.Where(operation.Operator, above) is { } range ? (SameValue.Resolve(left), range) : null;
        if (Number(left) is { } below) return NumberRange.Where(Mirrored(operation.Operator), below) is { } range ? (SameValue.Resolve(right), range) : null;
        return null;
    }

    private static BoundOperator Mirrored(BoundOperator comparison) => comparison switch
    {
        BoundOperator.Less => BoundOperator.Greater,
        BoundOperator.LessOrEqual => BoundOperator.GreaterOrEqual,
        BoundOperator.Greater => BoundOperator.Less,
        BoundOperator.GreaterOrEqual => BoundOperator.LessOrEqual,
        _ => comparison,
    };

    private static decimal? Number(BoundExpression expression) => expression switch
    {
        BoundConstant { Value: long whole } => whole,
        BoundConstant { Value: decimal number } => number,
        BoundOperation { Operator: BoundOperator.Negate, Operands: [var operand] } => -Number(operand),
        _ => null,
    };

    // What another value stands in for may be anything.
    private static bool IsCount(BoundExpression expression) =>
        expression is BoundAggregate { Default: null, Definition.Name: "count" or "count_distinct" or "active_days" };
}
