using System.Runtime.CompilerServices;

namespace SqlMl.ArchitectureTests;

/// <summary>A file of the repository.</summary>
/// <param name="Path">Below the repository's root, with `/`.</param>
/// <param name="Text">All of it.</param>
internal sealed record RepositoryFile(string Path, string Text)
{
    /// <summary>How many lines an editor shows.</summary>
    public int LineCount => Text.Count(character => character == '\n') + (Text.EndsWith('\n') || Text.Length == 0 ? 0 : 1);
}

/// <summary>The files of the checkout as they lie on the disk; what a build or a package manager put there is left out.</summary>
internal static class Repository
{
    private static readonly HashSet<string> Made = new(
        [".git", ".vs", ".sqlml", "artifacts", "bin", "obj", "node_modules", "TestResults", "runs"], StringComparer.Ordinal);

    private static readonly string[] TextEndings =
    [
        ".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".sh", ".py", ".js", ".mjs", ".g4", ".sql", ".sqlml", ".yaml", ".yml", ".txt", ".css", ".csv",
        ".editorconfig", ".gitignore", ".npmrc", "/run", "/regenerate",
    ];

    /// <summary>The folder that holds `SqlMl.sln`.</summary>
    public static string Root { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(Folder(), "..", ".."));

    /// <summary>Every text file.</summary>
    public static IReadOnlyList<RepositoryFile> TextFiles { get; } =
        [.. Files(Root).Where(path => TextEndings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal))).Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>C# that people write.</summary>
    public static IReadOnlyList<RepositoryFile> HandWrittenCode { get; } =
        [.. TextFiles.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal) && !file.Path.Contains("/Generated/", StringComparison.Ordinal))];

    /// <summary>One file, by its path below the root.</summary>
    public static RepositoryFile Read(string path) => new(path, File.ReadAllText(FullPath(path)));

    /// <summary>True where a file or folder lies there.</summary>
    public static bool Exists(string path) => System.IO.Path.Exists(FullPath(path));

    /// <summary>The place on this disk.</summary>
    public static string FullPath(string path) => System.IO.Path.Combine(Root, path);

    private static IEnumerable<string> Files(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/');
        foreach (var child in Directory.EnumerateDirectories(folder).Where(child => !Made.Contains(System.IO.Path.GetFileName(child))))
        {
            foreach (var file in Files(child)) yield return file;
        }
    }

    // Build output may lie outside the repository; this file cannot.
    private static string Folder([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}
