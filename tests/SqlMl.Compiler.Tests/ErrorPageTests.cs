using System.Text.RegularExpressions;

namespace SqlMl.Compiler.Tests;

/// <summary>The pages docs/errors/SML2nnn to SML5nnn: their programs do what the pages say.</summary>
public sealed partial class ErrorPageTests
{
    // Findings about the command line, about several files, and a program of 300 lines: nothing that a page could show as a program.
    private static readonly string[] WithoutProgram = ["SML2023", "SML2030", "SML2031", "SML3061", "SML5002", "SML5003", "SML5004", "SML5008"];

    public static TheoryData<string> Codes =>
    [
        .. Directory.EnumerateFiles(Path.Combine(TestFiles.Repository, "docs", "errors"), "SML*.md")
            .Select(file => Path.GetFileName(file)[..7])
            .Where(code => code[3] is >= '2' and <= '5')
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_page_shows_a_program_that_raises_its_code_alone_and_one_that_raises_nothing(string code)
    {
        var page = File.ReadAllText(Path.Combine(TestFiles.Repository, "docs", "errors", $"{code}.md"));
        Assert.Matches($@"\A# {code}: [a-z`].*\n\n\S", page);
        Assert.Equal(["## Wrong", "## Right"], SectionPattern().Matches(page).Select(match => match.Value));
        var sections = page.Split("\n## Right\n");
        Assert.Equal(2, sections.Length);
        if (WithoutProgram.Contains(code)) return;

        var wrong = Assert.Single(TestFiles.SqlMlBlocks(sections[0]));
        var right = Assert.Single(TestFiles.SqlMlBlocks(sections[1]));
        var schemas = code switch
        {
            "SML2003" or "SML2061" => Programs.Schema("orders", ("customer_id", "VARCHAR"), ("ordered_at", "TIMESTAMP"), ("amount", "DOUBLE")),
            "SML4126" => Programs.Schema("orders", ("customer_id", "VARCHAR"), ("ordered_at", "DATE"))
                .AddRange(Programs.Schema("visits", ("customer_id", "VARCHAR"), ("visited_at", "TIMESTAMP"))),
            "SML2104" => Programs.Schema("orders", ("customer_id", "VARCHAR"), ("ordered_at", "TIMESTAMP"), ("paid_by", "VARCHAR"), ("key", "VARCHAR")),
            _ => Programs.Schema("nothing"),
        };
        var raised = SqlMlCompiler.Dialects
            .SelectMany(dialect => Programs.Compile(wrong, new CompileOptions { Dialect = dialect, Schemas = schemas }).Diagnostics)
            .Select(found => found.Code)
            .Distinct();
        Assert.Equal([code], raised);
        foreach (var dialect in SqlMlCompiler.Dialects)
        {
            Assert.Empty(Programs.Compile(right, new CompileOptions { Dialect = dialect, Schemas = schemas }).Diagnostics);
        }
    }

    [GeneratedRegex("^## .*$", RegexOptions.Multiline)]
    private static partial Regex SectionPattern();
}
