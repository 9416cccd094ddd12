using Antlr4.Runtime;
using SqlMl.Language.Collections;
using SqlMl.Language.Text;
using static SqlMl.Syntax.Building.LeafBuilder;
using static SqlMl.Syntax.Generated.SqlMlParser;

namespace SqlMl.Syntax.Building;

/// <summary>Values, and the operands of expressions: names, calls, literals, what hangs on them, the windows behind them.</summary>
internal sealed partial class ExpressionBuilder
{
    // A list of windows belongs to the value as a whole, yet the grammar reads it as the window of the last operand.
    // Where that operand ends the value, the list is taken off and kept here.
    private IToken? _valueEnd;
    private FamilySyntax? _family;

    /// <summary>A value: the one place at whose end a list of windows and a pivot may stand.</summary>
    public ValueSyntax Build(ValueContext value)
    {
        _family = null;
        _valueEnd = value.pivot() is null ? value.expression().Stop : null;
        var expression = Build(value.expression());
        _valueEnd = null;
        if (value.pivot() is { } pivot) expression = Pivot(expression, pivot);
        if (value.repetition() is { } repetition) Keep(new RepeatedFamilySyntax(Span(repetition), leaves.Count(repetition.NUMBER())));
        var family = _family;
        return new ValueSyntax(Span(value), expression, family, BuildOptional(value.defaultValue()?.expression()), Description(value.DESCRIPTION()));
    }

    /// <summary>The call behind `until` and `after`: `first(rows where ...)`.</summary>
    public CallSyntax Build(FirstCallContext first) => Call(Span(first), Name(first.FIRST()), first.arguments());

    private void Keep(FamilySyntax family)
    {
        if (_family is not null) errors.Add(SyntaxErrors.MisplacedWindows(_family.Span));
        _family = family;
    }

    private ExpressionSyntax Pivot(ExpressionSyntax aggregate, PivotContext pivot)
    {
        if (aggregate is not (CallSyntax or NameExpressionSyntax or MemberSyntax or ParenthesizedSyntax))
        {
            errors.Add(SyntaxErrors.MisplacedPivot(Span(pivot)));
            return aggregate;
        }
        var column = Path(pivot.path());
        var span = Span(pivot.BY()).To(column.Span);
        if (pivot.RPAREN() is { } end) span = span.To(Span(end));
        if (pivot.NUMBER() is { } number) span = span.To(Span(number));
        var lengths = pivot.lengths() is { } list ? leaves.Lengths(list) : [];
        if (lengths.Length == 1) span = span.To(lengths[0].Span);
        if (lengths.Length > 1) Keep(new OverFamilySyntax(Span(pivot.OVER()).To(lengths[^1].Span), lengths, null));
        int? top = pivot.NUMBER() is { } limit ? leaves.Count(limit) : null;
        var window = new PivotWindowSyntax(span, column, leaves.Literals(pivot.literals()), top, lengths.Length == 1 ? lengths[0] : null);
        return new WindowedSyntax(aggregate.Span.To(span), aggregate, window);
    }

    private ExpressionSyntax Build(PostfixContext postfix)
    {
        var operand = postfix.reference() is { } reference ? Build(reference) : Build(postfix.constant());
        var suffixes = postfix.suffix();
        if (!Enter(suffixes.Length, postfix)) return Nothing(postfix);
        foreach (var suffix in suffixes) operand = Suffix(operand, suffix);
        _depth -= suffixes.Length;
        return postfix.window() is { } window ? Windowed(operand, window) : operand;
    }

    private ExpressionSyntax Build(ReferenceContext operand) => operand switch
    {
        NameOrCallContext plain when plain.call() is { } call => Call(Span(plain), Name(plain.name()), call.arguments()),
        NameOrCallContext plain => new NameExpressionSyntax(Span(plain), Name(plain.name())),
        CutoffNameContext cutoff => new NameExpressionSyntax(Span(cutoff), Name(cutoff.CUTOFF())),
        AnchorNameContext anchor => new NameExpressionSyntax(Span(anchor), Name(anchor.ANCHOR())),
        _ => new ParenthesizedSyntax(Span(operand), Build(((BracketedContext)operand).expression())),
    };

