using System.Text.RegularExpressions;

namespace SqlMl.Compiler.Tests;

/// <summary>
/// Every folder golden/corpus/&lt;group&gt;/&lt;name&gt; is a mistake: `wrong.sqlml`, in which a comment `-- SMLnnnn` stands behind each line that must be found,
/// and `right.sqlml`, its twin, in which nothing may be found; where it takes the types of columns, `schema.json` tells them. The table in golden/corpus/README.md says which mistakes of the field they are.
/// </summary>
public sealed partial class CorpusTests
{
    private static readonly string Root = Path.Combine(TestFiles.Repository, "golden", "corpus");

    private static IReadOnlyList<string> Cases { get; } =
    [
        .. Directory.EnumerateDirectories(Root).SelectMany(Directory.EnumerateDirectories)
            .Select(folder => Path.GetRelativePath(Root, folder).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    private static IReadOnlyList<string[]> Table { get; } =
    [
        .. RowPattern().Matches(File.ReadAllText(Path.Combine(Root, "README.md"))).Select(row => row.Value.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
    ];

    [Fact]
    public void Every_wrong_program_is_found_on_its_line_and_no_twin_is()
    {
        var missed = new List<string>();
        var alarms = new List<string>();
        foreach (var name in Cases)
        {
            var (wrong, right) = (Read(name, "wrong.sqlml"), Read(name, "right.sqlml"));
            foreach (var dialect in SqlMlCompiler.Dialects)
            {
                var options = GoldenErrorTests.ReadOptions(Path.Combine(Root, name)) with { Dialect = dialect };
                var (expected, found) = (Expected(wrong), Found(wrong, options));
                if (expected.Length == 0 || expected != found) missed.Add($"{name}, {dialect}: expected {expected}, found {found}");
                if (Found(right, options) is { Length: > 0 } alarm) alarms.Add($"{name}, {dialect}: {alarm}");
            }
        }
        var caught = Cases.Count - missed.Select(CaseOf).Distinct().Count();
        TestContext.Current.TestOutputHelper?.WriteLine($"recall {caught} of {Cases.Count}, false alarms {alarms.Select(CaseOf).Distinct().Count()} of {Cases.Count}");
        Assert.True(missed.Count + alarms.Count == 0, string.Join('\n', missed.Concat(alarms)));
        Assert.True(Cases.Count >= 80, $"only {Cases.Count} cases found");
    }

    [Fact]
    public void Every_case_says_what_goes_wrong_and_its_twin_differs()
    {
        foreach (var name in Cases)
        {
            var folder = Path.Combine(Root, name);
            Assert.Equal(["right.sqlml", "wrong.sqlml"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Where(file => file != "schema.json").Order(StringComparer.Ordinal));
            var (wrong, right) = (Read(name, "wrong.sqlml"), Read(name, "right.sqlml"));
            Assert.Matches(@"\A-- [A-Z`][^\n]{30,}[.?]\n", wrong);
            Assert.StartsWith("-- ", right, StringComparison.Ordinal);
            Assert.True(wrong.Split('\n').Length <= 31, $"{name} is longer than 30 lines");
            Assert.NotEqual(Program(wrong), Program(right));
        }
    }

    [Fact]
    public void Every_mistake_of_the_field_has_cases_or_the_reason_why_it_has_none()
    {
        Assert.Equal(Enumerable.Range(1, Table.Count), Table.Select(row => int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(Table.Count >= 65, $"only {Table.Count} mistakes listed");
        var named = new HashSet<string>(StringComparer.Ordinal);
        var covered = 0;
        foreach (var row in Table)
        {
            var cases = QuotedPattern().Matches(row[2]).Select(match => match.Groups[1].Value).ToList();
            named.UnionWith(cases);
            if (cases.Count > 0) covered++;
            else Assert.Matches("^(cannot be said|cannot happen|found by the run|not caught yet|not compiled yet): [a-z`].{20,}", row[2]);
        }
        Assert.Equal(Cases, named.Order(StringComparer.Ordinal));
        var silent = Table.Count(row => row[2].StartsWith("not caught yet", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine($"{covered} of {Table.Count} mistakes have cases, {silent} are not caught yet");
        Assert.True(covered >= 40, $"only {covered} mistakes have cases");
    }

    [Fact]
    public void The_comparison_sees_a_missed_line_and_a_false_alarm()
    {
        const string Soon = "var customer.soon = count(orders) in next 7 days";
        Assert.Equal("3 SML4001", Expected($"{Programs.Orders}{Soon}  -- SML4001\n"));
        Assert.Equal("3 SML4001", Found($"{Programs.Orders}{Soon}\n{Programs.Churn}", new CompileOptions { Dialect = "duckdb" }));
        Assert.Equal("", Found($"{Programs.Orders}var customer.past = count(orders) over 7 days\n{Programs.Churn}", new CompileOptions { Dialect = "duckdb" }));
    }

    private static string Read(string name, string file) => File.ReadAllText(Path.Combine(Root, name, file));

    private static string CaseOf(string message) => message[..message.IndexOf(',', StringComparison.Ordinal)];

    private static string Program(string text) => string.Join('\n', text.Split('\n').Select(line => line.Split("--")[0].TrimEnd()).Where(line => line.Length > 0));

    /// <summary>What the comments of a program announce: "line code", in order.</summary>
    private static string Expected(string text) => string.Join(", ", text.Split('\n')
        .SelectMany((line, index) => CodePattern().Matches(line).SelectMany(match => match.Groups[1].Captures).Select(code => $"{index + 1} {code.Value.Trim()}")));

    private static string Found(string text, CompileOptions options) => string.Join(", ", Programs.Compile(text, options).Diagnostics
        .Select(found => (Line: found.Primary is { Span: { Source: { } source, Start: var start } } ? source.Locate(start).Line : 0, found.Code))
        .OrderBy(found => found.Line).Select(found => $"{found.Line} {found.Code}"));

    [GeneratedRegex(@" -- (SML\d{4}\b ?)+$")]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"^\| *\d+ *\|.*\|$", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex("`([a-z]+/[a-z0-9-]+)`")]
    private static partial Regex QuotedPattern();
}
