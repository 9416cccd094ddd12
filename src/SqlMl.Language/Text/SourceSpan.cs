namespace SqlMl.Language.Text;

/// <summary>A stretch of one source text: where a construct stands, so that a message can point at it.</summary>
/// <param name="Source">The text; null only for <see cref="None"/>.</param>
/// <param name="Start">Offset of the first character.</param>
/// <param name="Length">Number of characters; 0 marks a place between two characters.</param>
public readonly record struct SourceSpan(SourceText? Source, int Start, int Length)
{
    /// <summary>No place: for what no program text stands behind.</summary>
    public static SourceSpan None => default;

    /// <summary>Offset just past the last character.</summary>
    public int End => Start + Length;

    /// <summary>The text covered; empty for <see cref="None"/>.</summary>
    public string Text => Source is null ? "" : Source.Text.Substring(Start, Length);

    /// <summary>The smallest span of the same text that covers both; the other one where one is <see cref="None"/>.</summary>
    public SourceSpan To(SourceSpan other)
    {
        if (Source is null) return other;
        if (other.Source is null) return this;
        var start = Math.Min(Start, other.Start);
        return new SourceSpan(Source, start, Math.Max(End, other.End) - start);
    }
}
