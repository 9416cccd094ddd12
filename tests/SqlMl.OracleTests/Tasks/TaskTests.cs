using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Testing.Evaluation;

namespace SqlMl.OracleTests.Tasks;

/// <summary>The systems and everyday tasks of the acceptance corpus: what they compile to gives the rows that the definitions give.</summary>
public sealed partial class TaskTests(ITestOutputHelper output)
{
    private const int DataSets = 20;

    /// <summary>Fewer rows than this would compare next to nothing.</summary>
    private const int LeastRows = 100;
    private const int LeastScored = 10;

    private static readonly ImmutableArray<string> Sections =
        ["S0", "S1", "S2", "S3", "S4", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10"];

    public static TheoryData<int> Tasks => [.. Enumerable.Range(0, OracleTask.All.Length)];

    public static TheoryData<int> Runnable => [.. Enumerable.Range(0, OracleTask.All.Length).Where(place => OracleTask.All[place].Meaning is not null)];

    public static TheoryData<int> Constructs => [.. Enumerable.Range(0, ConstructTasks.All.Length)];

    [Theory]
    [MemberData(nameof(Runnable))]
    public void A_task_gives_the_rows_that_the_definitions_give(int place) => AssertAgrees(OracleTask.All[place], inTables: false);

    [Theory]
    [MemberData(nameof(Constructs))]
    public void A_source_made_from_others_gives_the_rows_that_the_definitions_give(int place)
    {
        var task = ConstructTasks.All[place];
        Assert.Empty(Errors(task.Text, "snowflake"));
        // SQL as text names tables, not files.
        AssertAgrees(task, inTables: true);
    }

    private void AssertAgrees(OracleTask task, bool inTables)
    {
        using var database = new DuckDbExecution();
        var (trained, scored, labels) = (0, 0, new HashSet<object>());
        for (var seed = 0; seed < DataSets; seed++)
        {
            var program = task.Meaning!(new TaskRows(seed));
            if (Oracle.Evaluate(program) is not { Training: { } training } expected) continue;
            var comparison = Agreement.Check(program, task.Compiled, expected, database, inTables);
            Assert.True(comparison.Disagreement is null, $"{task.Section}, {program.Model.Name}, data {seed}: {comparison.Disagreement?.Kind}\n{comparison.Disagreement?.Details}\n"
                + string.Concat(program.Sources.Select(source => $"{source.FileName}:\n{source.Table.ToCsv()}")));
            trained += training.Length;
            scored += expected.Scoring.Length;
            labels.UnionWith(training.Select(row => row.Label));
        }
        output.WriteLine($"{task.Section}: {trained} rows to train, {scored} to score, {labels.Count} labels");
        Assert.True(trained >= LeastRows && scored >= LeastScored && labels.Count >= 2, $"{trained} rows to train, {scored} to score and {labels.Count} labels show little");
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_task_compiles_as_it_stands_or_is_refused_for_a_known_reason(int place)
    {
        var task = OracleTask.All[place];
        // A warehouse cannot read a local file: these two are run here only.
        string[] local = task.Text.Contains(" file '", StringComparison.Ordinal) ? ["SML5001"] : [];

        Assert.Equal(task.Refused, Errors(task.Text, "duckdb"));
        Assert.Equal([.. task.Refused, .. local], Errors(task.Text, "snowflake"));
        if (task.Meaning is null) return;
        Assert.Empty(Errors(task.Compiled, "duckdb"));
        Assert.Equal(local, Errors(task.Compiled, "snowflake"));
    }

    /// <summary>The next-best task says nowhere what a category is (rule 59): the columns of its tables do.</summary>
    [Fact]
    public void The_type_of_a_label_that_the_program_does_not_show_is_that_of_a_known_column()
    {
        var task = OracleTask.All.Single(other => other.Section == "d3");
        var products = ImmutableArray.Create(new SchemaColumn("product_id", "BIGINT"), new SchemaColumn("category", "VARCHAR"));
        var options = new CompileOptions { Dialect = "duckdb", Schemas = ImmutableDictionary.CreateRange(StringComparer.OrdinalIgnoreCase, [KeyValuePair.Create("products", products)]) };

        Assert.Equal(["SML3012"], Errors(task.Text, "snowflake"));
        foreach (var dialect in SqlMlCompiler.Dialects) Assert.Empty(Errors(task.Text, options with { Dialect = dialect }));
    }

    [Fact]
    public void Every_section_is_here_and_says_what_the_corpus_says()
    {
        Assert.Equal(Sections, OracleTask.All.Select(task => task.Section).Distinct());
        var corpus = SharedProgramsOrSkip();
        foreach (var task in OracleTask.All)
        {
            var section = corpus[corpus.IndexOf($"\n## {task.Section} ", StringComparison.Ordinal)..];
            Assert.Equal(BlockPattern().Match(section).Groups[1].Value.TrimEnd('\n'), task.Text);
        }
    }

    private static IEnumerable<string> Errors(string text, string dialect) => Errors(text, new CompileOptions { Dialect = dialect });

    private static IEnumerable<string> Errors(string text, CompileOptions options) => SqlMlCompiler
        .Compile([new SourceText("task.sqlml", text)], options).Diagnostics
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Code).Order(StringComparer.Ordinal);

    private static string SharedProgramsOrSkip()
    {
        var shared = Environment.GetEnvironmentVariable("SQLML_SHARED_DATA") is { Length: > 0 } data
            ? Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)))!
            : Path.Combine(SourceFolder(), "..", "..", "..", "..", "shared");
        var path = Path.Combine(shared, "design", "programs.md");
        if (!File.Exists(path)) Assert.Skip($"the acceptance corpus is not here: no {path}");
        return File.ReadAllText(path);
    }

    // Build output may lie outside the repository; the source tells where that is.
    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("```sqlml\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex BlockPattern();
}
