using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using SqlMl.Language.Collections;
using SqlMl.Language.Text;
using SqlMl.Syntax.Parsing;
using static SqlMl.Syntax.Generated.SqlMlParser;

namespace SqlMl.Syntax.Building;

/// <summary>Builds what stands at the ends of the tree: names, paths, strings, numbers, durations, instants, literals.</summary>
internal sealed class LeafBuilder(ParseErrors errors)
{
    public static SourceSpan Span(ParserRuleContext rule) => Span(rule.Start).To(Span(rule.Stop));

    /// <summary>The nodes of the rules that hold no error; the others are left out whole.</summary>
    public static ImmutableArray<TNode> Whole<TRule, TNode>(TRule[] rules, Func<TRule, TNode> build)
        where TRule : ParserRuleContext
    {
        var nodes = new List<TNode>(rules.Length);
        foreach (var rule in rules)
        {
            if (rule.exception is null) nodes.Add(build(rule));
        }
        return [.. nodes];
    }

    public static SourceSpan Span(ITerminalNode node) => Span(node.Symbol);

    public static SourceSpan Span(IToken token) => ((SourceToken)token).Span;

    /// <summary>A name is one token, whatever rule reads it.</summary>
    public static NameSyntax Name(ParserRuleContext name) => NameAt(name.Start);

    public static NameSyntax Name(ITerminalNode word) => NameAt(word.Symbol);

    public static NameSyntax NameAt(IToken token)
    {
        var span = Span(token);
        return token.Type == QUOTED_NAME ? new NameSyntax(span, span.Text.Trim('`'), IsExact: true) : new NameSyntax(span, span.Text, IsExact: false);
    }

    public static ImmutableArray<NameSyntax> Names(NameListContext names) => names.name().SelectAsArray(Name);

    public static NameSyntax? OptionalName(ParserRuleContext? name) => name is null ? null : Name(name);

    /// <summary>The name of a declaration. One that lies in an import is one name with its dots: `shop.orders`.</summary>
    public static NameSyntax Declared(PathContext path) => Dotted(Span(path), path.name().SelectAsArray(Name));

    public static NameSyntax Dotted(SourceSpan span, ImmutableArray<NameSyntax> parts) =>
        parts.Length == 1 ? parts[0] : new NameSyntax(span, string.Join('.', parts.Select(part => part.Text)), IsExact: false);

    public static PathSyntax Path(PathContext path) => new(Span(path), path.name().SelectAsArray(Name));

    public static ImmutableArray<PathSyntax> Paths(PathListContext paths) => paths.path().SelectAsArray(Path);

    public static StringSyntax String(ITerminalNode literal) => new(Span(literal), StringValue(literal.GetText()));

    public static StringSyntax? OptionalString(ITerminalNode? literal) => literal is null ? null : String(literal);

    public static ImmutableArray<StringSyntax> Strings(InstantsContext instants) => instants.STRING().SelectAsArray(String);

    public static string StringValue(string text) => Unquote(text, '\'').Replace("''", "'", StringComparison.Ordinal);

    public static StringSyntax? Description(ITerminalNode? literal)
    {
        if (literal is null) return null;
        var inner = Unquote(literal.GetText(), '"');
        var value = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            // A backslash stands for itself unless it protects a quote or another backslash.
            if (inner[i] == '\\' && i + 1 < inner.Length && inner[i + 1] is '"' or '\\') i++;
            value.Append(inner[i]);
        }
        return new StringSyntax(Span(literal), value.ToString());
    }

    public static DialectTextSyntax DialectText(DialectTextContext text) => new(Span(text), Name(text.name()), String(text.STRING()));

    public decimal Number(ITerminalNode number)
    {
        if (TryRead(number.GetText(), out var value)) return value;
        errors.Add(SyntaxErrors.NumberOutOfRange(Span(number)));
        return 0;
    }

    public decimal? OptionalNumber(ITerminalNode? number) => number is null ? null : Number(number);

    public int Count(ITerminalNode number)
    {
        if (TryRead(number.GetText(), out var value) && value is >= 1 and <= int.MaxValue && decimal.Truncate(value) == value) return (int)value;
        errors.Add(SyntaxErrors.NotACount(Span(number)));
        return 1;
    }

    public DurationSyntax Duration(DurationContext duration) => duration.NUMBER() is { } number
        ? Duration(Span(duration), number, duration.unitWord())
        : Parameter(Span(duration), LengthName(duration.lengthName()));

    public DurationSyntax? OptionalDuration(DurationContext? duration) => duration is null ? null : Duration(duration);

    public DurationSyntax Duration(SourceSpan span, ITerminalNode number, UnitWordContext unit) => new(span, Number(number), Unit(unit), null);

    /// <summary>The lengths of a window: one, or the members of a family, each with the unit that stands at the list's end.</summary>
    public ImmutableArray<DurationSyntax> Lengths(LengthsContext lengths)
    {
        if (lengths.unitWord() is not { } unit) return [Parameter(Span(lengths), LengthName(lengths.lengthName()))];
        var numbers = lengths.NUMBER();
        return numbers.SelectAsArray(number => Duration(number == numbers[^1] ? Span(number).To(Span(unit)) : Span(number), number, unit));
    }

    public static DurationUnit Unit(UnitWordContext unit) => DurationUnit.Second + (unit.Start.Type - SECOND);

    public InstantSyntax Instant(InstantContext instant) =>
        new(Span(instant), OptionalString(instant.STRING()), OptionalDuration(instant.duration()), instant.MINUS() is not null);

    public InstantSyntax? OptionalInstant(InstantContext? instant) => instant is null ? null : Instant(instant);

    public ImmutableArray<LiteralExpressionSyntax> Literals(LiteralsContext? literals) =>
        literals is null ? [] : literals.literal().SelectAsArray(Literal);

    public LiteralExpressionSyntax Literal(LiteralContext literal)
    {
        var span = Span(literal);
        LiteralExpressionSyntax Of(LiteralKind kind, string text) => new(span, kind, text, [], IsArray: false);
        if (literal.literals() is { } elements) return new(span, LiteralKind.Null, "", Literals(elements), IsArray: true);
        if (literal.NUMBER() is { } number) return Of(LiteralKind.Number, (literal.MINUS() is null ? "" : "-") + CheckedText(number));
        if (literal.STRING() is { } text) return Of(LiteralKind.String, StringValue(text.GetText()));
        return literal.NULL() is not null ? Of(LiteralKind.Null, "null") : Of(LiteralKind.Boolean, span.Text.ToLowerInvariant());
    }

    /// <summary>A number as written, reported where no program can hold it.</summary>
    public string CheckedText(ITerminalNode number)
    {
        Number(number);
        return number.GetText();
    }

    private static bool TryRead(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);

    private static NameSyntax LengthName(LengthNameContext name) =>
        name.path() is { } path ? Declared(path) : Dotted(Span(name), [NameAt(name.Start), .. name.name().Select(Name)]);

    private static DurationSyntax Parameter(SourceSpan span, NameSyntax name) => new(span, 0, DurationUnit.Second, name);

    // An unclosed literal has only its opening quote; its error is reported already.
    private static string Unquote(string text, char quote) => text.Length > 1 && text[^1] == quote ? text[1..^1] : text[1..];
}
