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

/// <summary>Compiles a program in every way that must not matter, runs the SQL in DuckDB and compares with the oracle.</summary>
internal static class Agreement
{
    /// <summary>The first disagreement; null where all variants agree with the oracle.</summary>
    public static Disagreement? Check(OracleProgram program, OracleResult expected)
    {
        using var database = new DuckDbExecution();
        using var files = new ProgramFiles(program, database);
        var seen = new HashSet<(string, string)>();
        foreach (var (name, options) in Variants(program, files))
        {
            var compiled = SqlMlCompiler.Compile([new SourceText("random.sqlml", ProgramText.Render(program))], options);
            if (compiled.Diagnostics.Any(diagnostic => diagnostic.Code == "SML4089")) return Disagreement.SetAside;
            if (!compiled.Succeeded) return Refused(name, compiled);

            var model = program.Model.Family is { } family ? compiled.Models[family.Member] : compiled.Models.Single();
            if (!seen.Add((model.Training.Sql, model.Scoring.Sql))) continue;
            var found = Run(name, database, model.Training, model.TrainingTable, TableComparison.Expected(expected, model.Keys))
                ?? Run(name, database, model.Scoring, model.ScoringTable, TableComparison.ExpectedScoring(expected, model.Keys));
            if (found is not null) return found;
        }
        return null;
    }

    private static IEnumerable<(string Name, CompileOptions Options)> Variants(OracleProgram program, ProgramFiles files)
    {
        var optimized = new CompileOptions
        {
            Dialect = "duckdb",
            AsOf = program.AsOf is { } asOf ? DateTime.SpecifyKind(asOf, DateTimeKind.Utc) : null,
            Bindings = files.Bindings,
            // Only a schema tells which columns a part of a union lacks.
            Schemas = !program.Unions.IsEmpty ? Schemas(program) : NoSchemas,
        };
        yield return ("optimized", optimized);
        yield return ("without optimizer", optimized with { Optimize = false });
        foreach (var pass in SqlMlCompiler.Passes) yield return ($"without {pass}", optimized with { DisabledPasses = [pass] });
        yield return ("with schemas", optimized with { Schemas = Schemas(program) });
    }

    private static ImmutableDictionary<string, ImmutableArray<SchemaColumn>> NoSchemas { get; } =
        ImmutableDictionary.Create<string, ImmutableArray<SchemaColumn>>(StringComparer.OrdinalIgnoreCase);

    private static ImmutableDictionary<string, ImmutableArray<SchemaColumn>> Schemas(OracleProgram program) => program.Sources.ToImmutableDictionary(
        source => source.Name,
        source => source.Table.Columns.Select(column => new SchemaColumn(column.Name, column.SqlType)).ToImmutableArray(),
        StringComparer.OrdinalIgnoreCase);

    private static Disagreement Refused(string variant, CompiledProgram compiled)
    {
        var errors = compiled.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        return new($"refused: {errors[0].Code}", $"{variant}: {string.Join('\n', errors.Select(error => $"{error.Code}: {error.Message}"))}");
    }

    private static Disagreement? Run(string variant, DuckDbExecution database, CompiledScript script, string table, ResultTable expected)
    {
        try
        {
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
