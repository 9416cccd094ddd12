namespace SqlMl.Testing.Programs;

/// <summary>Walks expressions from the leaves up.</summary>
public static class ExpressionRewriter
{
    /// <summary>The expression with every part replaced by what <paramref name="replace"/> makes of it; conditions inside aggregates stay.</summary>
    public static OracleExpression Rewrite(OracleExpression expression, Func<OracleExpression, OracleExpression> replace)
    {
        OracleExpression Inner(OracleExpression part) => Rewrite(part, replace);
        return replace(expression switch
        {
            LaterExpression e => e with { Operand = Inner(e.Operand) },
            ElapsedExpression e => e with { Since = Inner(e.Since) },
            NotExpression e => new NotExpression(Inner(e.Operand)),
            BinaryExpression e => e with { Left = Inner(e.Left), Right = Inner(e.Right) },
            BetweenExpression e => e with { Operand = Inner(e.Operand), Low = Inner(e.Low), High = Inner(e.High) },
            InExpression e => e with { Operand = Inner(e.Operand), Candidates = [.. e.Candidates.Select(Inner)] },
            LikeExpression e => e with { Operand = Inner(e.Operand) },
            IsNullExpression e => e with { Operand = Inner(e.Operand) },
            CaseExpression e => new CaseExpression(
                [.. e.Branches.Select(branch => new CaseBranch(Inner(branch.Condition), Inner(branch.Value)))],
                e.Else is null ? null : Inner(e.Else)),
            CoalesceExpression e => new CoalesceExpression([.. e.Arguments.Select(Inner)]),
            NullIfExpression e => new NullIfExpression(Inner(e.Value), Inner(e.Other)),
            CallExpression e => e with { Arguments = [.. e.Arguments.Select(Inner)] },
            PathExpression e => e with { Operand = Inner(e.Operand) },
            CastExpression e => e with { Operand = Inner(e.Operand) },
            RawExpression e => e with { Meaning = Inner(e.Meaning) },
            _ => expression,
        });
    }

    /// <summary>The expression and all of its parts, conditions inside aggregates excepted.</summary>
    public static IEnumerable<OracleExpression> Parts(OracleExpression expression)
    {
        var parts = new List<OracleExpression>();
        Rewrite(expression, part =>
        {
            parts.Add(part);
            return part;
        });
        return parts;
    }
}
