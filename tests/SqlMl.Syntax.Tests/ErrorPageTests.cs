using System.Reflection;
using System.Text.RegularExpressions;

namespace SqlMl.Syntax.Tests;

public sealed partial class ErrorPageTests
{
    public static IEnumerable<(string Code, string Markdown)> Pages() => Directory
        .EnumerateFiles(Path.Combine(TestFiles.Repository, "docs", "errors"), "SML1*.md")
        .Order(StringComparer.Ordinal)
        .Select(file => (Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)));

    [Fact]
    public void Every_page_shows_a_program_that_raises_its_code_and_one_that_raises_nothing()
    {
        var examined = 0;
        foreach (var (code, markdown) in Pages())
        {
            examined++;
            Assert.Matches($@"\A# {code}: [a-z`].*\n\n\S", markdown);
            var sections = markdown.Split("\n## Right\n");
            Assert.Contains("\n## Wrong\n", sections[0], StringComparison.Ordinal);
            var wrong = Assert.Single(TestFiles.SqlMlBlocks(sections[0]));
            var right = Assert.Single(TestFiles.SqlMlBlocks(sections[1]));
            Assert.Equal(code, string.Join(' ', ParseTesting.Codes(wrong)));
            ParseTesting.Valid(right);
        }
        Assert.True(examined > 20, $"only {examined} pages found");
    }

    [Fact]
    public void Every_code_has_a_page_and_every_page_a_code()
    {
        var source = File.ReadAllText(Path.Combine(TestFiles.Repository, "src", "SqlMl.Syntax", "SyntaxErrors.cs"));
        var codes = CodePattern().Matches(source).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(codes.Count > 20);
        Assert.Equal(codes, Pages().Select(page => page.Code));
        Assert.True(typeof(SyntaxErrors).GetMethods(BindingFlags.Public | BindingFlags.Static).Length >= codes.Count);
    }

    [GeneratedRegex("SML1[0-9]{3}")]
    private static partial Regex CodePattern();
}
