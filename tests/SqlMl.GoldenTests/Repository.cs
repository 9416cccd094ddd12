using System.Runtime.CompilerServices;

namespace SqlMl.GoldenTests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its root: the folder that holds `SqlMl.sln`.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(ThisFolder(), "..", ".."));

    /// <summary>The folder of all golden cases.</summary>
    public static string Golden { get; } = Path.Combine(Root, "golden");

    /// <summary>A path relative to the root, with slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    // Build output may lie outside the checkout, so the source file says where it is.
    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
