using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Semantics.Binding;
using SqlMl.Syntax;

namespace SqlMl.Semantics;

/// <summary>A column that a source is known to have, with its type in a database's words.</summary>
public sealed record KnownColumn(string Name, string Type);

/// <summary>What binding depends on besides the program.</summary>
/// <param name="Bindings">Locations that replace a source's own, by source name.</param>
/// <param name="Schemas">Columns by source name, where they are known.</param>
public sealed record BindOptions(
    IReadOnlyDictionary<string, SourceLocation> Bindings, IReadOnlyDictionary<string, ImmutableArray<KnownColumn>> Schemas)
{
    /// <summary>What params are set to from outside, as text, by name.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>The imports whose files are among the trees; any other was not read.</summary>
    public ImmutableArray<ReadImport> Imports { get; init; } = [];
}

/// <summary>An import, with the files that it names.</summary>
/// <param name="Span">The declaration.</param>
/// <param name="Files">The files.</param>
public sealed record ReadImport(SourceSpan Span, ImmutableArray<SourceText> Files);

/// <summary>Turns syntax trees into one program whose names, types and times are understood.</summary>
public static class Binder
{
    /// <summary>
    /// Binds the files of one project together. All mistakes are reported to <paramref name="diagnostics"/>;
    /// the result may be used only where none is an error.
    /// </summary>
    public static SemanticModel Bind(ImmutableArray<SyntaxTree> trees, BindOptions options, DiagnosticSink diagnostics)
    {
        var scope = new ProgramScope(diagnostics)
        {
            Imported = ImportedNames.Read(trees, options.Imports, diagnostics),
            SyntaxErrors = [.. trees.SelectMany(tree => tree.Diagnostics).Select(error => error.Primary).OfType<DiagnosticLabel>()],
        };
        var declarations = trees.SelectMany(tree => tree.Root.Declarations).Select(scope.Imported.Declared).ToImmutableArray();
        scope.Imported.Check(declarations, diagnostics);
        BindParams(scope, options, declarations);
        NoteNames(scope, options, declarations);
        var entities = DeclareEntities(scope, declarations);
        var sources = BindSources(scope, options, declarations);
        var populations = new PopulationBinder(scope);
        foreach (var declaration in declarations.OfType<EntitySyntax>()) populations.Bind(declaration);
        CheckKeys(scope, entities);

        var vars = new VarBinder(scope, scope.Vars, null);
        foreach (var declaration in declarations)
        {
            if (declaration is VarSyntax var && scope.RequireEntity(var.Entity) is { } entity) vars.Declare(entity, var.Name, var.Value, isModelVar: false);
        }
        vars.BindAll();

        var models = BindModels(scope, vars, declarations);
        var tests = new TestBinder(scope, vars, models);
        var bound = declarations.OfType<TestSyntax>().Select(tests.Bind).OfType<BoundTest>().ToImmutableArray();
        ReportRest(scope, options, declarations);
        return new SemanticModel(sources, entities, [.. scope.Vars.All], models) { Tests = bound };
    }

    private static bool IsRead(DeclarationSyntax import, BindOptions options)
    {
        foreach (var read in options.Imports)
        {
            if (read.Span == import.Span) return true;
        }
        return false;
    }

    private static void BindParams(ProgramScope scope, BindOptions options, ImmutableArray<DeclarationSyntax> declarations)
    {
        var binder = new ParamBinder(scope, options.Params);
        foreach (var declaration in declarations)
        {
            if (declaration is ParamSyntax syntax) binder.Declare(syntax);
        }
        binder.CheckSet();
    }

    /// <summary>Notes the names that are told apart from unknown ones before anything is bound.</summary>
    private static void NoteNames(ProgramScope scope, BindOptions options, ImmutableArray<DeclarationSyntax> declarations)
    {
        foreach (var declaration in declarations)
        {
            if (declaration is PredictSyntax model) NoteModel(scope, model);
            scope.HasImports |= declaration is ImportSyntax && !IsRead(declaration, options);
        }
    }

    private static void NoteModel(ProgramScope scope, PredictSyntax model)
    {
        scope.Models.Add(model.Name.Text);
        foreach (var clause in model.Clauses)
        {
            if (clause is ObserveClauseSyntax { Observe: EachObserveSyntax { IsBefore: true } each }) (each.Offset is null ? scope.ObservedBefore : scope.ObservedAhead).Add(each.Source);
        }
    }

    private static ImmutableArray<EntitySymbol> DeclareEntities(ProgramScope scope, ImmutableArray<DeclarationSyntax> declarations)
    {
        foreach (var declaration in declarations.OfType<EntitySyntax>())
        {
            if (scope.Entities.TryGetValue(declaration.Name.Text, out var first))
            {
                scope.Report(NameErrors.Duplicate("entity", declaration.Name.Text, first.Span, declaration.Name.Span));
                continue;
            }
            scope.Entities.Add(declaration.Name.Text, new EntitySymbol(declaration.Name.Text, declaration.Name.Span));
            if (declaration.Clauses.Length > 0) scope.Report(NameErrors.NotCompiled("identity stitching", declaration.Clauses[0].Span));
        }
        return [.. scope.Entities.Values];
    }

