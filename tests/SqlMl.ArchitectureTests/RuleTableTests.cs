using System.Globalization;
using System.Text.RegularExpressions;

namespace SqlMl.ArchitectureTests;

/// <summary>The table tests/rules.md: every rule of the language's fine print has a line, and what the line names is there.</summary>
public sealed partial class RuleTableTests
{
    private const int RuleCount = 65;

    private static RepositoryFile Page { get; } = Repository.Read("tests/rules.md");

    private static IReadOnlyList<RuleLine> Lines { get; } = RuleLine.Read(Page.Text);

    [Fact]
    public void Every_rule_has_a_line_and_every_line_a_rule() =>
        Assert.Equal(Enumerable.Range(1, RuleCount), Lines.Select(line => line.Number));

    [Fact]
    public void Every_rule_has_a_test_or_says_that_it_is_not_compiled() =>
        Assert.Empty(Lines.Where(line => line.Tests.Count == 0 && line.NotCompiled is null).Select(line => line.Number));

    [Fact]
    public void Every_test_that_the_table_names_exists()
    {
        var methods = TestMethods();
        Assert.True(methods.Count > 300, $"only {methods.Count} tests found");
        var named = Lines.SelectMany(line => line.Tests).ToList();
        Assert.True(named.Count > 120, $"only {named.Count} tests named");
        Assert.Empty(named.Where(name => name.StartsWith("golden/", StringComparison.Ordinal) ? !Repository.Exists(name) : !methods.Contains(name)));
    }

    [Fact]
    public void What_the_table_calls_not_compiled_is_still_refused()
    {
        // DocsTests compiles these lines and holds that each says so itself.
        var refused = DocumentBlock.Read(Repository.Read("docs/language.md")).Where(block => block.Words.ContainsKey("each")).ToList();
        Assert.NotEmpty(refused);
        Assert.Empty(Lines.Where(line => line.NotCompiled is { } form && !refused.Any(block => block.Text.Contains(form, StringComparison.Ordinal))).Select(line => $"{line.Number}: {line.NotCompiled}"));
    }

    [Fact]
    public void The_table_counts_what_it_holds()
    {
        var sentence = $"{Lines.Count(line => line.Tests.Count > 0)} rules have tests, {Lines.Count(line => line.NotCompiled is not null)} have a part that is not compiled, {Lines.Count(line => line.IsOpen)} have a part that is open.";
        Assert.Contains(sentence, Page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_guard_reads_a_line()
    {
        var line = Assert.Single(RuleLine.Read("| 7 | words | `A.B_c`, `golden/x/y`; not compiled: `a by b`; open: the rest |"));
        Assert.Equal(7, line.Number);
        Assert.Equal(["A.B_c", "golden/x/y"], line.Tests);
        Assert.Equal("a by b", line.NotCompiled);
        Assert.True(line.IsOpen);
        Assert.DoesNotContain("A.B_c", TestMethods());
        Assert.Contains($"{nameof(RuleTableTests)}.{nameof(The_guard_reads_a_line)}", TestMethods());
    }

    /// <summary>Every test as `Class.Method`. A class may go over several files, each named after it.</summary>
    private static HashSet<string> TestMethods() =>
    [
        .. Repository.HandWrittenCode.Where(file => file.Path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(file => MethodPattern().Matches(file.Text).Select(match => $"{Path.GetFileName(file.Path).Split('.')[0]}.{match.Groups[1].Value}")),
    ];

    [GeneratedRegex(@"^    public (?:static )?(?:async )?(?:void|Task) (\w+)\(", RegexOptions.Multiline)]
    private static partial Regex MethodPattern();

    /// <summary>One line of the table.</summary>
    private sealed partial record RuleLine(int Number, IReadOnlyList<string> Tests, string? NotCompiled, bool IsOpen)
    {
        public static IReadOnlyList<RuleLine> Read(string page) => [.. LinePattern().Matches(page).Select(match => Of(match.Groups[1].Value, match.Groups[2].Value.Split("; ")))];

        private static RuleLine Of(string number, string[] parts) => new(
            int.Parse(number, CultureInfo.InvariantCulture),
            [.. parts.Where(part => part.StartsWith('`')).SelectMany(part => CodePattern().Matches(part)).Select(code => code.Groups[1].Value)],
            parts.FirstOrDefault(part => part.StartsWith("not compiled: ", StringComparison.Ordinal)) is { } form ? CodePattern().Match(form).Groups[1].Value : null,
            parts.Any(part => part.StartsWith("open: ", StringComparison.Ordinal)));

        [GeneratedRegex(@"^\| (\d+) \| .* \| (.*) \|$", RegexOptions.Multiline)]
        private static partial Regex LinePattern();

        [GeneratedRegex("`([^`]+)`")]
        private static partial Regex CodePattern();
    }
}
