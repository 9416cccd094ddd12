using System.Text.RegularExpressions;
using SqlMl.Language.Diagnostics;

namespace SqlMl.Compiler.Tests;

/// <summary>The acceptance corpus of the language: every program compiles in every dialect or is refused for a reason that it is known to have.</summary>
public sealed partial class ProgramCorpusTests
{
    // Not compiled, left out, an overlap or a window that is warned of, a local file for a warehouse.
    private static readonly string[] Reasons = ["SML2900", "SML2901", "SML3012", "SML4006", "SML4061", "SML4125", "SML5001"];

    [Fact]
    public void Every_program_compiles_or_is_refused_by_the_name_of_what_is_missing()
    {
        var programs = 0;
        var compiled = 0;
        var text = TestFiles.SharedProgramsOrSkip();
        foreach (var group in text.Split("\n# ").Skip(1))
        {
            var blocks = TestFiles.SqlMlBlocks(group).ToList();
            var preludes = blocks.Where(block => !block.Contains("predict ", StringComparison.Ordinal)).Append("").ToList();
            // The stress test of names gives every word of the language as a name, and cannot mean anything.
            foreach (var program in blocks.Where(block => block.Contains("predict ", StringComparison.Ordinal) && !group.StartsWith("(e)", StringComparison.Ordinal)))
            {
                programs++;
                if (Verdict(program, preludes, blocks)) compiled++;
            }
        }
        Assert.True(programs > 45, $"only {programs} programs found");
        Assert.True(compiled > 0, $"only {compiled} programs compiled");
    }

    [Fact]
    public void The_stress_test_of_names_gives_diagnostics_and_no_exception()
    {
        var stress = TestFiles.SharedProgramsOrSkip().Split("\n# ").Single(group => group.StartsWith("(e)", StringComparison.Ordinal));
        foreach (var dialect in SqlMlCompiler.Dialects)
        {
            var program = Programs.Compile(Assert.Single(TestFiles.SqlMlBlocks(stress)), dialect);
            Assert.False(program.Succeeded);
            Assert.True(program.Diagnostics.Length > 20, $"only {program.Diagnostics.Length} findings");
        }
    }

    // A table that one task reads stands in no prelude.
    private const string Facilities = "source facility_study { table trial.facilities_studies  static }\n";

    // Many tasks leave their features to the reader; here each entity that is predicted for has one.
    private static string WithFeature(string program) => (program.Contains("from facility_study", StringComparison.Ordinal) ? Facilities : "") + string.Concat(PredictPattern().Matches(program)
        .Select(match => match.Groups[1].Value).Distinct().Select(entity => $"var {entity}.corpus_feature = 1\n")) + program;

    [GeneratedRegex(@"predict \w+ +for (\w+)")]
    private static partial Regex PredictPattern();

    /// <summary>True when the program compiled, at least to DuckDB, behind one of its group's preludes; fails when no prelude gives a known reason.</summary>
    private static bool Verdict(string program, List<string> preludes, List<string> blocks)
    {
        var earlier = blocks.TakeWhile(block => block != program).Where(block => block.Contains("source ", StringComparison.Ordinal));
        var best = preludes.Concat(earlier).Distinct()
            .Select(prelude => SqlMlCompiler.Dialects.Select(dialect => Programs.Compile(prelude + WithFeature(program), dialect)).ToList())
            .MinBy(results => (results[0].Diagnostics.Count(found => !Reasons.Contains(found.Code)), results[0].Diagnostics.Count(found => found.Severity == DiagnosticSeverity.Error)))!;
        foreach (var result in best)
        {
            var others = result.Diagnostics.Where(found => !Reasons.Contains(found.Code)).ToList();
            Assert.True(others.Count == 0, $"{program}\n{DiagnosticText.Render(others)}");
        }
        return best[0].Succeeded;
    }
}
