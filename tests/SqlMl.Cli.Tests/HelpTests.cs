using SqlMl.Cli.Commands;

namespace SqlMl.Cli.Tests;

/// <summary>Every verb's help is a golden file; SQLML_ACCEPT=1 writes it anew, which is refused where CI is set.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. CommandList.All.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_is_as_accepted(string verb)
    {
        using var line = new CommandLine();
        var result = await line.RunAsync(verb, "--help");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var actual = string.Join('\n', result.Out.ReplaceLineEndings("\n").Split('\n').Select(text => text.TrimEnd())).TrimEnd() + "\n";
        var file = Path.Combine(Repository.Root, "golden", "cli", verb, "help", "expected.txt");
        if (Environment.GetEnvironmentVariable("SQLML_ACCEPT") == "1")
        {
            Assert.True(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")), "SQLML_ACCEPT is refused where CI is set");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, actual, TestContext.Current.CancellationToken);
        }
        Assert.True(File.Exists(file), $"{file} is missing: run the tests with SQLML_ACCEPT=1");
        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), actual);
    }

    [Fact]
    public async Task The_list_of_commands_names_every_verb()
    {
        using var line = new CommandLine();
        var result = await line.RunAsync("--help");
        Assert.All(CommandList.All, command => Assert.Contains($"{command.Name} ", result.Out, StringComparison.Ordinal));
    }

    [Fact]
    public void No_golden_help_is_left_of_a_verb_that_is_gone()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "golden", "cli")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(CommandList.All.Select(command => command.Name).Order(StringComparer.Ordinal), folders);
    }
}
