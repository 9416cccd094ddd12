using System.Collections.Immutable;
using System.Globalization;

namespace SqlMl.Syntax;

/// <summary>Names, literals and durations on one line, close to how they are written.</summary>
internal static class LeafText
{
    public static string Of(NameSyntax name) => name.IsExact ? $"`{name.Text}`" : name.Text;

    public static string Of(PathSyntax path) => string.Join('.', path.Parts.Select(Of));

    public static string Of(StringSyntax text) => Quoted(text.Value);

    public static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'";

    public static string Of(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(DurationSyntax duration) =>
        duration.Parameter is { } parameter ? $"param {Of(parameter)}" : $"{Of(duration.Number)} {duration.Unit.Word()}";

    public static string Of(InstantSyntax instant) => instant switch
    {
        { Literal: { } literal } => Of(literal),
        { Offset: { } offset } => $"as_of {(instant.IsNegative ? "-" : "+")} {Of(offset)}",
        _ => "as_of",
    };

    public static string Of(LiteralExpressionSyntax literal) => literal switch
    {
        { IsArray: true } => $"[{string.Join(", ", literal.Elements.Select(Of))}]",
        { Kind: LiteralKind.String } => Quoted(literal.Text),
        _ => literal.Text,
    };

    public static string List<T>(ImmutableArray<T> items, Func<T, string> text) => string.Join(", ", items.Select(text));

    /// <summary>A labelled part, or null where there is none.</summary>
    public static string? Part<T>(string label, T? item, Func<T, string> text) where T : class => item is null ? null : $"{label} {text(item)}";

    public static string? Part(string label, decimal? number) => number is { } value ? $"{label} {Of(value)}" : null;
}
