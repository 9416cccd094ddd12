using SqlMl.Language.Text;

namespace SqlMl.Language.Tests;

public sealed class SourceTextTests
{
    private static readonly SourceText Text = new("a.sqlml", "one\r\ntwo\n\nfour");

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(2, 1, 3)]
    [InlineData(5, 2, 1)]
    [InlineData(8, 2, 4)]
    [InlineData(9, 3, 1)]
    [InlineData(10, 4, 1)]
    [InlineData(14, 4, 5)]
    public void An_offset_has_a_line_and_a_column_from_one(int offset, int line, int column) => Assert.Equal((line, column), Text.Locate(offset));

    [Fact]
    public void A_lines_text_is_without_its_break()
    {
        Assert.Equal(["one", "two", "", "four"], Enumerable.Range(1, Text.LineCount).Select(Text.LineText));
        Assert.Equal([0, 5, 9, 10], Enumerable.Range(1, Text.LineCount).Select(Text.LineStart));
    }

    [Fact]
    public void An_empty_text_has_one_empty_line()
    {
        var empty = new SourceText("e", "");
        Assert.Equal((1, "", (1, 1)), (empty.LineCount, empty.LineText(1), empty.Locate(0)));
    }

    [Fact]
    public void A_span_covers_its_text_and_joins_with_another()
    {
        var one = new SourceSpan(Text, 0, 3);
        var two = new SourceSpan(Text, 5, 3);
        Assert.Equal("one", one.Text);
        Assert.Equal("one\r\ntwo", one.To(two).Text);
        Assert.Equal("one\r\ntwo", two.To(one).Text);
        Assert.Equal(one, SourceSpan.None.To(one));
        Assert.Equal(one, one.To(SourceSpan.None));
        Assert.Equal("", SourceSpan.None.Text);
    }
}
