using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Functions;
using SqlMl.Language.Trainers;
using SqlMl.Language.Types;

namespace SqlMl.ArchitectureTests;

public sealed class DocsTests
{
    private static RepositoryFile Reference { get; } = Repository.Read("docs/language.md");

    [Fact]
    public void Every_example_of_the_language_reference_compiles_in_every_dialect()
    {
        var page = DocumentBlock.Read(Reference);
        var examples = page.Where(block => block.Language == "sqlml" && !block.Words.ContainsKey("name") && !block.Words.ContainsKey("each") && !block.Words.ContainsKey("error")).ToList();
        Assert.True(examples.Count > 20, $"only {examples.Count} examples found");
        foreach (var example in examples)
        {
            foreach (var dialect in SqlMlCompiler.Dialects)
            {
                if (example.Words.GetValueOrDefault("only", dialect) != dialect) continue;
                var program = DocumentBlock.Compile(example.Program(page), dialect);
                Assert.Empty(Errors(program).Select(error => $"docs/language.md:{example.Line}, {dialect}: {error}"));
                Assert.NotEmpty(program.Models);
            }
        }
    }

    [Fact]
    public void Every_mistake_that_the_language_reference_shows_is_the_mistake_it_says()
    {
        var page = DocumentBlock.Read(Reference);
        var mistakes = page.Where(block => block.Language == "sqlml" && block.Words.ContainsKey("error")).ToList();
        Assert.NotEmpty(mistakes);
        foreach (var mistake in mistakes)
        {
            var codes = DocumentBlock.Compile(mistake.Program(page), "duckdb").Diagnostics.Select(diagnostic => diagnostic.Code).Distinct();
            Assert.Equal(mistake.Words["error"], string.Join(' ', codes));
        }
    }

    [Fact]
    public void Every_construct_that_is_listed_as_not_compiled_yet_says_so_itself()
    {
        var page = DocumentBlock.Read(Reference);
        var lines = page.Where(block => block.Words.ContainsKey("each"))
            .SelectMany(block => block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => block with { Text = line })).ToList();
        Assert.True(lines.Count > 12, $"only {lines.Count} constructs found");
        Assert.Empty(lines
            .Select(line => (line.Text, line.Words, Codes: Codes(line.Program(page))))
            .Where(line => line.Codes != line.Words["each"])
            .Select(line => $"{line.Text}: {line.Codes}"));
    }

    [Fact]
    public void The_language_reference_names_all_that_the_catalogues_hold()
    {
        var names = AggregateCatalogue.All.Select(item => item.Name)
            .Concat(ScalarFunctions.All.Select(item => item.Name))
            .Concat(TrainerCatalogue.All.Select(item => item.Name))
            .Concat(TrainerCatalogue.All.SelectMany(item => item.Parameters).Select(item => item.Name))
            .Concat(DataTypes.CastNames)
            .ToList();
        Assert.True(names.Count > 70, $"only {names.Count} names found");
        Assert.DoesNotContain(names, name => !Reference.Text.Contains($"`{name}", StringComparison.Ordinal));
    }

    [Fact]
    public void What_how_it_works_shows_is_what_the_stages_print()
    {
        var page = DocumentBlock.Read(Repository.Read("docs/how-it-works.md"));
        var source = page.Single(block => block.Words.ContainsKey("name")).Text;
        var shown = page.Where(block => block.Words.ContainsKey("emit")).ToList();
        Assert.True(shown.Count > 4, $"only {shown.Count} outputs found");
        foreach (var block in shown)
        {
            var emitted = Emit(source, block.Words["emit"]);
            Assert.True(emitted.Contains(block.Text, StringComparison.Ordinal), $"docs/how-it-works.md:{block.Line} is not in\n{emitted}");
        }
    }

    [Fact]
    public void Decisions_are_short_and_numbered_without_a_gap()
    {
        var decisions = Repository.TextFiles.Where(file => file.Path.StartsWith("docs/decisions/", StringComparison.Ordinal)).ToList();
        Assert.True(decisions.Count > 9);
        Assert.Equal(Enumerable.Range(1, decisions.Count).Select(number => $"{number:0000}"), decisions.Select(file => Path.GetFileName(file.Path)[..4]));
        Assert.All(decisions, file => Assert.InRange(file.LineCount, 5, 39));
        Assert.All(decisions, file => Assert.StartsWith($"# {Path.GetFileName(file.Path)[..4]}: ", file.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_path_that_a_page_names_exists()
    {
        var pages = Repository.TextFiles.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal) && !file.Path.StartsWith("golden/", StringComparison.Ordinal)).ToList();
        Assert.Contains(pages, page => page.Path == "CONTRIBUTING.md");
        var paths = pages.SelectMany(page => PathRules.Named(page).Select(path => (page.Path, Named: path))).ToList();
        Assert.True(paths.Count > 25, $"only {paths.Count} paths found");
        Assert.Empty(paths.Where(item => !Repository.Exists(item.Named)).Select(item => $"{item.Path} names {item.Named}"));
    }

    [Fact]
    public void The_guard_finds_the_paths_of_a_page()
    {
        var page = new RepositoryFile("docs/x.md", "see `src/SqlMl.Sql/Ast`, [this](errors/SML1001.md#why), `docs/<name>.md` and [that](https://example.org)");
        Assert.Equal(["src/SqlMl.Sql/Ast", "docs/errors/SML1001.md"], PathRules.Named(page));
    }

    private static string Emit(string source, string stage)
    {
        var program = DocumentBlock.Compile(source, stage == "snowflake" ? "snowflake" : "duckdb");
        Assert.Empty(Errors(program));
        return stage switch
        {
            "syntax" => program.Stages.Syntax.Value,
            "model" => program.Stages.Model!.Value,
            "plan" => program.Stages.Plan!.Value,
            "optimized" => program.Stages.Optimized!.Value,
            _ => program.Models[0].Training.Sql,
        };
    }

    private static string Codes(string program) =>
        string.Join(' ', DocumentBlock.Compile(program, "duckdb").Diagnostics.Select(diagnostic => diagnostic.Code).Distinct());

    private static IEnumerable<string> Errors(CompiledProgram program) =>
        program.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => $"{diagnostic.Code} {diagnostic.Message}");
}
