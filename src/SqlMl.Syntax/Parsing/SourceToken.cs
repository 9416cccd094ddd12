using Antlr4.Runtime;
using SqlMl.Language.Text;

namespace SqlMl.Syntax.Parsing;

/// <summary>A token that knows its place in the layout: whether it begins a line, and whether the text really holds it.</summary>
internal sealed class SourceToken : CommonToken
{
    private SourceToken(SourceText source, int type, int start, int length)
        : base(type, source.Text.Substring(start, length))
    {
        Span = new SourceSpan(source, start, length);
        StartIndex = start;
        StopIndex = start + length - 1;
        (Line, Column) = source.Locate(start);
    }

    /// <summary>Where it stands; empty for an inserted token.</summary>
    public SourceSpan Span { get; }

    /// <summary>True when only white space or a comment of an earlier line stands before it.</summary>
    public bool IsFirstOnLine { get; init; }

    /// <summary>True for a closing bracket that the text lacks; its absence is reported already.</summary>
    public bool IsInserted { get; init; }

    /// <summary>The token over <paramref name="length"/> characters of the text.</summary>
    public static SourceToken Read(SourceText source, int type, int start, int length, bool isFirstOnLine) =>
        new(source, type, start, length) { IsFirstOnLine = isFirstOnLine };

    /// <summary>A token of no length at <paramref name="offset"/>.</summary>
    public static SourceToken Insert(SourceText source, int type, int offset) => new(source, type, offset, 0) { IsInserted = true };
}
