using System.Collections.Immutable;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using SqlMl.Language.Collections;
using SqlMl.Syntax.Parsing;
using static SqlMl.Syntax.Building.LeafBuilder;
using static SqlMl.Syntax.Generated.SqlMlParser;

namespace SqlMl.Syntax.Building;

/// <summary>Builds expressions: chains of operators lean left, brackets are kept.</summary>
internal sealed partial class ExpressionBuilder(LeafBuilder leaves, ParseErrors errors)
{
    /// <summary>
    /// How deep a tree may become through chains: `a + b + c` is two levels. Brackets are limited before; what walks the tree
    /// later may recurse without a thought for its stack.
    /// </summary>
    internal const int MaxChain = 1000;

    private int _depth;
    private bool _isTooDeepReported;

    public ExpressionSyntax Build(ExpressionContext expression) => Chain(expression.conjunction(), Build, expression);

    public ExpressionSyntax? BuildOptional(ExpressionContext? expression) => expression is null ? null : Build(expression);

    public ImmutableArray<ExpressionSyntax> Build(ExpressionsContext expressions) => expressions.expression().SelectAsArray(Build);

    private ExpressionSyntax Build(ConjunctionContext conjunction) => Chain(conjunction.negation(), Build, conjunction);

    private ExpressionSyntax Build(NegationContext negation) =>
        Prefix(negation.NOT(), UnaryOperator.Not, negation, () => Build(negation.comparison()));

    private ExpressionSyntax Build(ComparisonContext comparison)
    {
        var left = Build(comparison.sum());
        return comparison.comparisonTail() is { } tail ? Compare(left, tail) : left;
    }

    private ExpressionSyntax Compare(ExpressionSyntax left, ComparisonTailContext tail)
    {
        var isNegated = tail.NOT() is not null;
        if (tail.NULL() is { } end) return new IsNullSyntax(left.Span.To(Span(end)), left, isNegated);
        if (tail.IN() is not null) return new InSyntax(left.Span.To(Span(tail)), left, Build(tail.expressions()), isNegated);
        var operands = tail.sum();
        var first = Build(operands[0]);
        if (tail.BETWEEN() is not null)
        {
            var high = Build(operands[1]);
            return new BetweenSyntax(left.Span.To(high.Span), left, first, high, isNegated);
        }
        var span = left.Span.To(first.Span);
        if (tail.LIKE() is not null || tail.ILIKE() is not null) return new LikeSyntax(span, left, first, tail.ILIKE() is not null, isNegated);
        return new BinarySyntax(span, left, Operator(tail.Start.Type), Span(tail.Start), first);
    }

    private ExpressionSyntax Build(SumContext sum) => Chain(sum.product(), Build, sum);

    private ExpressionSyntax Build(ProductContext product) => Chain(product.factor(), Build, product);

    private ExpressionSyntax Build(FactorContext factor) => Prefix(
        factor.MINUS(), UnaryOperator.Negate, factor, () => factor.elapsed() is { } elapsed ? Build(elapsed) : Build(factor.postfix()));

    private ElapsedSyntax Build(ElapsedContext elapsed)
    {
        var operand = Build(elapsed.postfix());
        return new ElapsedSyntax(Span(elapsed.Start).To(operand.Span), Unit(elapsed.unitWord()), elapsed.UNTIL() is not null, operand);
    }

    /// <summary>`a op b op c`, leaning left. The operators stand between the operands among the rule's children.</summary>
    private ExpressionSyntax Chain<T>(T[] operands, Func<T, ExpressionSyntax> build, ParserRuleContext chain)
        where T : ParserRuleContext
    {
        if (operands.Length == 1) return build(operands[0]);
        if (!Enter(operands.Length - 1, chain)) return Nothing(chain);
        var result = build(operands[0]);
        for (var i = 1; i < operands.Length; i++)
        {
            var sign = ((ITerminalNode)chain.GetChild((2 * i) - 1)).Symbol;
            var right = build(operands[i]);
            result = new BinarySyntax(result.Span.To(right.Span), result, Operator(sign.Type), Span(sign), right);
        }
        _depth -= operands.Length - 1;
        return result;
    }

    private ExpressionSyntax Prefix(ITerminalNode[] signs, UnaryOperator kind, ParserRuleContext rule, Func<ExpressionSyntax> operand)
    {
        if (signs.Length == 0) return operand();
        if (!Enter(signs.Length, rule)) return Nothing(rule);
        var result = operand();
        foreach (var sign in signs.Reverse()) result = new UnarySyntax(Span(sign).To(result.Span), kind, result);
        _depth -= signs.Length;
        return result;
    }

    private bool Enter(int levels, ParserRuleContext rule)
    {
        if (_depth + levels <= MaxChain)
        {
            _depth += levels;
            return true;
        }
        if (!_isTooDeepReported) errors.Add(SyntaxErrors.NestedTooDeeply(Span(rule.Start), MaxChain));
        _isTooDeepReported = true;
        return false;
    }

    /// <summary>What stands in the tree where an error is reported already.</summary>
    private static LiteralSyntax Nothing(ParserRuleContext rule) => new(Span(rule), LiteralKind.Null, "null");

    private static BinaryOperator Operator(int type) => type switch
    {
        EQUAL => BinaryOperator.Equal,
        NOT_EQUAL => BinaryOperator.NotEqual,
        LESS => BinaryOperator.Less,
        LESS_OR_EQUAL => BinaryOperator.LessOrEqual,
        GREATER => BinaryOperator.Greater,
        GREATER_OR_EQUAL => BinaryOperator.GreaterOrEqual,
        PLUS => BinaryOperator.Add,
        MINUS => BinaryOperator.Subtract,
        STAR => BinaryOperator.Multiply,
        SLASH => BinaryOperator.Divide,
        PERCENT => BinaryOperator.Modulo,
        OR => BinaryOperator.Or,
        AND => BinaryOperator.And,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an operator with two operands"),
    };
}
