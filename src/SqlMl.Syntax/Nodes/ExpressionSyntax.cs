using System.Collections.Immutable;
using SqlMl.Language.Text;

namespace SqlMl.Syntax;

/// <summary>Anything that yields a value.</summary>
public abstract record ExpressionSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>The kinds of literal.</summary>
public enum LiteralKind
{
    /// <summary>A number; the text is as written.</summary>
    Number,

    /// <summary>A string; the text is the value.</summary>
    String,

    /// <summary>`true` or `false`.</summary>
    Boolean,

    /// <summary>`null`.</summary>
    Null,
}

/// <summary>A number, string, truth value or null.</summary>
public sealed record LiteralSyntax(SourceSpan Span, LiteralKind Kind, string Text) : ExpressionSyntax(Span);

/// <summary>A duration used as a value: `7 days`.</summary>
public sealed record DurationExpressionSyntax(SourceSpan Span, DurationSyntax Duration) : ExpressionSyntax(Span);

/// <summary>A list in brackets: `[a, b]`.</summary>
public sealed record ArraySyntax(SourceSpan Span, ImmutableArray<ExpressionSyntax> Elements) : ExpressionSyntax(Span);

/// <summary>A bare name: a var, a column, a param, `cutoff` or `anchor`, as the place decides.</summary>
public sealed record NameExpressionSyntax(SourceSpan Span, NameSyntax Name) : ExpressionSyntax(Span);

/// <summary>A member of something: `orders.amount`, `anchor.app_id`.</summary>
public sealed record MemberSyntax(SourceSpan Span, ExpressionSyntax Target, NameSyntax Name) : ExpressionSyntax(Span);

/// <summary>A step into a semi-structured value: `payload:device`.</summary>
public sealed record FieldAccessSyntax(SourceSpan Span, ExpressionSyntax Target, NameSyntax Field) : ExpressionSyntax(Span);

/// <summary>An element of an array or object: `a[0]`, `a['k']`.</summary>
public sealed record IndexAccessSyntax(SourceSpan Span, ExpressionSyntax Target, LiteralSyntax Index) : ExpressionSyntax(Span);

/// <summary>A cast: `x::string`.</summary>
public sealed record CastSyntax(SourceSpan Span, ExpressionSyntax Operand, NameSyntax Type) : ExpressionSyntax(Span);

/// <summary>A call of an aggregate or function.</summary>
/// <param name="Span">The whole call.</param>
/// <param name="Name">What is called.</param>
/// <param name="Arguments">The arguments; empty for `f()` and for `f(*)`.</param>
/// <param name="IsStar">True for `f(*)`.</param>
/// <param name="Side">The side of the row that the entity stands on: `count(games as home)`; null without.</param>
/// <param name="Where">The filter; null without.</param>
public sealed record CallSyntax(
    SourceSpan Span, NameSyntax Name, ImmutableArray<ExpressionSyntax> Arguments, bool IsStar, NameSyntax? Side, ExpressionSyntax? Where)
    : ExpressionSyntax(Span)
{
    /// <summary>What stands before the dot in `cortex.sentiment(x)`; null for a plain call.</summary>
    public NameSyntax? Qualifier { get; init; }
}

/// <summary>The operators with one operand.</summary>
public enum UnaryOperator
{
    /// <summary>`-x`.</summary>
    Negate,

    /// <summary>`not x`.</summary>
    Not,
}

/// <summary>An operator with one operand.</summary>
public sealed record UnarySyntax(SourceSpan Span, UnaryOperator Operator, ExpressionSyntax Operand) : ExpressionSyntax(Span);

/// <summary>The operators with two operands.</summary>
public enum BinaryOperator
{
    /// <summary>`or`.</summary>
    Or,

    /// <summary>`and`.</summary>
    And,

    /// <summary>`=`.</summary>
    Equal,

    /// <summary>`&lt;&gt;`.</summary>
    NotEqual,

    /// <summary>`&lt;`.</summary>
    Less,

    /// <summary>`&lt;=`.</summary>
    LessOrEqual,

    /// <summary>`&gt;`.</summary>
    Greater,

    /// <summary>`&gt;=`.</summary>
    GreaterOrEqual,

    /// <summary>`+`.</summary>
    Add,

    /// <summary>`-`.</summary>
    Subtract,

    /// <summary>`*`.</summary>
    Multiply,

    /// <summary>`/`.</summary>
    Divide,

    /// <summary>`%`.</summary>
    Modulo,
}

