using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>Where compiler and oracle part.</summary>
/// <param name="Kind">What failed, short: equal for failures of one nature.</param>
/// <param name="Details">What was expected and found.</param>
internal sealed record Disagreement(string Kind, string Details)
{
    /// <summary>What is computed from late columns stays in its source: a program that reads it elsewhere is refused, and compares nothing.</summary>
    public static Disagreement SetAside { get; } = new("set aside: SML4089", "");
}

/// <summary>What a comparison found: where compiler and oracle part, null where nowhere, and which passes of the optimizer change the program's SQL.</summary>
internal sealed record Comparison(Disagreement? Disagreement, ImmutableArray<string> Effects);

/// <summary>Compiles a program in every way that must not matter, runs the SQL in DuckDB and compares with the oracle.</summary>
internal static class Agreement
{
    private const string OptimizerVariant = "without optimizer";
    private const string SchemaVariant = "with schemas";

    /// <summary>Every effect that a <see cref="Comparison"/> can name.</summary>
    public static IEnumerable<string> AllEffects => SqlMlCompiler.Passes.Select(WithoutPass).Prepend(OptimizerVariant).Select(EffectOf);

    /// <summary>The first disagreement of any variant, over training rows and over rows to score; one variant knows the columns' types, if it is asked for.</summary>
    public static Comparison Check(OracleProgram program, OracleResult expected, DuckDbExecution database, bool inTables = false, bool withSchemas = true) =>
        Check(program, Texts(program), Named(program, expected), database, inTables, withSchemas);

    // A model that is imported under a name has columns that say so.
    private static OracleResult Named(OracleProgram program, OracleResult expected) =>
        program.ImportName is { } name ? expected with { Features = [.. expected.Features.Select(new ImportedModel(name, program.Model).Column)] } : expected;

    /// <summary>The same for a program that is written otherwise than the oracle's would be, and may hold further models.</summary>
    public static Comparison Check(OracleProgram program, string text, OracleResult expected, DuckDbExecution database, bool inTables = false) =>
        Check(program, [new SourceText("program.sqlml", text)], expected, database, inTables, withSchemas: true);

    private static Comparison Check(OracleProgram program, ImmutableArray<SourceText> texts, OracleResult expected, DuckDbExecution database, bool inTables, bool withSchemas)
    {
        using var files = new ProgramFiles(program, database, inTables);
        (string, string)? optimized = null;
        // A script that is the same text without some pass has been compared already.
        var (seenTraining, seenScoring) = (new HashSet<string>(), new HashSet<string>());
        var (training, scoring) = ((ResultTable?)null, (ResultTable?)null);
        var effects = ImmutableArray.CreateBuilder<string>();
        Comparison Found(Disagreement disagreement) => new(disagreement, effects.ToImmutable());
        ImmutableArray<ResolvedImport> imports = [.. texts.SelectMany(text => SqlMlCompiler.FindImports(text)).Select(import => new ResolvedImport(import, [.. texts.Where(file => file.Path == import.Path)]))];
        foreach (var (name, options) in Variants(program, files))
        {
            if (name == SchemaVariant && !withSchemas) continue;
            var compiled = SqlMlCompiler.Compile(texts, options with { Imports = imports });
            if (compiled.Diagnostics.Any(diagnostic => diagnostic.Code == "SML4089")) return Found(Disagreement.SetAside);
            if (!compiled.Succeeded) return Found(Refused(name, compiled));

            var model = program.Model.Family is { } family ? compiled.Models[family.Member] : compiled.Models.Single(other => other.Name == program.Model.Name);
            var scripts = (model.Training.Sql, model.Scoring.Sql);
            if (name != SchemaVariant && optimized is not null && optimized != scripts) effects.Add(EffectOf(name));
            optimized ??= scripts;
            if (model.Pivots is { } pivots && seenTraining.Add(pivots.Sql) && Learn(name, database, pivots, model.PivotTable) is { } failure) return Found(failure);
            var found = seenTraining.Add(scripts.Item1) ? Run(name, database, model.Training, model.TrainingTable, training ??= TableComparison.Expected(expected, model.Keys)) : null;
            if (seenScoring.Add(scripts.Item2)) found ??= Run(name, database, model.Scoring, model.ScoringTable, scoring ??= TableComparison.ExpectedScoring(expected, model.Keys));
            if (found is not null) return Found(found);
        }
        return new(null, effects.ToImmutable());
    }