    private ExpressionSyntax Build(ConstantContext constant)
    {
        var span = Span(constant);
        return constant switch
        {
            NumberOrDurationContext number when number.unitWord() is { } unit =>
                new DurationExpressionSyntax(span, leaves.Duration(span, number.NUMBER(), unit)),
            NumberOrDurationContext number => new LiteralSyntax(span, LiteralKind.Number, leaves.CheckedText(number.NUMBER())),
            StringConstantContext => new LiteralSyntax(span, LiteralKind.String, StringValue(span.Text)),
            BooleanConstantContext => new LiteralSyntax(span, LiteralKind.Boolean, span.Text.ToLowerInvariant()),
            ArrayConstantContext array => new ArraySyntax(span, Build(array.expressions())),
            CaseExpressionContext choice => new CaseSyntax(
                span,
                BuildOptional(choice.caseOperand()?.expression()),
                choice.caseBranch().SelectAsArray(branch => new CaseBranchSyntax(Span(branch), Build(branch.expression(0)), Build(branch.expression(1)))),
                BuildOptional(choice.caseElse()?.expression())),
            RawExpressionContext raw => new RawSyntax(span, raw.dialectText().SelectAsArray(DialectText)),
            _ => new LiteralSyntax(span, LiteralKind.Null, "null"),
        };
    }

    private CallSyntax Call(SourceSpan span, NameSyntax name, ArgumentsContext? arguments) => new(
        span, name, arguments?.expressions() is { } list ? Build(list) : [], arguments?.STAR() is not null,
        OptionalName(arguments?.name()), BuildOptional(arguments?.expression()));

    private ExpressionSyntax Suffix(ExpressionSyntax target, SuffixContext suffix)
    {
        var span = target.Span.To(Span(suffix));
        if (suffix.call() is { } call)
        {
            if (target is NameExpressionSyntax { Name: var qualifier }) return Call(span, Name(suffix.name()), call.arguments()) with { Qualifier = qualifier };
            errors.Add(SyntaxErrors.NotExpected(Span(call.LPAREN()), "`(`", suffix.name().GetText(), null, null));
            return target;
        }
        if (suffix.DOT() is not null) return new MemberSyntax(span, target, Name(suffix.name()));
        if (suffix.COLON() is not null) return new FieldAccessSyntax(span, target, Name(suffix.name()));
        if (suffix.CAST() is not null) return new CastSyntax(span, target, Name(suffix.name()));
        var index = suffix.NUMBER() is { } number
            ? new LiteralSyntax(Span(number), LiteralKind.Number, leaves.CheckedText(number))
            : new LiteralSyntax(Span(suffix.STRING()), LiteralKind.String, StringValue(suffix.STRING().GetText()));
        return new IndexAccessSyntax(span, target, index);
    }

    private ExpressionSyntax Windowed(ExpressionSyntax operand, WindowContext window)
    {
        var span = Span(window);
        if (window is AfterWindowContext after)
        {
            var offset = new AfterWindowSyntax(span, leaves.Duration(after.duration()));
            return new WindowedSyntax(operand.Span.To(span), operand, offset);
        }
        var over = window as OverWindowContext;
        var next = window as InNextWindowContext;
        var lengths = leaves.Lengths(over?.lengths() ?? next!.lengths());
        var second = leaves.OptionalDuration(over is not null ? over.duration() : next!.duration());
        if (lengths.Length > 1 && window.Stop == _valueEnd)
        {
            Keep(over is not null ? new OverFamilySyntax(span, lengths, second) : new InNextFamilySyntax(span, lengths, second));
            return operand;
        }
        if (lengths.Length > 1) errors.Add(SyntaxErrors.MisplacedWindows(span));
        WindowSyntax single = over is not null ? new OverWindowSyntax(span, lengths[0], second) : new InNextWindowSyntax(span, lengths[0], second);
        return new WindowedSyntax(operand.Span.To(span), operand, single);
    }
}