    private static ImmutableArray<SourceSymbol> BindSources(
        ProgramScope scope, BindOptions options, ImmutableArray<DeclarationSyntax> declarations)
    {
        var binder = new SourceBinder(scope, options);
        var sources = ImmutableArray.CreateBuilder<SourceSymbol>();
        foreach (var declaration in declarations)
        {
            if (declaration is SourceSyntax syntax && binder.Declare(syntax) is { } source) sources.Add(source);
        }
        binder.NoteAnchors();
        foreach (var source in sources) binder.Bind(source);
        return sources.ToImmutable();
    }

    /// <summary>A key has the same number of parts, of the same types, in every source that names the entity (rule 11).</summary>
    private static void CheckKeys(ProgramScope scope, ImmutableArray<EntitySymbol> entities)
    {
        foreach (var entity in entities)
        {
            SourceEntity? first = null;
            foreach (var source in scope.Sources.Values)
            {
                foreach (var clause in source.Entities)
                {
                    if (clause.Entity != entity || clause.Columns.IsEmpty) continue;
                    first ??= clause;
                    if (entity.KeyColumns.IsEmpty) entity.KeyColumns = first.Keys().First();
                    foreach (var key in clause.Keys()) CheckKey(scope, entity, clause, key, first);
                }
            }
            if (entity.Keys.IsEmpty) entity.Keys = NamesOf(entity);
        }
    }

    private static void CheckKey(ProgramScope scope, EntitySymbol entity, SourceEntity clause, ImmutableArray<BoundExpression> key, SourceEntity first)
    {
        var expected = entity.KeyColumns;
        if (key.Length != expected.Length)
        {
            scope.Report(NameErrors.KeyLength(entity.Name, expected.Length, key.Length, clause.Span, first.Span));
            return;
        }
        for (var i = 0; i < key.Length; i++)
        {
            if (DataTypes.Unify(expected[i].Type, key[i].Type) is null)
            {
                scope.Report(TypeErrors.KeyTypes(entity.Name, expected[i].Type, key[i].Type, key[i].Span, expected[i].Span));
            }
        }
    }

    /// <summary>What the key is called of an entity that stands on sides alone, where each side has a column of its own: like the entity.</summary>
    private static ImmutableArray<string> NamesOf(EntitySymbol entity)
    {
        if (entity.KeyColumns.Length < 2) return entity.KeyColumns.IsEmpty ? [] : [entity.Name];
        var names = ImmutableArray.CreateBuilder<string>();
        for (var i = 1; i <= entity.KeyColumns.Length; i++) names.Add(string.Create(CultureInfo.InvariantCulture, $"{entity.Name}_{i}"));
        return names.ToImmutable();
    }

    private static ImmutableArray<BoundModel> BindModels(ProgramScope scope, VarBinder vars, ImmutableArray<DeclarationSyntax> declarations)
    {
        var models = ImmutableArray.CreateBuilder<BoundModel>();
        var names = new Dictionary<string, NameSyntax>(StringComparer.OrdinalIgnoreCase);
        foreach (var declaration in declarations.OfType<PredictSyntax>())
        {
            if (!names.TryAdd(declaration.Name.Text, declaration.Name))
            {
                scope.Report(NameErrors.Duplicate("model", declaration.Name.Text, names[declaration.Name.Text].Span, declaration.Name.Span));
                continue;
            }
            if (scope.RequireEntity(declaration.Entity) is not { } entity) continue;
            if (scope.Sources.Values.All(source => source.Entities.All(item => item.Entity != entity)))
            {
                scope.ReportUnknown(NameErrors.EntityWithoutRows(entity.Name, entity.Span));
                continue;
            }
            foreach (var model in new ModelBinder(scope, vars, entity, declaration).Bind())
            {
                if (!model.IsInFamily || names.TryAdd(model.Name, declaration.Name)) models.Add(model);
                else scope.Report(NameErrors.Duplicate("model", model.Name, names[model.Name].Span, declaration.Name.Span));
            }
        }
        return models.ToImmutable();
    }

    private static void ReportRest(ProgramScope scope, BindOptions options, ImmutableArray<DeclarationSyntax> declarations)
    {
        foreach (var declaration in declarations)
        {
            switch (declaration)
            {
                case ViewSyntax view:
                    scope.Report(NameErrors.LeftOut($"view `{view.Name.Text}`", view.Name.Span));
                    break;
                case CohortSyntax cohort:
                    scope.Report(NameErrors.LeftOut($"cohort `{cohort.Name.Text}`", cohort.Name.Span));
                    break;
                case ImportSyntax import when !IsRead(import, options):
                    scope.Report(NameErrors.ImportNotRead(import.Path.Value, import.Span));
                    break;
            }
        }
    }
}
