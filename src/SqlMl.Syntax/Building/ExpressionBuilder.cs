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

    public ExpressionSyntax Build(ExpressionContext expression) => BuildLevel(expression);

    public ExpressionSyntax? BuildOptional(ExpressionContext? expression) => expression is null ? null : Build(expression);

    public ImmutableArray<ExpressionSyntax> Build(ExpressionsContext expressions) => expressions.expression().SelectAsArray(Build);

    /// <summary>
    /// Builds a rule of one of the grammar's levels of precedence. Most of an expression's levels have one child, and then mean what
    /// that child means.
    /// </summary>
    private ExpressionSyntax BuildLevel(IParseTree level)
    {
        while (level is not (PostfixContext or ElapsedContext) && level.ChildCount == 1) level = level.GetChild(0);
        return level switch
        {
            PostfixContext postfix => Build(postfix),
            ElapsedContext elapsed => Build(elapsed),
            NegationContext negation => Prefix(negation.NOT(), UnaryOperator.Not, negation),
            FactorContext factor => Prefix(factor.MINUS(), UnaryOperator.Negate, factor),
            ComparisonContext comparison => Compare(BuildLevel(comparison.sum()), comparison.comparisonTail()),
            _ => Chain((ParserRuleContext)level),
        };
    }

    private ExpressionSyntax Compare(ExpressionSyntax left, ComparisonTailContext tail)
    {
        var isNegated = tail.NOT() is not null;
        if (tail.NULL() is { } end) return new IsNullSyntax(left.Span.To(Span(end)), left, isNegated);
        if (tail.IN() is not null) return new InSyntax(left.Span.To(Span(tail)), left, Build(tail.expressions()), isNegated);
        var operands = tail.sum();
        var first = BuildLevel(operands[0]);
        if (tail.BETWEEN() is not null)
        {
            var high = BuildLevel(operands[1]);
            return new BetweenSyntax(left.Span.To(high.Span), left, first, high, isNegated);
        }
        var span = left.Span.To(first.Span);
        if (tail.LIKE() is not null || tail.ILIKE() is not null) return new LikeSyntax(span, left, first, tail.ILIKE() is not null, isNegated);
        return new BinarySyntax(span, left, Operator(tail.Start.Type), Span(tail.Start), first);
    }

    private ElapsedSyntax Build(ElapsedContext elapsed)
    {
        var operand = Build(elapsed.postfix());
        return new ElapsedSyntax(Span(elapsed.Start).To(operand.Span), Unit(elapsed.unitWord()), elapsed.UNTIL() is not null, operand);
    }

    /// <summary>`a op b op c`, leaning left. The operators stand between the operands among the rule's children.</summary>
    private ExpressionSyntax Chain(ParserRuleContext chain)
    {
        var operators = chain.ChildCount / 2;
        if (!Enter(operators, chain)) return Nothing(chain);
        var result = BuildLevel(chain.GetChild(0));
        for (var i = 1; i < chain.ChildCount; i += 2)
        {
            var sign = ((ITerminalNode)chain.GetChild(i)).Symbol;
            var right = BuildLevel(chain.GetChild(i + 1));
            result = new BinarySyntax(result.Span.To(right.Span), result, Operator(sign.Type), Span(sign), right);
        }
        _depth -= operators;
        return result;
    }

    /// <summary>`not not a`: signs, and behind them the rule's last child.</summary>
    private ExpressionSyntax Prefix(ITerminalNode[] signs, UnaryOperator kind, ParserRuleContext rule)
    {
        if (!Enter(signs.Length, rule)) return Nothing(rule);
        var result = BuildLevel(rule.GetChild(rule.ChildCount - 1));
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
