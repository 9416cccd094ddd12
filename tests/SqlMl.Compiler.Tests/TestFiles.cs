using System.Text.RegularExpressions;

namespace SqlMl.Compiler.Tests;

/// <summary>Files of the repository and of the shared folder beside it.</summary>
internal static partial class TestFiles
{
    public static string Repository { get; } = FindRepository();

    public static string SharedProgramsOrSkip()
    {
        var shared = Environment.GetEnvironmentVariable("SQLML_SHARED_DATA") is { Length: > 0 } data
            ? Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)))!
            : Path.Combine(Repository, "..", "shared");
        var path = Path.Combine(shared, "design", "programs.md");
        if (!File.Exists(path)) Assert.Skip($"the acceptance corpus is not here: no {path}");
        return File.ReadAllText(path);
    }

    public static IEnumerable<string> SqlMlBlocks(string markdown) => BlockPattern().Matches(markdown).Select(match => match.Groups[1].Value);

    private static string FindRepository()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "SqlMl.sln"))) return folder;
        }
        return Path.GetFullPath(Path.Combine(SourceFolder(), "..", ".."));
    }

    // Build output may lie outside the repository; the source then tells where it is.
    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("```sqlml\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex BlockPattern();
}
