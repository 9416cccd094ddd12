using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SqlMl.ArchitectureTests;

public sealed partial class SolutionTests
{
    private static IReadOnlyList<ProjectFile> Projects { get; } = [.. ProjectFile.Product, .. ProjectFile.Tests];

    [Fact]
    public void The_solution_builds_every_project_in_both_configurations()
    {
        Assert.True(Projects.Count > 25);
        Assert.Empty(Missing(Repository.Read("SqlMl.sln").Text, Projects.Select(project => project.Path)));
    }

    [Fact]
    public void The_guard_finds_a_project_that_is_missing_or_not_built()
    {
        const string Line = "Project(\"{A}\") = \"X\", \"src\\X\\X.csproj\", \"{1-2}\"\n";
        const string Debug = "{1-2}.Debug|Any CPU.Build.0 = Debug|Any CPU\n";
        Assert.Empty(Missing(Line + Debug + Debug.Replace("Debug", "Release", StringComparison.Ordinal), ["src/X/X.csproj"]));
        Assert.Single(Missing(Line + Debug, ["src/X/X.csproj"]));
        Assert.Single(Missing("", ["src/X/X.csproj"]));
    }

    [Fact]
    public void Every_package_has_one_exact_version_and_every_version_is_used()
    {
        var versions = XElement.Parse(Repository.Read("Directory.Packages.props").Text).Descendants("PackageVersion")
            .ToDictionary(element => element.Attribute("Include")!.Value, element => element.Attribute("Version")!.Value);
        Assert.True(versions.Count > 7);
        Assert.All(versions.Values, version => Assert.True(IsExact(version), version));

        var files = Repository.TextFiles.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal) || file.Path.EndsWith(".props", StringComparison.Ordinal));
        var used = files.SelectMany(file => XElement.Parse(file.Text).Descendants("PackageReference")).ToList();
        Assert.True(used.Count > 7);
        Assert.DoesNotContain(used, element => element.Attribute("Version") is not null || element.Attribute("VersionOverride") is not null);
        Assert.Equal(versions.Keys.Order(), used.Select(element => element.Attribute("Include")!.Value).Distinct().Order());
    }

    [Theory]
    [InlineData("1.2.3", true)]
    [InlineData("4.13.0-beta.1", true)]
    [InlineData("1.*", false)]
    [InlineData("[1.2,2.0)", false)]
    [InlineData("1.2", false)]
    public void The_guard_finds_a_version_that_floats(string version, bool expected) => Assert.Equal(expected, IsExact(version));

    [Fact]
    public void Style_is_an_error_in_every_build()
    {
        var properties = Repository.Read("Directory.Build.props").Text;
        foreach (var property in new[] { "TreatWarningsAsErrors", "EnforceCodeStyleInBuild", "GenerateDocumentationFile", "ManagePackageVersionsCentrally", "Deterministic" })
        {
            Assert.Contains($"<{property}>true</{property}>", properties, StringComparison.Ordinal);
        }
        // Generated code claims a compliance that its assembly does not: the one exception.
        var exceptions = ProjectFile.Product.SelectMany(project => project.Xml.Descendants("NoWarn").Select(element => $"{project.Name}: {element.Value}"));
        Assert.Equal(["SqlMl.Syntax: $(NoWarn);CS3021"], exceptions);
    }

    /// <summary>Projects that the solution does not name, or does not build in Debug and Release.</summary>
    private static IEnumerable<string> Missing(string solution, IEnumerable<string> projects)
    {
        var known = ProjectPattern().Matches(solution).ToDictionary(match => match.Groups["path"].Value.Replace('\\', '/'), match => match.Groups["id"].Value);
        foreach (var project in projects)
        {
            if (!known.TryGetValue(project, out var id)) yield return $"{project} is not in the solution";
            else if (!Builds(id, "Debug") || !Builds(id, "Release")) yield return $"{project} is not built in both configurations";
        }

        bool Builds(string id, string configuration) => solution.Contains($"{id}.{configuration}|Any CPU.Build.0 = {configuration}|Any CPU", StringComparison.Ordinal);
    }

    private static bool IsExact(string version) => ExactPattern().IsMatch(version);

    [GeneratedRegex("= \"[^\"]+\", \"(?<path>[^\"]+[.]csproj)\", \"(?<id>[{][^\"]+[}])\"")]
    private static partial Regex ProjectPattern();

    [GeneratedRegex("^[0-9]+[.][0-9]+[.][0-9]+(-[0-9A-Za-z.-]+)?$")]
    private static partial Regex ExactPattern();
}
