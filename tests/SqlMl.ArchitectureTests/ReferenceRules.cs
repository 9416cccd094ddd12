using System.Text.RegularExpressions;

namespace SqlMl.ArchitectureTests;

/// <summary>Which project may know which: `src/README.md` has the table, this has the directions that no table may allow.</summary>
internal static partial class ReferenceRules
{
    /// <summary>The last column of the table in `src/README.md`: projects and packages by project.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Table(string markdown) => RowPattern().Matches(markdown).ToDictionary(
        row => $"SqlMl.{row.Groups["name"].Value}",
        row => (IReadOnlyList<string>)[.. NamePattern().Matches(row.Groups["references"].Value).Select(name => name.Groups[1].Value)]);

    /// <summary>Where a project's references are not the table's, to the letter.</summary>
    public static IEnumerable<string> Differences(ProjectFile project, IReadOnlyDictionary<string, IReadOnlyList<string>> table)
    {
        if (!table.TryGetValue(project.Name, out var row)) return [$"{project.Name} has no row in src/README.md"];
        var found = project.Projects.Select(name => name["SqlMl.".Length..]).Concat(project.Packages).Order(StringComparer.Ordinal).ToList();
        var allowed = row.Order(StringComparer.Ordinal).ToList();
        return found.SequenceEqual(allowed, StringComparer.Ordinal)
            ? []
            : [$"{project.Name} references {string.Join(", ", found)}; src/README.md says {string.Join(", ", allowed)}"];
    }

    /// <summary>References that the directions of the house forbid.</summary>
    public static IEnumerable<string> Forbidden(string project, IEnumerable<string> references) =>
        references.Where(reference => IsForbidden(project, reference)).Select(reference => $"{project} may never reference {reference}");

    private static bool IsForbidden(string from, string to) => (from, to) switch
    {
        ("SqlMl.Sql" or "SqlMl.Language" or "SqlMl.DuckDb", _) => true,
        ("SqlMl.Optimizer", "SqlMl.Semantics" or "SqlMl.Syntax" or "SqlMl.Sql") => true,
        ("SqlMl.Plan", "SqlMl.Syntax" or "SqlMl.Sql") => true,
        ("SqlMl.Local", "SqlMl.Snowflake") or ("SqlMl.Snowflake", "SqlMl.Local" or "SqlMl.DuckDb" or "SqlMl.Learning") => true,
        (_, "SqlMl.Cli") => true,
        (_, "SqlMl.Testing") => true,
        _ => ProjectFile.Pure.Contains(from) && !ProjectFile.Pure.Contains(to),
    };

    [GeneratedRegex(@"^\| *\d+ *\| *`(?<name>\w+)` *\|.*\|(?<references>[^|]*)\| *$", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex NamePattern();
}
