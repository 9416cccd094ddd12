using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>The names of one program while it is being bound, with what binds them on demand.</summary>
internal sealed class ProgramScope(DiagnosticSink diagnostics)
{
    private readonly HashSet<string> _missingEntities = new(StringComparer.OrdinalIgnoreCase);

    internal DiagnosticSink Diagnostics { get; } = diagnostics;

    internal Dictionary<string, SourceSymbol> Sources { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal Dictionary<string, EntitySymbol> Entities { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of the program's params; none is compiled yet, which is reported where they are declared.</summary>
    internal HashSet<string> Params { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of the program's models.</summary>
    internal HashSet<string> Models { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the program imports others; that is not compiled yet, and a name that is not known may come from there.</summary>
    internal bool HasImports { get; set; }

    /// <summary>Counts what uses reveal about types.</summary>
    internal TypeRevision Types { get; } = new();

    /// <summary>Vars declared outside predictions, by entity and name; bound when first asked for.</summary>
    internal VarTable Vars { get; } = new();

    /// <summary>Where the text could not be parsed.</summary>
    internal ImmutableArray<DiagnosticLabel> SyntaxErrors { get; init; } = [];

    internal void Report(Diagnostic diagnostic) => Diagnostics.Add(diagnostic);

    /// <summary>Reports that a declaration lacks something, unless a part of it could not be parsed: what lacks may stand there.</summary>
    internal void ReportMissing(Diagnostic diagnostic, SourceSpan declaration)
    {
        var isBroken = SyntaxErrors.Any(error =>
            error.Span.Source == declaration.Source && error.Span.Start >= declaration.Start && error.Span.Start <= declaration.End);
        if (!isBroken) Report(diagnostic);
    }

    /// <summary>Reports an unknown name, unless it may come from an import.</summary>
    internal void ReportUnknown(Diagnostic diagnostic)
    {
        if (!HasImports) Report(diagnostic);
    }

    /// <summary>The source of that name; reports and returns null when there is none.</summary>
    internal SourceSymbol? RequireSource(NameSyntax name)
    {
        if (Sources.TryGetValue(name.Text, out var source)) return source;
        ReportUnknown(NameErrors.UnknownSource(name.Text, name.Span, Sources.Keys));
        return null;
    }

    /// <summary>The entity of that name; null when there is none, which is reported once: most often its declaration is missing.</summary>
    internal EntitySymbol? RequireEntity(NameSyntax name)
    {
        if (Entities.TryGetValue(name.Text, out var entity)) return entity;
        if (_missingEntities.Add(name.Text)) ReportUnknown(NameErrors.UnknownEntity(name.Text, name.Span, Entities.Keys));
        return null;
    }

    /// <summary>The duration as written; reports and returns null when it is none, or a param.</summary>
    internal Duration? BindDuration(DurationSyntax syntax)
    {
        if (syntax.Parameter is not null)
        {
            // A declared param is reported at its declaration.
            if (!Params.Contains(syntax.Parameter.Text)) ReportUnknown(NameErrors.NotCompiled("a duration param", syntax.Span));
            return null;
        }
        var duration = Duration.Create(syntax.Number, syntax.Unit.Word());
        if (duration is null) Report(TypeErrors.DurationRange(syntax.Span.Text, syntax.Span));
        return duration;
    }

    /// <summary>The instant that a literal names; reports and returns null when it names none.</summary>
    internal DateTime? BindInstant(StringSyntax literal)
    {
        var instant = InstantLiteral.Parse(literal.Value);
        if (instant is null) Report(TypeErrors.InstantText(literal.Value, literal.Span));
        return instant;
    }
}
