using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;

namespace SqlMl.GoldenTests;

/// <summary>What a parser that is not ours made of one file.</summary>
/// <param name="File">Its path, as given.</param>
/// <param name="Statements">What each statement was taken for, such as `create_table`; empty where the file was not understood.</param>
/// <param name="Error">The parser's message; null where the file was understood.</param>
internal sealed record ParsedFile(string File, ImmutableArray<string> Statements, string? Error);

/// <summary>Runs `tests/snowflake-syntax/check.mjs`: polyglot-sql, with Snowflake's grammar.</summary>
internal static class SnowflakeParser
{
    public static readonly string Folder = Path.Combine(Repository.Root, "tests", "snowflake-syntax");

    private static readonly Lock Installing = new();

    /// <summary>Parses the files, in their order. Skips the test where the parser is not installed; in continuous integration installs it.</summary>
    public static IReadOnlyList<ParsedFile> Parse(IReadOnlyCollection<string> files)
    {
        EnsureInstalled();
        var (exitCode, output, error) = Run("node", ["check.mjs", .. files]);
        Assert.True(exitCode == 0, $"check.mjs failed:\n{error}");
        return JsonSerializer.Deserialize<List<ParsedFile>>(output, JsonSerializerOptions.Web)!;
    }

    private static void EnsureInstalled()
    {
        lock (Installing)
        {
            if (Directory.Exists(Path.Combine(Folder, "node_modules", "@polyglot-sql", "sdk"))) return;
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
            {
                Assert.Skip($"SKIPPED: no Snowflake SQL was checked, since the parser is not installed: run `npm ci` in {Repository.Relative(Folder)}");
            }
            var (exitCode, output, error) = Run("npm", ["ci"]);
            Assert.True(exitCode == 0, $"`npm ci` failed in {Repository.Relative(Folder)}:\n{output}{error}");
        }
    }

    private static (int ExitCode, string Output, string Error) Run(string program, IEnumerable<string> arguments)
    {
        // On Windows npm is a script, which only the shell starts.
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", ["/c", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = Folder;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
