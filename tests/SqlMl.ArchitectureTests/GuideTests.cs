using System.Text.RegularExpressions;
using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;

namespace SqlMl.ArchitectureTests;

/// <summary>The cheat sheet and the pages for those who come from elsewhere: every program on them does what they say, also where they say "not yet".</summary>
public sealed partial class GuideTests
{
    private static readonly string[] ComingFrom = ["docs/coming-from/kumo-pql.md", "docs/coming-from/rudderstack.md", "docs/coming-from/snowplow.md"];

    public static TheoryData<string> Pages => ["docs/cheat-sheet.md", .. ComingFrom];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_program_of_a_guide_compiles_in_every_dialect_or_raises_what_the_page_says(string path)
    {
        var page = DocumentBlock.Read(Repository.Read(path));
        var programs = page.Where(block => block.Language == "sqlml").ToList();
        Assert.NotEmpty(programs);
        foreach (var block in programs)
        {
            foreach (var dialect in SqlMlCompiler.Dialects)
            {
                var found = DocumentBlock.Compile(block.Program(page), dialect).Diagnostics;
                if (block.Words.TryGetValue("error", out var expected))
                {
                    Assert.Equal($"{block.Line}: {expected}", $"{block.Line}: {string.Join(',', found.Select(item => item.Code).Distinct().Order(StringComparer.Ordinal))}");
                    continue;
                }
                Assert.Empty(found.Where(item => item.Severity == DiagnosticSeverity.Error).Select(item => $"{path}:{block.Line}, {dialect}: {item.Code} {item.Message}"));
            }
        }
    }

    [Fact]
    public void Each_of_the_twelve_queries_has_its_section_with_the_query_and_a_program()
    {
        var sections = SectionPattern().Split(Repository.Read("docs/coming-from/kumo-pql.md").Text)[1..];
        var queries = sections.Where(section => char.IsAsciiDigit(section[0])).ToList();
        Assert.Equal(Enumerable.Range(1, 12), queries.Select(section => int.Parse(section[..section.IndexOf('.', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(queries, section => Assert.Matches(@"`PREDICT [^`]+`[\s\S]*```sqlml prelude=tables", section));
    }

    [Fact]
    public void The_cheat_sheet_fits_one_printed_page()
    {
        var sheet = Repository.Read("docs/cheat-sheet.md");
        Assert.InRange(sheet.LineCount, 40, 90);
        // A page of small print across: lines of code that would be cut off.
        Assert.All(DocumentBlock.Read(sheet), block => Assert.All(block.Text.Split('\n'), line => Assert.InRange(line.Length, 0, 130)));
    }

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex SectionPattern();
}
