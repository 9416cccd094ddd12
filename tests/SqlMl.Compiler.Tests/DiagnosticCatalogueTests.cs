using System.Text.RegularExpressions;

namespace SqlMl.Compiler.Tests;

/// <summary>Every code that the sources use: in one catalogue, in its block, with a page and a golden case.</summary>
public sealed partial class DiagnosticCatalogueTests
{
    private static readonly Dictionary<string, string> Blocks = new(StringComparer.Ordinal)
    {
        ["SqlMl.Syntax/SyntaxErrors.cs"] = "1",
        ["SqlMl.Semantics/Errors/NameErrors.cs"] = "2",
        ["SqlMl.Semantics/Errors/SourceErrors.cs"] = "2",
        ["SqlMl.Semantics/Errors/EntityErrors.cs"] = "2",
        ["SqlMl.Semantics/Errors/KnowledgeErrors.cs"] = "4",
        ["SqlMl.Semantics/Errors/ModellingErrors.cs"] = "4",
        ["SqlMl.Semantics/Errors/TypeErrors.cs"] = "3",
        ["SqlMl.Semantics/Errors/LabelErrors.cs"] = "3",
        ["SqlMl.Semantics/Errors/TimeErrors.cs"] = "4",
        ["SqlMl.Compiler/Lowering/LoweringErrors.cs"] = "5",
        ["SqlMl.Cli/ProjectErrors.cs"] = "69",
        ["SqlMl.Local/Running/RunErrors.cs"] = "7",
        ["SqlMl.Local/Proving/ProofErrors.cs"] = "7",
    };

    private static readonly List<(string File, string Code)> Used = [.. Scan()];

    [Fact]
    public void The_scan_finds_the_codes() => Assert.True(Used.Count > 100, $"only {Used.Count} codes found");

    [Fact]
    public void A_code_stands_in_one_catalogue_and_in_its_block()
    {
        foreach (var code in Used.GroupBy(item => item.Code))
        {
            var file = Assert.Single(code.Select(item => item.File).Distinct());
            Assert.True(Blocks.TryGetValue(file, out var block), $"{code.Key} stands in {file}, which is no catalogue of diagnostics");
            Assert.Contains(code.Key[3], block);
        }
    }

    [Fact]
    public void A_code_has_one_meaning_one_method_or_overloads_of_it()
    {
        // A code used by two methods must be worth one page: these are the pairs that are.
        string[] shared = ["SML1013", "SML1015", "SML1019", "SML3001", "SML3003"];
        var methods = Blocks.Keys.SelectMany(file => CodeArgument().Matches(File.ReadAllText(Path.Combine(Sources, file))).Select(match => match.Groups[1].Value));
        var repeated = methods.GroupBy(code => code).Where(code => code.Count() > 1).Select(code => code.Key).Where(code => code[3] is >= '1' and <= '5');
        Assert.Empty(repeated.Except(shared));
    }

    [Fact]
    public void Every_code_has_a_page_and_every_page_a_code()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(TestFiles.Repository, "docs", "errors"), "SML*.md").Select(file => Path.GetFileNameWithoutExtension(file));
        Assert.Equal(Used.Select(item => item.Code).Distinct().Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_code_of_the_compiler_has_a_golden_case_and_every_case_a_code()
    {
        var compiler = Used.Select(item => item.Code).Distinct().Where(code => code[3] is >= '1' and <= '5').Order(StringComparer.Ordinal);
        var cases = Directory.EnumerateDirectories(Path.Combine(TestFiles.Repository, "golden", "errors")).Select(folder => Path.GetFileName(folder)[..7]);
        Assert.Equal(compiler, cases.Distinct().Order(StringComparer.Ordinal));
    }

    private static string Sources => Path.Combine(TestFiles.Repository, "src");

    private static IEnumerable<(string File, string Code)> Scan() =>
        from path in Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(Sources, path).Replace('\\', '/')
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Generated/", StringComparison.Ordinal)
        from Match match in CodeLiteral().Matches(File.ReadAllText(path))
        select (file, match.Groups[1].Value);

    [GeneratedRegex("\"(SML[0-9]{4})\"")]
    private static partial Regex CodeLiteral();

    [GeneratedRegex("\\(\\s*\"(SML[0-9]{4})\"")]
    private static partial Regex CodeArgument();
}
