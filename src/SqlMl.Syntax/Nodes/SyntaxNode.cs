using System.Collections.Immutable;
using SqlMl.Language.Text;

namespace SqlMl.Syntax;

/// <summary>A piece of a program as written, with the place where it stands.</summary>
/// <param name="Span">The text of the whole construct.</param>
public abstract record SyntaxNode(SourceSpan Span);

/// <summary>The declarations of one file, in the order written; what could not be parsed is left out and reported.</summary>
public sealed record ProgramSyntax(SourceSpan Span, ImmutableArray<DeclarationSyntax> Declarations) : SyntaxNode(Span);

/// <summary>A name: an identifier, a word that is a keyword elsewhere, or an exact name in backticks.</summary>
/// <param name="Span">Where it stands, backticks included.</param>
/// <param name="Text">The name without backticks, spelled as written.</param>
/// <param name="IsExact">True for a name in backticks: its case and signs are kept.</param>
public sealed record NameSyntax(SourceSpan Span, string Text, bool IsExact) : SyntaxNode(Span);

/// <summary>Names joined by dots, at least one.</summary>
public sealed record PathSyntax(SourceSpan Span, ImmutableArray<NameSyntax> Parts) : SyntaxNode(Span)
{
    /// <summary>The path as text, parts joined by dots.</summary>
    public string Text => string.Join('.', Parts.Select(part => part.Text));
}

/// <summary>A string literal with its quotes removed and doubled quotes undone.</summary>
public sealed record StringSyntax(SourceSpan Span, string Value) : SyntaxNode(Span);

/// <summary>The units a duration can be written in, smallest first.</summary>
public enum DurationUnit
{
    /// <summary>One second.</summary>
    Second,

    /// <summary>60 s.</summary>
    Minute,

    /// <summary>3,600 s.</summary>
    Hour,

    /// <summary>86,400 s.</summary>
    Day,

    /// <summary>7 days.</summary>
    Week,

    /// <summary>A calendar step of one month.</summary>
    Month,

    /// <summary>A calendar step of three months.</summary>
    Quarter,

    /// <summary>A calendar step of twelve months.</summary>
    Year,
}

/// <summary>What units are called.</summary>
public static class DurationUnits
{
    /// <summary>The unit as a program writes it, in the singular: `day`.</summary>
    public static string Word(this DurationUnit unit) => unit switch
    {
        DurationUnit.Second => "second",
        DurationUnit.Minute => "minute",
        DurationUnit.Hour => "hour",
        DurationUnit.Day => "day",
        DurationUnit.Week => "week",
        DurationUnit.Month => "month",
        DurationUnit.Quarter => "quarter",
        _ => "year",
    };
}

/// <summary>A length of time: a number with a unit, or the name of a duration param.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Number">How many units, as written; 0 where <paramref name="Parameter"/> is given.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Parameter">The param's name, or null for a written duration.</param>
public sealed record DurationSyntax(SourceSpan Span, decimal Number, DurationUnit Unit, NameSyntax? Parameter) : SyntaxNode(Span);

/// <summary>An instant in a bound: an ISO 8601 literal, or `as_of` plus or minus a duration.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Literal">The literal, or null for `as_of`.</param>
/// <param name="Offset">The duration added to `as_of`, or null.</param>
/// <param name="IsNegative">True when the offset is subtracted.</param>
public sealed record InstantSyntax(SourceSpan Span, StringSyntax? Literal, DurationSyntax? Offset, bool IsNegative) : SyntaxNode(Span);