/// <summary>An operator with two operands.</summary>
public sealed record BinarySyntax(
    SourceSpan Span, ExpressionSyntax Left, BinaryOperator Operator, SourceSpan OperatorSpan, ExpressionSyntax Right) : ExpressionSyntax(Span);

/// <summary>`x [not] between low and high`, both ends included.</summary>
public sealed record BetweenSyntax(
    SourceSpan Span, ExpressionSyntax Operand, ExpressionSyntax Low, ExpressionSyntax High, bool IsNegated) : ExpressionSyntax(Span);

/// <summary>`x [not] in (a, b)`, at least one candidate.</summary>
public sealed record InSyntax(
    SourceSpan Span, ExpressionSyntax Operand, ImmutableArray<ExpressionSyntax> Candidates, bool IsNegated) : ExpressionSyntax(Span);

/// <summary>`x [not] like pattern`, or `ilike`, which ignores case.</summary>
public sealed record LikeSyntax(
    SourceSpan Span, ExpressionSyntax Operand, ExpressionSyntax Pattern, bool IgnoresCase, bool IsNegated) : ExpressionSyntax(Span);

/// <summary>`x is [not] null`.</summary>
public sealed record IsNullSyntax(SourceSpan Span, ExpressionSyntax Operand, bool IsNegated) : ExpressionSyntax(Span);

/// <summary>One `when ... then ...` of a case expression.</summary>
public sealed record CaseBranchSyntax(SourceSpan Span, ExpressionSyntax When, ExpressionSyntax Then) : SyntaxNode(Span);

/// <summary>`case [operand] when ... then ... [else ...] end`, at least one branch.</summary>
public sealed record CaseSyntax(
    SourceSpan Span, ExpressionSyntax? Operand, ImmutableArray<CaseBranchSyntax> Branches, ExpressionSyntax? Else) : ExpressionSyntax(Span);

/// <summary>SQL given per dialect: `raw { snowflake '...' duckdb '...' }`.</summary>
public sealed record RawSyntax(SourceSpan Span, ImmutableArray<DialectTextSyntax> Texts) : ExpressionSyntax(Span);

/// <summary>A dialect's name with its SQL text.</summary>
public sealed record DialectTextSyntax(SourceSpan Span, NameSyntax Dialect, StringSyntax Text) : SyntaxNode(Span);

/// <summary>`days since x` (the past) or `days until x` (the future); any unit.</summary>
public sealed record ElapsedSyntax(SourceSpan Span, DurationUnit Unit, bool IsUntil, ExpressionSyntax Operand) : ExpressionSyntax(Span);

/// <summary>An expression in round brackets, kept so that spans and layout survive.</summary>
public sealed record ParenthesizedSyntax(SourceSpan Span, ExpressionSyntax Inner) : ExpressionSyntax(Span);

/// <summary>A call, name or bracket with a window or pivot behind it.</summary>
public sealed record WindowedSyntax(SourceSpan Span, ExpressionSyntax Operand, WindowSyntax Window) : ExpressionSyntax(Span);

/// <summary>What stands behind a call, name or bracket and says which rows it sees.</summary>
public abstract record WindowSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>`over D [ending G ago]`: the past.</summary>
public sealed record OverWindowSyntax(SourceSpan Span, DurationSyntax Length, DurationSyntax? Ending) : WindowSyntax(Span);

/// <summary>`in next H [after G]`: the future.</summary>
public sealed record InNextWindowSyntax(SourceSpan Span, DurationSyntax Length, DurationSyntax? After) : WindowSyntax(Span);

/// <summary>`expr after H`: the same expression, evaluated `H` later.</summary>
public sealed record AfterWindowSyntax(SourceSpan Span, DurationSyntax Offset) : WindowSyntax(Span);

/// <summary>`by column [in (...) | top N] [over D]`: one value for each value of a column.</summary>
public sealed record PivotWindowSyntax(
    SourceSpan Span, PathSyntax Column, ImmutableArray<LiteralExpressionSyntax> Values, int? Top, DurationSyntax? Over) : WindowSyntax(Span);

/// <summary>A literal where only a literal may stand, with its sign applied: in tests and pivots. An array has its elements, others none.</summary>
public sealed record LiteralExpressionSyntax(
    SourceSpan Span, LiteralKind Kind, string Text, ImmutableArray<LiteralExpressionSyntax> Elements, bool IsArray) : SyntaxNode(Span);
