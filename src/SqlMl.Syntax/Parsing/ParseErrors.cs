using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Syntax.Parsing;

/// <summary>The errors of one parse. A line that a broken literal or a stray character spoils yields no second message.</summary>
internal sealed class ParseErrors
{
    private readonly List<Diagnostic> _items = [];
    private readonly HashSet<int> _spoiledLines = [];

    /// <summary>Adds an error that stands for itself.</summary>
    public void Add(Diagnostic error) => _items.Add(error);

    /// <summary>Adds an error at a place that may only be a consequence of an earlier one; then it is dropped.</summary>
    public void AddUnlessSpoiled(Diagnostic error, SourceToken place)
    {
        if (!place.IsInserted && !IsSpoiled(place.Span) && !IsSpoiled(error.Primary!.Span)) _items.Add(error);
    }

    /// <summary>Marks the line on which the rest can no longer be understood.</summary>
    public void Spoil(SourceSpan span) => _spoiledLines.Add(LineOf(span));

    private bool IsSpoiled(SourceSpan span) => _spoiledLines.Count > 0 && _spoiledLines.Contains(LineOf(span));

    /// <summary>The errors in the order of the text.</summary>
    public ImmutableArray<Diagnostic> ToImmutable() => _items.Count == 0 ? [] : [.. _items.OrderBy(error => error.Primary!.Span.Start)];

    private static int LineOf(SourceSpan span) => span.Source!.Locate(span.Start).Line;
}
