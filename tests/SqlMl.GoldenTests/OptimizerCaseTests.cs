using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.GoldenTests;

/// <summary>The folder of each pass in `golden/optimizer` shows what the pass does by itself to the plan of one program.</summary>
public sealed class OptimizerCaseTests
{
    private static readonly string Shelf = Path.Combine(Repository.Golden, "optimizer");

    public static TheoryData<string> Passes => [.. SqlMlCompiler.Passes];

    [Theory]
    [MemberData(nameof(Passes))]
    public void A_pass_changes_the_plan_as_its_folder_shows(string pass)
    {
        var folder = Path.Combine(Shelf, pass);
        Assert.True(Directory.Exists(folder), $"{Repository.Relative(folder)} is missing: every pass shows what it does");
        var source = new SourceText(GoldenCase.InputFile, File.ReadAllText(Path.Combine(folder, GoldenCase.InputFile)));
        var before = Plan(source, [.. SqlMlCompiler.Passes]);
        var after = Plan(source, [.. SqlMlCompiler.Passes.Where(other => other != pass)]);

        var report = Acceptance.Compare(
            folder, new Dictionary<string, string> { ["before.plan.txt"] = before, ["after.plan.txt"] = after }, GoldenCase.InputFile);

        Assert.True(report.Length == 0, report);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void Every_folder_belongs_to_a_pass()
    {
        var folders = GoldenFolders.Leaves(Shelf).Select(folder => Path.GetRelativePath(Shelf, folder)).ToList();

        Assert.Equal(SqlMlCompiler.Passes.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
        Assert.True(folders.Count >= 3, $"only {folders.Count} passes were found");
    }

    private static string Plan(SourceText source, HashSet<string> disabled)
    {
        var program = SqlMlCompiler.Compile([source], new CompileOptions { Dialect = "duckdb", DisabledPasses = [.. disabled] });
        Assert.True(program.Succeeded, DiagnosticText.Render(program.Diagnostics));
        return program.Stages.Optimized!.Value;
    }
}
