using System.Collections.Immutable;
using SqlMl.Language.Text;

namespace SqlMl.Language.Diagnostics;

/// <summary>How much a diagnostic weighs: an error stops the program, a warning does not.</summary>
public enum DiagnosticSeverity
{
    /// <summary>The program means something, but perhaps not what was intended.</summary>
    Warning,

    /// <summary>The program has no meaning until this is mended.</summary>
    Error,
}

/// <summary>A place in a program with a few words on what stands there.</summary>
/// <param name="Span">The smallest stretch of text that shows the point.</param>
/// <param name="Text">What this piece is; may be empty, then only the carets are drawn.</param>
public sealed record DiagnosticLabel(SourceSpan Span, string Text);

/// <summary>One finding about a program, data or run: a code, the place, the fact, the way out.</summary>
/// <param name="Code">`SML` and four digits; the first says the stage (house rules, Diagnostics).</param>
/// <param name="Severity">Error or warning.</param>
/// <param name="Message">The fact in the program's words: lower case, no full stop, complete on its own.</param>
/// <param name="Primary">Where the mistake stands; null where no program text is involved.</param>
public sealed record Diagnostic(string Code, DiagnosticSeverity Severity, string Message, DiagnosticLabel? Primary)
{
    /// <summary>Other places involved, in the order in which they help.</summary>
    public ImmutableArray<DiagnosticLabel> Secondary { get; init; } = [];

    /// <summary>Facts that explain why.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>What to do about it; only help proposes.</summary>
    public ImmutableArray<string> Helps { get; init; } = [];

    /// <summary>A diagnostic that stops the program.</summary>
    public static Diagnostic Error(string code, string message, SourceSpan span, string label = "") =>
        new(code, DiagnosticSeverity.Error, message, span.Source is null ? null : new DiagnosticLabel(span, label));

    /// <summary>A diagnostic that lets the program go on.</summary>
    public static Diagnostic Warning(string code, string message, SourceSpan span, string label = "") =>
        new(code, DiagnosticSeverity.Warning, message, span.Source is null ? null : new DiagnosticLabel(span, label));

    /// <summary>The same finding with one more explaining fact.</summary>
    public Diagnostic WithNote(string note) => this with { Notes = Notes.Add(note) };

    /// <summary>The same finding with one more way out; null adds nothing.</summary>
    public Diagnostic WithHelp(string? help) => help is null ? this : this with { Helps = Helps.Add(help) };

    /// <summary>The same finding with one more place involved.</summary>
    public Diagnostic WithLabel(SourceSpan span, string text) =>
        span.Source is null ? this : this with { Secondary = Secondary.Add(new DiagnosticLabel(span, text)) };
}
