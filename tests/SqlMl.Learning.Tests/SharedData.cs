namespace SqlMl.Learning.Tests;

/// <summary>Finds the shared data sets, or skips the test and says which folder was missing.</summary>
internal static class SharedData
{
    public static string[] Lines(string relativePath)
    {
        var path = Path.Combine(Root(), relativePath);
        Assert.SkipUnless(File.Exists(path), $"SKIPPED: {path} is absent; set SQLML_SHARED_DATA to the folder of the shared data sets");
        return File.ReadAllLines(path);
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("SQLML_SHARED_DATA") is { Length: > 0 } stated)
            return stated;
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate))
                return candidate;
            if (File.Exists(Path.Combine(folder.FullName, "SqlMl.sln")) && folder.Parent is { } outside)
                return Path.Combine(outside.FullName, "shared", "data");
        }

        return Path.Combine(SourceFolder(), "..", "..", "..", "shared", "data");
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
