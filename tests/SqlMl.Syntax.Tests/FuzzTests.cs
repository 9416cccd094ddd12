using System.Text;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Syntax.Parsing;

namespace SqlMl.Syntax.Tests;

public sealed class FuzzTests
{
    [Fact]
    public void A_program_cut_off_anywhere_gives_a_tree()
    {
        var examined = 0;
        foreach (var program in Corpus.All)
        {
            for (var length = 0; length < program.Length; length += 3, examined++) AssertSound(program[..length]);
        }
        Assert.True(examined > 1000);
    }

    [Fact]
    public void A_program_that_lost_a_stretch_gives_a_tree()
    {
        var random = new Random(7);
        foreach (var program in Corpus.All)
        {
            for (var i = 0; i < 150; i++)
            {
                var start = random.Next(program.Length);
                AssertSound(program.Remove(start, random.Next(Math.Min(12, program.Length - start))));
            }
        }
    }

    [Fact]
    public void Random_words_give_a_tree()
    {
        var random = new Random(42);
        var words = Enumerable.Range(1, Generated.SqlMlLexer.PERCENT).Select(Words.Spell)
            .Concat(["7", "'s'", "\"d\"", "`q`", "name", "'", "\"", "`", "\n", "!=", "@", "{", "}", "(", ")"]).ToArray();
        for (var i = 0; i < 600; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(60); n > 0; n--) text.Append(words[random.Next(words.Length)]).Append(random.Next(6) == 0 ? '\n' : ' ');
            AssertSound(text.ToString());
        }
    }

    [Fact]
    public void Random_characters_give_a_tree()
    {
        var random = new Random(1);
        for (var i = 0; i < 600; i++)
        {
            var text = new char[random.Next(40)];
            for (var n = 0; n < text.Length; n++) text[n] = (char)(random.Next(4) == 0 ? random.Next(char.MaxValue + 1) : random.Next(128));
            AssertSound(new string(text));
        }
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("f(")]
    [InlineData("case ")]
    [InlineData("case when ")]
    [InlineData("not (")]
    [InlineData("- ")]
    [InlineData("not ")]
    [InlineData("a + ")]
    [InlineData("a or ")]
    [InlineData("a.")]
    [InlineData("a::")]
    [InlineData("days since ")]
    public void Ten_thousand_levels_give_a_diagnostic_on_a_small_stack(string level)
    {
        SyntaxTree? tree = null;
        var thread = new Thread(
            () => tree = ParseTesting.Parse("var e.x = " + string.Concat(Enumerable.Repeat(level, 10_000)) + "a"), maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();
        Assert.NotEmpty(tree!.Diagnostics);
    }

    [Fact]
    public void The_deepest_nesting_allowed_parses_on_a_small_stack()
    {
        var depth = BracketRepair.MaxDepth;
        SyntaxTree? tree = null;
        var thread = new Thread(
            () => tree = ParseTesting.Parse($"var e.x = {new string('(', depth)}a{new string(')', depth)}\nvar e.y = {new string('(', depth)} = {new string(')', depth)}"),
            maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();
        Assert.Equal("SML1012", Assert.Single(tree!.Diagnostics).Code);
        Assert.Single(tree.Root.Declarations);
    }

    private static void AssertSound(string text)
    {
        var source = new SourceText("fuzz.sqlml", text);
        var tree = SyntaxTree.Parse(source);
        foreach (var error in tree.Diagnostics)
        {
            Assert.NotEmpty(DiagnosticText.Render(error));
            Assert.InRange(error.Primary!.Span.Start, 0, text.Length);
            Assert.InRange(error.Primary.Span.End, error.Primary.Span.Start, text.Length);
        }
        Assert.NotNull(SyntaxPrinter.Print(tree.Root));
    }
}
