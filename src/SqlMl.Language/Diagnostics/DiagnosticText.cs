using System.Globalization;
using System.Text;
using SqlMl.Language.Text;

namespace SqlMl.Language.Diagnostics;

/// <summary>Lays a diagnostic out as text: the fact, the source lines with carets, notes, help.</summary>
public static class DiagnosticText
{
    /// <summary>The diagnostic as lines of text, ending in a line break; the layout of the house rules.</summary>
    public static string Render(Diagnostic diagnostic)
    {
        var text = new StringBuilder();
        var severity = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        text.Append(severity).Append('[').Append(diagnostic.Code).Append("]: ").Append(diagnostic.Message).Append('\n');
        if (diagnostic.Primary is { } primary) AppendPlaces(text, diagnostic, primary);
        foreach (var note in diagnostic.Notes) text.Append("note: ").Append(note).Append('\n');
        foreach (var help in diagnostic.Helps) text.Append("help: ").Append(help).Append('\n');
        return text.ToString();
    }

    /// <summary>All diagnostics, each followed by an empty line.</summary>
    public static string Render(IEnumerable<Diagnostic> diagnostics) =>
        string.Concat(diagnostics.Select(diagnostic => Render(diagnostic) + "\n"));

    private static void AppendPlaces(StringBuilder text, Diagnostic diagnostic, DiagnosticLabel primary)
    {
        var source = primary.Span.Source!;
        var (line, column) = source.Locate(primary.Span.Start);
        text.Append("  --> ").Append(source.Path).Append(':').Append(line).Append(':').Append(column).Append('\n');

        var labels = diagnostic.Secondary.Select(label => (label, mark: '-')).Prepend((label: primary, mark: '^'))
            .Select(item => (item.label, item.mark, place: Place(item.label.Span)))
            .OrderBy(item => item.label.Span.Source == source ? 0 : 1)
            .ThenBy(item => item.place.Line)
            .ThenBy(item => item.label.Span.Start)
            .ToList();
        var width = labels.Max(item => item.place.Line).ToString(CultureInfo.InvariantCulture).Length;
        var shown = (Source: (SourceText?)source, Line: 0);
        foreach (var (label, mark, place) in labels)
        {
            if (label.Span.Source != shown.Source)
            {
                text.Append("  --> ").Append(label.Span.Source!.Path).Append(':').Append(place.Line).Append(':').Append(place.Column).Append('\n');
            }
            if (label.Span.Source != shown.Source || place.Line != shown.Line) AppendLine(text, label.Span.Source!, place.Line, width);
            AppendCarets(text, label, mark, place, width);
            shown = (label.Span.Source, place.Line);
        }
    }

    private static void AppendLine(StringBuilder text, SourceText source, int line, int width) =>
        text.Append(' ').Append(line.ToString(CultureInfo.InvariantCulture).PadLeft(width)).Append(" | ")
            .Append(source.LineText(line).Replace('\t', ' ')).Append('\n');

    private static void AppendCarets(StringBuilder text, DiagnosticLabel label, char mark, (int Line, int Column) place, int width)
    {
        // A span over several lines is underlined to the end of its first line.
        var room = label.Span.Source!.LineText(place.Line).Length - place.Column + 1;
        var length = Math.Max(1, Math.Min(label.Span.Length, room));
        text.Append(' ', width + 1).Append(" | ").Append(' ', place.Column - 1).Append(mark, length);
        if (label.Text.Length > 0) text.Append(' ').Append(label.Text);
        text.Append('\n');
    }

    private static (int Line, int Column) Place(SourceSpan span) => span.Source!.Locate(span.Start);
}
