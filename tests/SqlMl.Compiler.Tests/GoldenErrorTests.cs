using System.Collections.Immutable;
using System.Text.Json;
using SqlMl.Language.Diagnostics;

namespace SqlMl.Compiler.Tests;

/// <summary>
/// Every folder of golden/errors is a program with the diagnostics it must give: `input.sqlml`, `expected.diagnostics.txt`, and where needed
/// `schema.json` (columns by source), further `*.sqlml` that it imports, and `options.json` (dialect, disabled passes, bindings, params). `SQLML_ACCEPT=1` writes what is expected.
/// </summary>
public sealed class GoldenErrorTests
{
    private const string ExpectedFile = "expected.diagnostics.txt";

    private static readonly string Root = Path.Combine(TestFiles.Repository, "golden", "errors");

    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_program_gives_the_diagnostics_that_are_stored_with_it(string name)
    {
        var folder = Path.Combine(Root, name);
        var text = File.ReadAllText(Path.Combine(folder, "input.sqlml"));
        string[] known = ["input.sqlml", ExpectedFile, "schema.json", "options.json"];
        var others = Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Except(known);
        Assert.All(others, file => Assert.Contains($"import '{file}'", text, StringComparison.Ordinal));
        Assert.StartsWith("-- ", text, StringComparison.Ordinal);
        Assert.True(text.Split('\n').Length <= 33, "a golden input stays under 30 lines");

        var found = Render(folder, text);
        Assert.Contains($"[{name[..7]}]", found, StringComparison.Ordinal);
        var path = Path.Combine(folder, ExpectedFile);
        if (Environment.GetEnvironmentVariable("SQLML_ACCEPT") == "1")
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") is null or "", "SQLML_ACCEPT is refused where CI is set");
            File.WriteAllText(path, found);
        }
        Assert.True(File.Exists(path), $"{path} is missing; SQLML_ACCEPT=1 writes it");
        Assert.Equal(File.ReadAllText(path), found);
    }

    /// <summary>What both dialects say; where the options name one, what that one says.</summary>
    private static string Render(string folder, string text)
    {
        var options = ReadOptions(folder);
        if (options.Dialect.Length > 0) return DiagnosticText.Render(Compile(folder, text, options).Diagnostics);
        var texts = SqlMlCompiler.Dialects.Select(dialect => DiagnosticText.Render(Compile(folder, text, options with { Dialect = dialect }).Diagnostics));
        return Assert.Single(texts.Distinct(StringComparer.Ordinal));
    }

    private static CompiledProgram Compile(string folder, string text, CompileOptions options)
    {
        var imported = Directory.EnumerateFiles(folder, "*.sqlml").Select(path => (Path.GetFileName(path), File.ReadAllText(path))).Where(file => file.Item1 != "input.sqlml").Order();
        return Programs.CompileFiles(options, [("input.sqlml", text), .. imported]);
    }

    /// <summary>What `schema.json` and `options.json` of a folder say; without them nothing.</summary>
    internal static CompileOptions ReadOptions(string folder)
    {
        var options = new CompileOptions { Dialect = "" };
        if (Read(Path.Combine(folder, "schema.json")) is { } schema)
        {
            options = options with
            {
                Schemas = schema.EnumerateObject().ToDictionary(
                    source => source.Name,
                    source => source.Value.EnumerateObject().Select(column => new SchemaColumn(column.Name, column.Value.GetString()!)).ToImmutableArray()),
            };
        }
        if (Read(Path.Combine(folder, "options.json")) is not { } json) return options;
        foreach (var option in json.EnumerateObject())
        {
            options = option.Name switch
            {
                "dialect" => options with { Dialect = option.Value.GetString()! },
                "scoreSince" => options with { ScoreSince = option.Value.GetDateTime() },
                "disabledPasses" => options with { DisabledPasses = [.. option.Value.EnumerateArray().Select(pass => pass.GetString()!)] },
                "bindings" => options with
                {
                    Bindings = option.Value.EnumerateObject().ToDictionary(item => item.Name, SourceBinding (item) => new FileBinding(item.Value.GetString()!)),
                },
                "params" => options with
                {
                    Params = option.Value.EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetString()!),
                },
                var other => throw new InvalidOperationException($"unknown option {other} in {folder}"),
            };
        }
        return options;
    }

    private static JsonElement? Read(string path)
    {
        if (!File.Exists(path)) return null;
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return json.RootElement.Clone();
    }
}
