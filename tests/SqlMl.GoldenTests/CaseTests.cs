using SqlMl.Compiler;
using SqlMl.DuckDb;

namespace SqlMl.GoldenTests;

/// <summary>Every folder of `golden/language` and `golden/snowflake` is what the compiler and DuckDB make of its program.</summary>
public sealed class CaseTests
{
    private const int FewestCases = 35;
    private const int FewestCasesWithData = 30;
    private const int LongestInput = 30;

    public static TheoryData<string> Cases => [.. GoldenCase.All.Select(item => item.Name)];

    public static TheoryData<string> CasesWithData => [.. GoldenCase.All.Where(item => item.HasData).Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_compiles_and_runs_to_its_expected_files(string name)
    {
        var item = new GoldenCase(name);

        var report = Acceptance.Compare(item.Folder, GoldenOutput.Of(item), [GoldenCase.InputFile, .. item.Imported]);

        Assert.True(report.Length == 0, report);
    }

    [Theory]
    [MemberData(nameof(CasesWithData))]
    public void Without_the_optimizer_and_without_each_pass_the_rows_are_the_same(string name)
    {
        var item = new GoldenCase(name);
        var optimized = new CompileOptions { Dialect = "duckdb" };
        var variants = SqlMlCompiler.Passes.Select(pass => optimized with { DisabledPasses = [pass] }).Append(optimized with { Optimize = false }).ToList();
        Assert.True(variants.Count > 1, "no pass was found");
        var program = item.CompileToRun(optimized);
        var seen = new HashSet<string>(StringComparer.Ordinal) { GoldenOutput.Scripts(program) };
        var expected = DuckDbRun.Execute(program);

        foreach (var variant in variants.Select(item.CompileToRun))
        {
            if (seen.Add(GoldenOutput.Scripts(variant))) Assert.Equal(expected, DuckDbRun.Execute(variant));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Two_compilations_are_the_same_bytes(string name)
    {
        var item = new GoldenCase(name);

        Assert.All(SqlMlCompiler.Dialects, dialect => Assert.Equal(GoldenOutput.Scripts(item.Compile(dialect)), GoldenOutput.Scripts(item.Compile(dialect))));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_begins_with_what_it_proves_and_is_short(string name)
    {
        var lines = new GoldenCase(name).Input.TrimEnd('\n').Split('\n');

        Assert.StartsWith("-- ", lines[0], StringComparison.Ordinal);
        Assert.InRange(lines.Length, 2, LongestInput - 1);
    }

    [Fact]
    public void There_are_cases_in_every_dialect_and_most_of_them_run()
    {
        Assert.True(GoldenCase.All.Length >= FewestCases, $"only {GoldenCase.All.Length} cases were found");
        Assert.True(GoldenCase.All.Count(item => item.HasData) >= FewestCasesWithData, "too few cases have data");
        Assert.Contains("duckdb", SqlMlCompiler.Dialects);
        Assert.Contains("snowflake", SqlMlCompiler.Dialects);
        Assert.All(GoldenCase.All, item => Assert.All(SqlMlCompiler.Dialects, dialect => Assert.True(File.Exists(Path.Combine(item.Folder, GoldenCase.SqlFile(dialect))))));
    }

    [Fact]
    public void No_file_lies_between_the_cases_and_no_data_is_unread()
    {
        Assert.Empty(GoldenCase.Shelves.Append("optimizer").SelectMany(shelf => GoldenFolders.Strays(Path.Combine(Repository.Golden, shelf))).Select(Repository.Relative));
        var read = 0;
        foreach (var item in GoldenCase.All.Where(item => item.HasData))
        {
            foreach (var path in Directory.EnumerateFiles(Path.Combine(item.Folder, GoldenCase.DataFolder), "*", SearchOption.AllDirectories))
            {
                Assert.Contains(Path.GetRelativePath(item.Folder, path).Replace('\\', '/'), item.Input, StringComparison.Ordinal);
                read++;
            }
        }
        Assert.True(read >= FewestCasesWithData, $"only {read} data files were looked at");
    }

    [Fact]
    public void Hostile_text_comes_back_from_the_engine_unchanged()
    {
        var item = Assert.Single(GoldenCase.All, item => item.Name == "language/names/hostile-text");
        var model = Assert.Single(item.CompileToRun(new CompileOptions { Dialect = "duckdb" }).Models);
        using var database = DuckDbConnection.Open(DuckDbConnection.InMemory);
        database.Execute(model.Training.Sql);

        using var result = database.Query($"SELECT DISTINCT last_note FROM \"{model.TrainingTable}\" ORDER BY last_note");

        string[] expected = ["-- no comment; DROP TABLE orders", "100 %_ sure", "C:\\temp\\new", "it's \"quoted\" `twice`", "naïve — 日本 🦆"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), result.ReadRows().Select(row => (string)row[0]!).Order(StringComparer.Ordinal));
    }
}
