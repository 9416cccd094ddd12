using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace SqlMl.GoldenTests;

/// <summary>Holds computed text against a golden file, or writes it there when asked to.</summary>
internal static class Acceptance
{
    public const string Command = "SQLML_ACCEPT=1 dotnet test tests/SqlMl.GoldenTests";

    private const int ContextLines = 3;

    /// <summary>True when golden files are to be rewritten.</summary>
    /// <exception cref="InvalidOperationException">Rewriting was asked for where `CI` is set: there a golden file is the judge, never the accused.</exception>
    public static bool IsOn => Decide(Environment.GetEnvironmentVariable("SQLML_ACCEPT"), Environment.GetEnvironmentVariable("CI"));

    /// <summary>Whether two values of `SQLML_ACCEPT` and `CI` mean that golden files are to be rewritten.</summary>
    public static bool Decide(string? accept, string? ci) => accept switch
    {
        null or "" or "0" => false,
        _ when string.IsNullOrEmpty(ci) => true,
        _ => throw new InvalidOperationException("SQLML_ACCEPT is refused where CI is set: accept on a machine where the change can be read, and commit it"),
    };

    /// <summary>What differs between a folder's expected files and the computed ones, for people; empty where nothing does. Accepting rewrites the folder first.</summary>
    /// <param name="folder">The case.</param>
    /// <param name="computed">Every file that must be there beside <paramref name="given"/>, with its text.</param>
    /// <param name="given">The files that people write.</param>
    public static string Compare(string folder, IReadOnlyDictionary<string, string> computed, params IReadOnlyCollection<string> given)
    {
        if (IsOn) Accept(folder, computed);
        var present = Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!).ToHashSet(StringComparer.Ordinal);
        var report = new StringBuilder();
        foreach (var name in given.Concat(computed.Keys).Except(present).Order(StringComparer.Ordinal)) report.Append($"missing: {name}\n");
        foreach (var name in present.Except(given).Except(computed.Keys).Order(StringComparer.Ordinal)) report.Append($"nothing yields this file: {name}\n");
        foreach (var (name, text) in computed.Where(file => present.Contains(file.Key)))
        {
            var expected = File.ReadAllText(Path.Combine(folder, name));
            if (expected != text) report.Append($"{name} differs (- expected, + found):\n{Diff(expected, text)}");
        }
        return report.Length == 0 ? "" : $"{Repository.Relative(folder)}\n{report}\nto accept all of it, read the diff and run: {Command}";
    }

    /// <summary>The lines that differ, each with a few around it.</summary>
    public static string Diff(string expected, string found)
    {
        var lines = new InlineDiffBuilder(new Differ()).BuildDiffModel(expected, found, ignoreWhitespace: false).Lines;
        var changed = Enumerable.Range(0, lines.Count).Where(i => lines[i].Type != ChangeType.Unchanged).ToHashSet();
        var text = new StringBuilder();
        var last = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            if (!Enumerable.Range(i - ContextLines, (2 * ContextLines) + 1).Any(changed.Contains)) continue;
            if (i > last + 1) text.Append("  ...\n");
            text.Append(Mark(lines[i].Type)).Append(lines[i].Text).Append('\n');
            last = i;
        }
        return text.ToString();
    }

    private static string Mark(ChangeType type) => type switch
    {
        ChangeType.Inserted => "+ ",
        ChangeType.Deleted => "- ",
        _ => "  ",
    };

    private static void Accept(string folder, IReadOnlyDictionary<string, string> computed)
    {
        foreach (var (name, text) in computed) File.WriteAllText(Path.Combine(folder, name), text);
        foreach (var path in Directory.EnumerateFiles(folder, "expected.*"))
        {
            if (!computed.ContainsKey(Path.GetFileName(path))) File.Delete(path);
        }
    }
}
