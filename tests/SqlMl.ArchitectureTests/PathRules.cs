using System.Text.RegularExpressions;

namespace SqlMl.ArchitectureTests;

/// <summary>Finds the files and folders that a page names.</summary>
internal static partial class PathRules
{
    /// <summary>Paths in backticks that begin with a folder of the repository, and the targets of links, below the root.</summary>
    public static IEnumerable<string> Named(RepositoryFile page)
    {
        var folder = Path.GetDirectoryName(page.Path)!;
        var quoted = QuotedPattern().Matches(page.Text).Select(match => match.Groups[1].Value);
        var linked = LinkPattern().Matches(page.Text).Select(match => Path.Combine(folder, match.Groups[1].Value));
        return quoted.Concat(linked).Select(path => path.TrimEnd('/'));
    }

    // A path with a placeholder (`<Name>`, `*`) is a pattern, not a place.
    [GeneratedRegex(@"`((?:src|tests|docs|grammar|native|examples|eng|\.ci)/[\w./-]*[\w/-])`")]
    private static partial Regex QuotedPattern();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)")]
    private static partial Regex LinkPattern();
}
