namespace SqlMl.ArchitectureTests;

public sealed class ProjectReferenceTests
{
    [Fact]
    public void Every_project_references_what_the_table_in_src_says_and_nothing_else()
    {
        var table = ReferenceRules.Table(Repository.Read("src/README.md").Text);
        Assert.True(ProjectFile.Product.Count > 10);
        Assert.Equal(ProjectFile.Product.Select(project => project.Name).Order(), table.Keys.Order());
        Assert.Empty(ProjectFile.Product.SelectMany(project => ReferenceRules.Differences(project, table)));
    }

    [Fact]
    public void No_project_references_against_the_directions_of_the_house()
    {
        Assert.True(ProjectFile.Product.Sum(project => project.Projects.Count) > 20);
        Assert.Empty(ProjectFile.Product.SelectMany(project => ReferenceRules.Forbidden(project.Name, project.Projects)));
    }

    [Fact]
    public void The_compiled_assemblies_reference_no_more_than_their_projects_say()
    {
        var examined = 0;
        foreach (var project in ProjectFile.Product)
        {
            var references = CompiledAssembly.Of(project.Name).References.Where(name => name.StartsWith("SqlMl.", StringComparison.Ordinal)).ToList();
            examined += references.Count;
            Assert.Empty(references.Except(project.Projects));
        }
        Assert.True(examined > 15, $"only {examined} references found");
    }

    [Fact]
    public void Every_project_of_src_has_a_test_project_that_references_it()
    {
        Assert.True(ProjectFile.Product.Count > 10);
        foreach (var project in ProjectFile.Product)
        {
            var tests = Assert.Single(ProjectFile.Tests, tests => tests.Name == $"{project.Name}.Tests");
            Assert.Contains(project.Name, tests.Projects);
        }
    }

    [Fact]
    public void Internals_are_shared_with_a_project_s_own_tests_only()
    {
        var shared = ProjectFile.Product
            .SelectMany(project => project.Xml.Descendants("InternalsVisibleTo").Select(item => (project.Name, Friend: item.Attribute("Include")!.Value)))
            .ToList();
        Assert.True(shared.Count > 10);
        // The tests of the proof break the compiler's SQL on its way to the printer: a switch that no user has.
        Assert.All(shared.Where(item => item is not ("SqlMl.Compiler", "SqlMl.ProofTests")), item => Assert.Equal($"{item.Name}.Tests", item.Friend));
    }

    [Fact]
    public void References_do_not_pass_through_other_projects() =>
        Assert.Contains(
            "<DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences>", Repository.Read("Directory.Build.props").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("SqlMl.Sql", "SqlMl.Language")]
    [InlineData("SqlMl.Optimizer", "SqlMl.Semantics")]
    [InlineData("SqlMl.Optimizer", "SqlMl.Sql")]
    [InlineData("SqlMl.Local", "SqlMl.Snowflake")]
    [InlineData("SqlMl.Snowflake", "SqlMl.Local")]
    [InlineData("SqlMl.Local", "SqlMl.Cli")]
    [InlineData("SqlMl.Compiler", "SqlMl.DuckDb")]
    [InlineData("SqlMl.Learning", "SqlMl.Testing")]
    public void The_guard_finds_a_forbidden_direction(string from, string to) => Assert.Single(ReferenceRules.Forbidden(from, [to]));

    [Fact]
    public void The_guard_finds_a_reference_too_many_one_too_few_and_a_missing_row()
    {
        var table = ReferenceRules.Table("| 3 | `Plan` | a | b | `PlanBuilder.Build` | `Language` `Semantics` |\n");
        Assert.Empty(Findings("<ProjectReference Include='../SqlMl.Language.csproj' /><ProjectReference Include='../SqlMl.Semantics.csproj' />"));
        Assert.Single(Findings("<ProjectReference Include='../SqlMl.Language.csproj' />"));
        Assert.Single(Findings("<ProjectReference Include='../SqlMl.Language.csproj' /><ProjectReference Include='../SqlMl.Semantics.csproj' /><PackageReference Include='X' />"));
        Assert.Single(ReferenceRules.Differences(ProjectFile.Parse("src/SqlMl.Other.csproj", "<Project />"), table));

        IEnumerable<string> Findings(string items) =>
            ReferenceRules.Differences(ProjectFile.Parse("src/SqlMl.Plan.csproj", $"<Project><ItemGroup>{items}</ItemGroup></Project>"), table);
    }
}
