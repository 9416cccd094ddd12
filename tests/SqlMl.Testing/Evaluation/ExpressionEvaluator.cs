using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>Evaluates expressions, whose columns, vars, aggregates, anchors, states and later values a delegate supplies.</summary>
/// <param name="leaf">The value of an expression that has no parts, or that is evaluated at another instant.</param>
/// <param name="cutoff">The cutoff, for `days since`; null where there is none.</param>
internal sealed class ExpressionEvaluator(Func<OracleExpression, object?> leaf, DateTime? cutoff)
{
    /// <summary>True only where the expression is true: null does not hold.</summary>
    public bool Holds(OracleExpression? condition) => condition is null || Evaluate(condition) is true;

    /// <summary>The expression's value.</summary>
    public object? Evaluate(OracleExpression expression) => expression switch
    {
        LiteralExpression literal => Values.Of(literal.Value),
        ColumnExpression or KeyExpression or LinkedExpression or VarExpression or AggregateExpression or AnchorExpression or StateExpression or LaterExpression => leaf(expression),
        ElapsedExpression elapsed => Elapsed(elapsed),
        NotExpression not => Values.Not(Evaluate(not.Operand)),
        BinaryExpression binary => Binary(Evaluate(binary.Left), binary.Operator, Evaluate(binary.Right)),
        BetweenExpression e => Negate(Between(Evaluate(e.Operand), Evaluate(e.Low), Evaluate(e.High)), e.IsNegated),
        InExpression e => Negate(In(e), e.IsNegated),
        LikeExpression e => Negate(Evaluate(e.Operand) is string text ? Like(text, e.Pattern) : null, e.IsNegated),
        IsNullExpression e => Evaluate(e.Operand) is null != e.IsNegated,
        CaseExpression e => Case(e),
        CoalesceExpression e => e.Arguments.Select(Evaluate).FirstOrDefault(value => value is not null),
        NullIfExpression e => NullIf(Evaluate(e.Value), Evaluate(e.Other)),
        CutoffExpression => cutoff ?? throw new InvalidOperationException("there is no cutoff in a row"),
        CallExpression e => Functions.Call(e.Function, [.. e.Arguments.Select(Evaluate)]),
        ParamExpression e => Values.Of(e.Value),
        RawExpression e => Evaluate(e.Meaning),
        PathExpression e => Json.Find(Evaluate(e.Operand) as string, e.Steps),
        CastExpression e => Functions.Cast(Evaluate(e.Operand), e.Type),
        _ => throw new InvalidOperationException($"{expression.GetType()} cannot be evaluated"),
    };

    private object? Elapsed(ElapsedExpression elapsed)
    {
        if (Evaluate(elapsed.Since) is not DateTime since) return null;
        if (cutoff is not { } t) throw new InvalidOperationException("time elapses up to a cutoff only");
        if (elapsed.Unit >= DurationUnit.Month) return StepsBetween(t, since, new OracleDuration(1, elapsed.Unit), elapsed.IsAhead ? 1 : -1);
        return (double)(elapsed.IsAhead ? since - t : t - since).Ticks / OracleDuration.UnitLength(elapsed.Unit).Ticks;
    }

    /// <summary>Calendar steps from the cutoff to an instant on one side of it, one by one, and the share of the last.</summary>
    private static double StepsBetween(DateTime cutoff, DateTime instant, OracleDuration step, int direction)
    {
        var count = 0;
        while (direction > 0 ? cutoff.Shift(step, count + 1) <= instant : cutoff.Shift(step, -(count + 1)) >= instant) count++;
        while (direction > 0 ? cutoff.Shift(step, count) > instant : cutoff.Shift(step, -count) < instant) count--;
        var (near, far) = (cutoff.Shift(step, direction * count), cutoff.Shift(step, direction * (count + 1)));
        return count + ((double)(instant - near).Ticks / (far - near).Ticks);
    }

    private static object? Binary(object? left, OracleOperator op, object? right) => op switch
    {
        OracleOperator.And => Values.And(left, right),
        OracleOperator.Or => Values.Or(left, right),
        OracleOperator.Equal => Values.Compare(left, right, order => order == 0),
        OracleOperator.NotEqual => Values.Compare(left, right, order => order != 0),
        OracleOperator.Less => Values.Compare(left, right, order => order < 0),
        OracleOperator.LessOrEqual => Values.Compare(left, right, order => order <= 0),
        OracleOperator.Greater => Values.Compare(left, right, order => order > 0),
        OracleOperator.GreaterOrEqual => Values.Compare(left, right, order => order >= 0),
        _ => Arithmetic(left, op, right),
    };

    private static object? Arithmetic(object? left, OracleOperator op, object? right)
    {
        if (left is not double a || right is not double b) return null;
        return op switch
        {
            OracleOperator.Add => a + b,
            OracleOperator.Subtract => a - b,
            OracleOperator.Multiply => a * b,
            OracleOperator.Remainder => b == 0 ? null : a % b,
            _ => b == 0 ? null : a / b,
        };
    }

    private static object? Between(object? value, object? low, object? high) => Values.And(
        Values.Compare(value, low, order => order >= 0), Values.Compare(value, high, order => order <= 0));

    private object? In(InExpression e)
    {
        var value = Evaluate(e.Operand);
        return e.Candidates.Aggregate(
            (object?)false, (found, candidate) => Values.Or(found, Values.Compare(value, Evaluate(candidate), order => order == 0)));
    }

    private object? Case(CaseExpression e)
    {
        foreach (var branch in e.Branches)
        {
            if (Holds(branch.Condition)) return Evaluate(branch.Value);
        }
        return e.Else is null ? null : Evaluate(e.Else);
    }

    private static object? NullIf(object? value, object? other) =>
        value is not null && other is not null && Values.Order(value, other) == 0 ? null : value;

    private static object? Negate(object? value, bool isNegated) => isNegated ? Values.Not(value) : value;

    private static bool Like(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        if (pattern.IsEmpty) return text.IsEmpty;
        if (pattern[0] == '%') return Like(text, pattern[1..]) || (!text.IsEmpty && Like(text[1..], pattern));
        return !text.IsEmpty && (pattern[0] == '_' || pattern[0] == text[0]) && Like(text[1..], pattern[1..]);
    }
}
