using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Puts one window of a family where a single window would have stood: behind the last call, name or bracket (rule 38).</summary>
internal static class WindowPlacement
{
    internal static ExpressionSyntax AtEnd(ExpressionSyntax syntax, WindowSyntax window) => syntax switch
    {
        UnarySyntax unary => unary with { Operand = AtEnd(unary.Operand, window) },
        BinarySyntax binary => binary with { Right = AtEnd(binary.Right, window) },
        BetweenSyntax between => between with { High = AtEnd(between.High, window) },
        LikeSyntax like => like with { Pattern = AtEnd(like.Pattern, window) },
        ElapsedSyntax elapsed => elapsed with { Operand = AtEnd(elapsed.Operand, window) },
        _ => new WindowedSyntax(syntax.Span, syntax, window),
    };
}
