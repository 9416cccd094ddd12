using System.Text.RegularExpressions;

namespace SqlMl.ArchitectureTests;

public sealed partial class PurityTests
{
    [Fact]
    public void The_compiled_stages_use_no_file_console_clock_network_or_environment()
    {
        var examined = 0;
        foreach (var project in ProjectFile.Pure)
        {
            var assembly = CompiledAssembly.Of(project);
            examined += assembly.UsedMembers.Count;
            Assert.Empty(PurityRules.Violations(assembly).Select(use => $"{project} uses {use}"));
        }
        Assert.True(examined > 500, $"only {examined} members found");
    }

    [Fact]
    public void The_guard_finds_what_this_very_assembly_uses()
    {
        Assert.Contains("System.IO.File", PurityRules.Violations(CompiledAssembly.Read(typeof(PurityTests).Assembly.Location)));
        Assert.Contains(PurityRules.Violations(CompiledAssembly.Of("SqlMl.Cli")), use => use.StartsWith("System.Environment.", StringComparison.Ordinal));
        Assert.Contains("System.TimeProvider", PurityRules.Violations(CompiledAssembly.Of("SqlMl.Local")));
        Assert.NotEmpty(CompiledAssembly.Of("SqlMl.DuckDb").NativeCalls);
    }

    [Fact]
    public void Banned_symbols_are_errors_in_exactly_the_pure_projects()
    {
        var props = Repository.Read("src/Directory.Build.props").Text;
        var pattern = PurePattern().Match(props).Groups["pattern"].Value;
        Assert.NotEmpty(pattern);
        Assert.Equal(
            ProjectFile.Pure.Order(),
            ProjectFile.Product.Select(project => project.Name).Where(name => Regex.IsMatch(name, pattern)).Order());
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", props, StringComparison.Ordinal);
        Assert.Contains("<AdditionalFiles Include=\"$(MSBuildThisFileDirectory)BannedSymbols.txt\" />", props, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", Repository.Read("Directory.Build.props").Text, StringComparison.Ordinal);

        var banned = Repository.Read("src/BannedSymbols.txt").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(banned.Length > 15);
        Assert.All(banned, line => Assert.Matches("^[TMP]:System[.][A-Za-z.]+;[A-Z].+$", line));
    }

    [Fact]
    public void No_hand_written_file_of_the_pure_projects_switches_a_warning_off()
    {
        var files = Repository.HandWrittenCode.Where(file => ProjectFile.Pure.Any(project => file.Path.StartsWith($"src/{project}/", StringComparison.Ordinal))).ToList();
        Assert.True(files.Count > 80, $"only {files.Count} files found");
        // CS8524 asks for an answer to a number that is no member of its enum; without it a new member would go unnoticed (CS8509).
        Assert.Empty(files.SelectMany(file => DisabledPattern().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}")));
        Assert.DoesNotContain("RS0030", Repository.Read(".editorconfig").Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("#pragma warning disable (?!CS8524\\b)[^\n]*|SuppressMessage[^\n]*RS0030[^\n]*")]
    private static partial Regex DisabledPattern();

    [GeneratedRegex(@"<SqlMlPure Condition=""[^']*'\$\(MSBuildProjectName\)', '(?<pattern>[^']+)'")]
    private static partial Regex PurePattern();
}
