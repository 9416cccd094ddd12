using System.Text.RegularExpressions;

namespace SqlMl.ArchitectureTests;

/// <summary>What every file of the repository keeps to.</summary>
internal static partial class SourceRules
{
    /// <summary>From here on a file is worth dividing.</summary>
    public const int LongLines = 400;

    /// <summary>No file has more lines.</summary>
    public const int MostLines = 600;

    private static readonly string[] Vague = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Base"];

    /// <summary>True for a name that says nothing about what the type does.</summary>
    public static bool IsVague(string type)
    {
        var generic = type.IndexOf('`', StringComparison.Ordinal);
        var name = (generic < 0 ? type : type[..generic]).Split('.')[^1];
        return Vague.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));
    }

    /// <summary>Paths that exist on one machine only.</summary>
    public static IEnumerable<string> MachinePaths(RepositoryFile file) =>
        MachinePathPattern().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}");

    /// <summary>Code that asks which dialect it prints for, where the dialect should answer.</summary>
    public static IEnumerable<string> DialectQuestions(RepositoryFile file) =>
        DialectQuestionPattern().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}");

    [GeneratedRegex(@"(?<![\w.~*$}/-])/(work|tmp|root|home|Users)/[\w.-]+")]
    private static partial Regex MachinePathPattern();

    [GeneratedRegex(@"[Dd]ialect\.Name\s*(==|!=|is\b|switch\b|\.Equals)|""(duckdb|snowflake)""\s*(=>|==|!=)|(==|!=|\bis|\bor)\s*""(duckdb|snowflake)""")]
    private static partial Regex DialectQuestionPattern();
}
