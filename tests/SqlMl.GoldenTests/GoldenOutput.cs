using System.Text;
using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;

namespace SqlMl.GoldenTests;

/// <summary>What a case must hold, computed anew: file names and their text.</summary>
internal static class GoldenOutput
{
    /// <summary>Every expected file of the case; what a case does not have (warnings, rows) is not among them.</summary>
    public static SortedDictionary<string, string> Of(GoldenCase item)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var dialect in SqlMlCompiler.Dialects) files.Add(GoldenCase.SqlFile(dialect), item.PinsRefresh ? RefreshScripts(item, dialect) : Scripts(item.Compile(dialect), item.PinsEveryScript));

        var program = item.Compile("duckdb");
        files.Add(GoldenCase.PlanFile, program.Stages.Optimized!.Value);
        if (!program.Diagnostics.IsEmpty) files.Add(GoldenCase.DiagnosticsFile, DiagnosticText.Render(program.Diagnostics));
        if (!item.HasData) return files;

        var rows = DuckDbRun.Execute(item.CompileToRun(new CompileOptions { Dialect = "duckdb" }));
        files.Add(GoldenCase.RowsFile, rows.Training);
        files.Add(GoldenCase.ScoringFile, rows.Scoring);
        return files;
    }

    /// <summary>The scripts of all models, each under its file's name.</summary>
    public static string Scripts(CompiledProgram program, bool isEvery = true)
    {
        var text = new StringBuilder();
        foreach (var model in program.Models)
        {
            foreach (var script in ScriptsOf(model, isEvery)) text.Append(ScriptMark).Append(script.FileName).Append('\n').Append(script.Sql.TrimEnd('\n')).Append("\n\n");
        }
        // Tests run where the program is compiled, and nowhere else.
        if (program.Dialect == "duckdb")
        {
            foreach (var test in program.Tests.Value) text.Append(ScriptMark).Append(test.Script.FileName).Append('\n').Append(test.Script.Sql.TrimEnd('\n')).Append("\n\n");
        }
        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>What an incremental build of each model runs: the rows of all cutoffs, and those of two days and of all behind a third.</summary>
    private static string RefreshScripts(GoldenCase item, string dialect)
    {
        var day = new DateTime(2024, 3, 4, 0, 0, 0, DateTimeKind.Utc);
        var some = item.Compile(dialect, [new CutoffRange(day, day.AddDays(2)), new CutoffRange(day.AddDays(30), DateTime.MaxValue)]);
        var text = new StringBuilder();
        foreach (var (all, restricted) in item.Compile(dialect).Models.Zip(some.Models))
        {
            var refresh = all.Refresh!;
            foreach (var script in (ReadOnlySpan<CompiledScript>)[refresh.Fingerprints, refresh.LimitScript, refresh.Examples, restricted.Refresh!.Examples, refresh.Division])
            {
                text.Append(ScriptMark).Append(script.FileName).Append('\n').Append(script.Sql.TrimEnd('\n')).Append("\n\n");
            }
        }
        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>The scripts of one model, in the order in which a run uses them; counts and sources repeat the steps of training, so few cases pin them.</summary>
    private static IEnumerable<CompiledScript> ScriptsOf(CompiledModel model, bool isEvery) => isEvery ? model.Scripts : model.Pivots is null ? [model.Training, model.Scoring] : [model.Pivots, model.Training, model.Scoring];

    /// <summary>What begins the line above each script.</summary>
    public const string ScriptMark = "-- file: ";
}
