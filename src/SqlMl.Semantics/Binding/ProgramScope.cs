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

    /// <summary>The program's params by name.</summary>
    internal Dictionary<string, ParamSymbol> Params { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where each param is declared, mistaken ones included.</summary>
    internal Dictionary<string, SourceSpan> ParamNames { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of the program's models.</summary>
    internal HashSet<string> Models { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of the sources before whose rows cutoffs lie (`observe 24 hours before each s`), as written.</summary>
    internal List<NameSyntax> ObservedAhead { get; } = [];

    /// <summary>The names of the sources whose rows are cutoffs that do not see their own instant (`observe before each s`), as written.</summary>
    internal List<NameSyntax> ObservedBefore { get; } = [];

    /// <summary>True when the program imports files that were not read, which was reported: a name that is not known may come from there.</summary>
    internal bool HasImports { get; set; }

    /// <summary>What the files call their declarations.</summary>
    internal ImportedNames Imported { get; init; } = new();

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

    /// <summary>The source of that name; null for none.</summary>
    internal SourceSymbol? FindSource(NameSyntax name)
    {
        foreach (var candidate in Imported.Candidates(name))
        {
            if (Sources.TryGetValue(candidate, out var source)) return source;
        }
        return null;
    }

    /// <summary>The entity of that name; null for none.</summary>
    internal EntitySymbol? FindEntity(NameSyntax name)
    {
        foreach (var candidate in Imported.Candidates(name))
        {
            if (Entities.TryGetValue(candidate, out var entity)) return entity;
        }
        return null;
    }

    /// <summary>True for the name of a model.</summary>
    internal bool IsModel(NameSyntax name) => Imported.Candidates(name).Any(Models.Contains);

    /// <summary>Where the param of that name is declared; null for none.</summary>
    internal SourceSpan? FindParam(NameSyntax name) => FindParamName(name) is { } param ? ParamNames[param] : null;

    /// <summary>
    /// A var named behind its entity: `shop.customer.orders` may be the entity's own var or, where there is none, the one that is declared beside it.
    /// </summary>
    internal NameSyntax OfEntity(EntitySymbol entity, NameSyntax name, IVarLookup vars)
    {
        var beside = name with { Text = Imported.PrefixOf(entity.Span) + name.Text };
        return name.IsExact || vars.Has(entity, name) || !vars.Has(entity, beside) ? name : beside;
    }

    private string? FindParamName(NameSyntax name)
    {
        foreach (var candidate in Imported.Candidates(name))
        {
            if (ParamNames.ContainsKey(candidate)) return candidate;
        }
        return null;
    }

    /// <summary>Reports that an entity has no var of that name; what there is instead is named as that place writes it.</summary>
    internal void ReportUnknownVar(EntitySymbol entity, NameSyntax name, IVarLookup vars) =>
        ReportUnknown(NameErrors.UnknownVar(Imported.Written(name.Span, entity.Name, entity.Span), name.Text, name.Span, vars.Names(entity, name.Span)));

    /// <summary>The sources as a place writes their names.</summary>
    internal IEnumerable<string> SourceNames(SourceSpan reader) => Sources.Values.Select(source => Imported.Written(reader, source.Name, source.Span));

    /// <summary>The source of that name; reports and returns null when there is none.</summary>
    internal SourceSymbol? RequireSource(NameSyntax name)
    {
        if (FindSource(name) is { } source) return source;
        ReportUnknown(NameErrors.UnknownSource(name.Text, name.Span, SourceNames(name.Span)));
        return null;
    }

    /// <summary>The entity of that name; null when there is none, which is reported once: most often its declaration is missing.</summary>
    internal EntitySymbol? RequireEntity(NameSyntax name)
    {
        if (FindEntity(name) is { } entity) return entity;
        if (_missingEntities.Add(name.Text)) ReportUnknown(NameErrors.UnknownEntity(name.Text, name.Span, Entities.Values.Select(entity => Imported.Written(name.Span, entity.Name, entity.Span))));
        return null;
    }

    /// <summary>The param of that name; reports and returns null when there is none, or it is mistaken.</summary>
    internal ParamSymbol? RequireParam(NameSyntax name)
    {
        var declared = FindParamName(name);
        if (declared is not null && Params.TryGetValue(declared, out var param)) return param;
        if (declared is null) ReportUnknown(NameErrors.UnknownParam(name.Text, name.Span, ParamNames.Select(item => Imported.Written(name.Span, item.Key, item.Value))));
        return null;
    }

    /// <summary>The constant that a param stands for where a value is wanted; null when no param has that name.</summary>
    internal BoundExpression? FindConstant(NameSyntax name)
    {
        if (name.IsExact || FindParamName(name) is not { } declared) return null;
        if (!Params.TryGetValue(declared, out var param)) return new BoundMistake(name.Span);
        if (param.Constant is not null) return param.Constant with { Span = name.Span };
        Report(TypeErrors.DurationAsValue(name.Text, name.Span));
        return new BoundMistake(name.Span);
    }

    /// <summary>The duration as written, or the param's; reports and returns null when it is none.</summary>
    internal Duration? BindDuration(DurationSyntax syntax)
    {
        if (syntax.Parameter is not null)
        {
            if (RequireParam(syntax.Parameter) is not { } param) return null;
            if (param.Length is null) Report(TypeErrors.ParamKind(param.Name, param.Words, "a length of time", syntax.Span, param.Span));
            return param.Length;
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

    /// <summary>A bound: an instant, or `as_of` plus or minus a duration; null where none is written, or it could not be understood, which was reported.</summary>
    internal BoundInstant? BindBound(InstantSyntax? syntax)
    {
        if (syntax is null) return null;
        if (syntax.Literal is not null) return BindInstant(syntax.Literal) is { } instant ? new BoundInstant(instant, null, false) : null;
        var offset = syntax.Offset is null ? null : BindDuration(syntax.Offset);
        return new BoundInstant(null, offset, syntax.IsNegative);
    }
}
