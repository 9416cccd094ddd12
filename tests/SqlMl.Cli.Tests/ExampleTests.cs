using System.Text.Json;

namespace SqlMl.Cli.Tests;

/// <summary>Every folder under examples/: its tests pass, it compiles for both targets, and what it learns is better than chance. That it is proved is in <see cref="ProveTests"/>.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Examples => [.. Names()];

    private static IEnumerable<string> Names() =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "examples")).Where(folder => Directory.EnumerateFiles(folder, "*.sqlml").Any()).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    [Fact]
    public void The_index_names_every_example()
    {
        var names = Names().ToList();
        Assert.True(names.Count >= 4, "the examples were not found");
        var index = File.ReadAllText(Path.Combine(Repository.Root, "examples", "README.md"));
        Assert.All(names, name => Assert.Contains($"| [{name}]({name}/{name}.sqlml) |", index, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_is_checked_and_its_tests_pass(string example)
    {
        using var line = new CommandLine();
        Assert.Equal(ExitCode.Fine, (await line.RunAsync("check", Folder(example))).ExitCode);
        var result = await line.RunAsync("test", Folder(example));
        Assert.Equal(ExitCode.Fine, result.ExitCode);
        Assert.Contains("passed  ", result.Out, StringComparison.Ordinal);
        Assert.Contains(", 0 failed of ", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_compiles_for_both_targets(string example)
    {
        using var line = new CommandLine();
        foreach (var target in (string[])["duckdb", "snowflake"])
        {
            Assert.Equal(ExitCode.Fine, (await line.RunAsync("compile", Folder(example), "-t", target, "-o", target, "-q")).ExitCode);
            Assert.Contains(line.Files(), file => file.StartsWith(target, StringComparison.Ordinal) && file.EndsWith(".training.sql", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_learns(string example)
    {
        using var line = new CommandLine();
        var result = await line.RunAsync("run", Folder(example), "--output", "runs", "--json", "-q");
        Assert.Equal((ExitCode.Fine, ""), (result.ExitCode, result.Error));
        var models = result.Json.GetProperty("result").GetProperty("models").EnumerateArray().ToList();
        Assert.NotEmpty(models);
        Assert.All(models, model => Assert.True(IsBetterThanChance(model.GetProperty("test")), model.GetProperty("test").GetRawText()));
    }

    private static bool IsBetterThanChance(JsonElement test)
    {
        if (test.TryGetProperty("auc", out var auc)) return auc.GetDouble() > 0.6;
        if (test.TryGetProperty("r2", out var r2)) return r2.GetDouble() > 0.05;
        return test.GetProperty("log_loss").GetDouble() < 0.9 * test.GetProperty("log_loss_without_features").GetDouble();
    }

    private static string Folder(string example) => Path.Combine(Repository.Root, "examples", example);
}
