namespace SqlMl.GoldenTests;

/// <summary>The folders below `golden/`: a case is a folder without folders of its own, its `data` set aside.</summary>
internal static class GoldenFolders
{
    /// <summary>The cases below a folder, whatever they hold.</summary>
    public static IEnumerable<string> Leaves(string folder)
    {
        var inner = Inner(folder).ToList();
        return inner.Count == 0 ? [folder] : inner.SelectMany(Leaves);
    }

    /// <summary>Files that lie beside folders of cases, where nobody would look at them.</summary>
    public static IEnumerable<string> Strays(string folder)
    {
        var inner = Inner(folder).ToList();
        return inner.Count == 0 ? [] : Directory.EnumerateFiles(folder).Concat(inner.SelectMany(Strays));
    }

    /// <summary>A folder's name relative to `golden/`, with slashes.</summary>
    public static string NameOf(string folder) => Path.GetRelativePath(Repository.Golden, folder).Replace('\\', '/');

    private static IEnumerable<string> Inner(string folder) =>
        Directory.EnumerateDirectories(folder).Where(inner => Path.GetFileName(inner) != GoldenCase.DataFolder).Order(StringComparer.Ordinal);
}