    private static string WithoutPass(string pass) => $"without {pass}";

    private static string EffectOf(string variant) => $"another SQL {variant}";

    private static IEnumerable<(string Name, CompileOptions Options)> Variants(OracleProgram program, ProgramFiles files)
    {
        var optimized = new CompileOptions
        {
            Dialect = "duckdb",
            AsOf = program.AsOf is { } asOf ? DateTime.SpecifyKind(asOf, DateTimeKind.Utc) : null,
            Bindings = files.Bindings.ToImmutableDictionary(binding => InProgram(program, binding.Key), binding => binding.Value, StringComparer.OrdinalIgnoreCase),
            // Only a schema tells which columns a part of a union lacks.
            Schemas = !program.Unions.IsEmpty ? Schemas(program) : NoSchemas,
        };
        yield return ("optimized", optimized);
        yield return (OptimizerVariant, optimized with { Optimize = false });
        foreach (var pass in SqlMlCompiler.Passes) yield return (WithoutPass(pass), optimized with { DisabledPasses = [pass] });
        yield return (SchemaVariant, optimized with { Schemas = Schemas(program) });
    }

    private static ImmutableDictionary<string, ImmutableArray<SchemaColumn>> NoSchemas { get; } =
        ImmutableDictionary.Create<string, ImmutableArray<SchemaColumn>>(StringComparer.OrdinalIgnoreCase);

    internal static ImmutableDictionary<string, ImmutableArray<SchemaColumn>> Schemas(OracleProgram program) => program.Sources.RemoveAll(source => !source.IsStored).ToImmutableDictionary(
        source => InProgram(program, source.StoredName),
        source => source.Table.Columns.Select(column => new SchemaColumn(column.Name, column.SqlType)).ToImmutableArray(),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>What the whole program calls a source.</summary>
    private static string InProgram(OracleProgram program, string source) => program.ImportName is { } name ? $"{name}_{source}" : source;

    private static Disagreement Refused(string variant, CompiledProgram compiled)
    {
        var errors = compiled.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        return new($"refused: {errors[0].Code}", $"{variant}: {string.Join('\n', errors.Select(error => $"{error.Code}: {error.Message}"))}");
    }

    internal static ImmutableArray<SourceText> Texts(OracleProgram program)
    {
        if (!program.IsImported) return [new SourceText("program.sqlml", ProgramText.Render(program))];
        var (model, declarations) = ProgramText.RenderFiles(program, "declarations.sqlml");
        return [new SourceText("program.sqlml", model), new SourceText("declarations.sqlml", declarations)];
    }

    /// <summary>What a pivot learns is seen by the columns of the rows that follow.</summary>
    private static Disagreement? Learn(string variant, DuckDbExecution database, CompiledScript script, string table)
    {
        try
        {
            database.Drop(table);
            database.Execute(script.Sql);
            return null;
        }
        catch (DuckDbException error)
        {
            return new("SQL fails: " + error.ErrorType, $"{variant}, {script.FileName}: {error.Message}");
        }
    }

    private static Disagreement? Run(string variant, DuckDbExecution database, CompiledScript script, string table, ResultTable expected)
    {
        try
        {
            database.Drop(table);
            database.Execute(script.Sql);
            return TableComparison.Difference(expected, database.ReadTable(table)) is { } difference
                ? new("rows differ: " + script.FileName, $"{variant}, {script.FileName}: {difference}")
                : null;
        }
        catch (DuckDbException error)
        {
            return new("SQL fails: " + error.ErrorType, $"{variant}, {script.FileName}: {error.Message}");
        }
    }
}
