using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>Training sets that are built incrementally against full builds, on random programs whose rows come, go and change.</summary>
public sealed class RandomRefreshTests(ITestOutputHelper output)
{
    private const int Steps = 3;

    /// <summary>Three of each observation mode, or as many in all as the environment variable `SQLML_REFRESH_COUNT` says.</summary>
    private static readonly int Programs = int.TryParse(Environment.GetEnvironmentVariable("SQLML_REFRESH_COUNT"), out var count) ? count : 3 * RandomPrograms.Modes.Count;

    /// <summary>What came of one program.</summary>
    /// <param name="Refreshes">How many refreshes there were after the first build.</param>
    /// <param name="Kept">How many of them kept rows.</param>
    /// <param name="Failure">Where one differs from a full build; null for nowhere.</param>
    private sealed record Outcome(int Refreshes, int Kept, string? Failure);

    [Fact]
    public void A_refreshed_training_set_is_that_of_a_full_build_whatever_came_late_changed_or_went()
    {
        var outcomes = new Outcome[Programs];
        Parallel.For(0, Programs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed => outcomes[seed] = Run(seed));

        var (refreshes, kept, failures) = (outcomes.Sum(outcome => outcome.Refreshes), outcomes.Sum(outcome => outcome.Kept), outcomes.Select(outcome => outcome.Failure).OfType<string>().ToList());
        output.WriteLine($"{Programs} programs, {refreshes} refreshes, of which {kept} kept rows");
        Assert.True(failures.Count == 0, $"{failures.Count} programs differ\n{string.Join('\n', failures.Take(3))}");
        // A refresh that builds all rows proves nothing.
        Assert.True(refreshes >= 2 * Programs && kept * 2 >= refreshes, $"only {kept} of {refreshes} refreshes of {Programs} programs kept rows");
    }

    private static Outcome Run(int seed)
    {
        var program = RandomPrograms.Generate(seed).Program;
        var rows = new ChangingRows(program, seed);
        using var refreshed = new RefreshedTable();
        var (kept, changes) = (0, new List<string>());
        for (var step = 0; step <= Steps; step++)
        {
            if (step > 0) changes.Add(rows.Change());
            // Some programs are refused, and some learn from all rows.
            if (Step(refreshed, program, rows) is not { } outcome) return new Outcome(0, 0, null);
            if (outcome.Difference is { } difference)
            {
                return new Outcome(step, kept, $"seed {seed}, step {step} after {string.Join("; ", changes)}\n{outcome.Summary.Text}\n{difference}{ProgramText.Render(program)}");
            }
            if (step > 0 && outcome.Summary is { IsWhole: false, Kept: > 0 }) kept++;
        }
        return new Outcome(Steps, kept, null);
    }

    private static RefreshOutcome? Step(RefreshedTable refreshed, OracleProgram program, ChangingRows rows)
    {
        var stepped = program with { Sources = [.. program.Sources.Select((source, i) => source with { Table = rows.Tables[i] })] };
        using var files = new ProgramFiles(stepped, refreshed.Database, inTables: true);
        var texts = Agreement.Texts(program);
        var options = new CompileOptions
        {
            Dialect = "duckdb",
            AsOf = rows.AsOf is { } instant ? DateTime.SpecifyKind(instant, DateTimeKind.Utc) : null,
            Bindings = files.Bindings,
            // Only a schema tells which columns a part of a union lacks.
            Schemas = program.Unions.IsEmpty ? new Dictionary<string, ImmutableArray<SchemaColumn>>() : Agreement.Schemas(stepped),
            Imports = [.. texts.SelectMany(text => SqlMlCompiler.FindImports(text)).Select(import => new ResolvedImport(import, [.. texts.Where(file => file.Path == import.Path)]))],
            ForRefresh = true,
        };
        return refreshed.Refresh(cutoffs =>
        {
            var compiled = SqlMlCompiler.Compile(texts, options with { Cutoffs = cutoffs });
            if (!compiled.Succeeded) return null;
            return program.Model.Family is { } family ? compiled.Models[family.Member] : compiled.Models.Single(model => model.Name == program.Model.Name);
        });
    }
}
