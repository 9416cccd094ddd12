namespace SqlMl.ArchitectureTests;

public sealed class SourceFileTests(ITestOutputHelper output)
{
    [Fact]
    public void No_hand_written_file_is_longer_than_600_lines()
    {
        var files = Repository.HandWrittenCode;
        Assert.True(files.Count > 250, $"only {files.Count} files found");
        Assert.Contains(files, file => file.Path == "src/SqlMl.Compiler/SqlMlCompiler.cs");

        var lengths = files.Select(file => file.LineCount).Order().ToList();
        output.WriteLine($"{files.Count} files, {lengths.Sum()} lines, median {lengths[lengths.Count / 2]}, longest {lengths[^1]}");
        foreach (var file in files.Where(file => file.LineCount > SourceRules.LongLines)) output.WriteLine($"long: {file.Path}, {file.LineCount} lines");

        Assert.Empty(files.Where(file => file.LineCount > SourceRules.MostLines).Select(file => $"{file.Path}: {file.LineCount}"));
    }

    [Fact]
    public void The_pipeline_is_read_in_one_method_of_under_40_lines()
    {
        var lines = Repository.Read("src/SqlMl.Compiler/SqlMlCompiler.cs").Text.Split('\n');
        var start = Array.FindIndex(lines, line => line.Contains("CompiledProgram Compile(", StringComparison.Ordinal));
        var end = Array.FindIndex(lines, start, line => line == "    }");
        Assert.InRange(end - start, 10, 39);
        var method = string.Join('\n', lines[start..end]);
        var positions = new[] { "SyntaxTree.Parse", "Binder.Bind", "PlanBuilder.Build", "PlanOptimizer.Optimize", "ModelScripts.Print" }
            .Select(stage => method.IndexOf(stage, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, positions);
        Assert.Equal(positions.Order(), positions);
    }

    [Fact]
    public void No_type_has_a_name_that_says_nothing()
    {
        var types = ProjectFile.Product.SelectMany(project => CompiledAssembly.Of(project.Name).DeclaredTypes)
            .Where(type => !type.StartsWith("SqlMl.Syntax.Generated.", StringComparison.Ordinal)).ToList();
        Assert.True(types.Count > 400, $"only {types.Count} types found");
        Assert.DoesNotContain(types, SourceRules.IsVague);
    }

    [Fact]
    public void No_file_names_a_place_on_one_machine()
    {
        Assert.True(Repository.TextFiles.Count > 400, $"only {Repository.TextFiles.Count} files found");
        Assert.Contains(Repository.TextFiles, file => file.Path == ".ci/run");
        Assert.Empty(Repository.TextFiles.SelectMany(SourceRules.MachinePaths));
    }

    [Fact]
    public void Nobody_outside_the_dialects_asks_which_dialect_it_is()
    {
        var files = Repository.HandWrittenCode
            .Where(file => ProjectFile.Pure.Any(project => file.Path.StartsWith($"src/{project}/", StringComparison.Ordinal)))
            .Where(file => !file.Path.StartsWith("src/SqlMl.Sql/Dialects/", StringComparison.Ordinal))
            .ToList();
        Assert.True(files.Count > 80, $"only {files.Count} files found");
        Assert.Empty(files.SelectMany(SourceRules.DialectQuestions));
    }

    [Theory]
    [InlineData("SqlMl.Plan.PlanManager")]
    [InlineData("TextHelper")]
    [InlineData("SqlMl.Sql.StringUtils")]
    [InlineData("PassBase`1")]
    public void The_guard_finds_a_name_that_says_nothing(string type) => Assert.True(SourceRules.IsVague(type));

    [Theory]
    [InlineData("/work/", "main/data.csv", 1)]
    [InlineData("'/tmp/", "x'", 1)]
    [InlineData("see ~/work/", "notes", 0)]
    [InlineData("https://example.org/home/", "page", 0)]
    public void The_guard_finds_a_place_on_one_machine(string start, string end, int expected) =>
        Assert.Equal(expected, SourceRules.MachinePaths(new RepositoryFile("a.md", start + end)).Count());

    [Theory]
    [InlineData("if (dialect.Name == other)", 1)]
    [InlineData("options.Dialect is \"duckdb\" ? 1 : 2", 1)]
    [InlineData("\"snowflake\" => 1,", 1)]
    [InlineData("if (dialect.ReadsFiles) return;", 0)]
    public void The_guard_finds_a_question_for_the_dialect(string code, int expected) =>
        Assert.Equal(expected, SourceRules.DialectQuestions(new RepositoryFile("a.cs", code)).Count());

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a\nb\n", 2)]
    [InlineData("a\nb", 2)]
    public void Lines_are_counted_as_an_editor_does(string text, int expected) => Assert.Equal(expected, new RepositoryFile("a.cs", text).LineCount);
}
