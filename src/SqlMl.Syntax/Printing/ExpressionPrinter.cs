using static SqlMl.Syntax.LeafText;

namespace SqlMl.Syntax;

/// <summary>Writes expressions and values.</summary>
internal static class ExpressionPrinter
{
    public static void Print(SyntaxTreeText tree, ValueSyntax value)
    {
        tree.Line("Value", Part("description", value.Description, Of));
        tree.Nested(() =>
        {
            Print(tree, value.Expression);
            if (value.Family is { } family) tree.Line(Family(family));
            Labelled(tree, "default", value.Default);
        });
    }

    /// <summary>A labelled child; nothing where it is absent.</summary>
    public static void Labelled(SyntaxTreeText tree, string label, ExpressionSyntax? expression)
    {
        if (expression is null) return;
        tree.Line(label);
        tree.Nested(() => Print(tree, expression));
    }

    public static void Print(SyntaxTreeText tree, ExpressionSyntax expression)
    {
        tree.Line(Head(expression));
        tree.Nested(() => PrintChildren(tree, expression));
    }

    private static string Head(ExpressionSyntax expression) => expression switch
    {
        LiteralSyntax { Kind: LiteralKind.String } literal => $"Literal {Quoted(literal.Text)}",
        LiteralSyntax literal => $"Literal {literal.Text}",
        DurationExpressionSyntax duration => $"Duration {Of(duration.Duration)}",
        ArraySyntax => "Array",
        NameExpressionSyntax name => $"Name {Of(name.Name)}",
        MemberSyntax member => $"Member {Of(member.Name)}",
        FieldAccessSyntax field => $"Field {Of(field.Field)}",
        IndexAccessSyntax index => $"Index {(index.Index.Kind == LiteralKind.String ? Quoted(index.Index.Text) : index.Index.Text)}",
        CastSyntax cast => $"Cast {Of(cast.Type)}",
        CallSyntax call =>
            $"Call {(call.Qualifier is { } qualifier ? Of(qualifier) + "." : "")}{Of(call.Name)}{(call.IsStar ? " *" : "")}{(call.Side is { } side ? " as " + Of(side) : "")}",
        UnarySyntax unary => $"Unary {unary.Operator}",
        BinarySyntax binary => $"Binary {binary.Operator}",
        BetweenSyntax between => Negated("Between", between.IsNegated),
        InSyntax choice => Negated("In", choice.IsNegated),
        LikeSyntax like => Negated(like.IgnoresCase ? "ILike" : "Like", like.IsNegated),
        IsNullSyntax test => Negated("IsNull", test.IsNegated),
        CaseSyntax => "Case",
        RawSyntax => "Raw",
        ElapsedSyntax elapsed => $"Elapsed {elapsed.Unit.Word()} {(elapsed.IsUntil ? "until" : "since")}",
        ParenthesizedSyntax => "Parenthesized",
        WindowedSyntax windowed => $"Windowed {Window(windowed.Window)}",
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression.GetType().Name, "an expression without a printed form"),
    };

    private static void PrintChildren(SyntaxTreeText tree, ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ArraySyntax array: PrintAll(tree, array.Elements); break;
            case MemberSyntax member: Print(tree, member.Target); break;
            case FieldAccessSyntax field: Print(tree, field.Target); break;
            case IndexAccessSyntax index: Print(tree, index.Target); break;
            case CastSyntax cast: Print(tree, cast.Operand); break;
            case UnarySyntax unary: Print(tree, unary.Operand); break;
            case BinarySyntax binary: PrintAll(tree, [binary.Left, binary.Right]); break;
            case BetweenSyntax between: PrintAll(tree, [between.Operand, between.Low, between.High]); break;
            case InSyntax choice: PrintAll(tree, [choice.Operand, .. choice.Candidates]); break;
            case LikeSyntax like: PrintAll(tree, [like.Operand, like.Pattern]); break;
            case IsNullSyntax test: Print(tree, test.Operand); break;
            case ElapsedSyntax elapsed: Print(tree, elapsed.Operand); break;
            case ParenthesizedSyntax bracket: Print(tree, bracket.Inner); break;
            case WindowedSyntax windowed: Print(tree, windowed.Operand); break;
            case RawSyntax raw:
                foreach (var text in raw.Texts) tree.Line(Of(text.Dialect), Of(text.Text));
                break;
            case CallSyntax call:
                PrintAll(tree, call.Arguments);
                Labelled(tree, "where", call.Where);
                break;
            case CaseSyntax choice:
                Labelled(tree, "operand", choice.Operand);
                foreach (var branch in choice.Branches)
                {
                    Labelled(tree, "when", branch.When);
                    Labelled(tree, "then", branch.Then);
                }
                Labelled(tree, "else", choice.Else);
                break;
        }
    }

    private static void PrintAll(SyntaxTreeText tree, IEnumerable<ExpressionSyntax> expressions)
    {
        foreach (var expression in expressions) Print(tree, expression);
    }

    private static string Negated(string name, bool isNegated) => isNegated ? "Not" + name : name;

    private static string Join(params ReadOnlySpan<string?> words) => string.Join(' ', words.ToArray().Where(word => word is not null));

    private static string Window(WindowSyntax window) => window switch
    {
        OverWindowSyntax over => Join("over", Of(over.Length), Part("ending", over.Ending, Of)),
        InNextWindowSyntax next => Join("in next", Of(next.Length), Part("after", next.After, Of)),
        AfterWindowSyntax after => Join("after", Of(after.Offset)),
        PivotWindowSyntax pivot => Join(
            "by", Of(pivot.Column), pivot.Values.IsEmpty ? null : $"in ({List(pivot.Values, Of)})", Part("top", pivot.Top), Part("over", pivot.Over, Of)),
        _ => throw new ArgumentOutOfRangeException(nameof(window), window.GetType().Name, "a window without a printed form"),
    };

    private static string Family(FamilySyntax family) => family switch
    {
        OverFamilySyntax over => Join("family over", List(over.Lengths, Of), Part("ending", over.Ending, Of)),
        InNextFamilySyntax next => Join("family in next", List(next.Lengths, Of), Part("after", next.After, Of)),
        RepeatedFamilySyntax repeated => $"repeated {repeated.Times} times",
        _ => throw new ArgumentOutOfRangeException(nameof(family), family.GetType().Name, "a family without a printed form"),
    };
}
