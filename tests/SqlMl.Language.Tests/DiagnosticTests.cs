using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Language.Tests;

public sealed class DiagnosticTests
{
    private static readonly SourceText Program = new("a.sqlml", "alpha beta\n\tgamma {\n  delta\n}\n\n\n\n\n\nlast");

    private static SourceSpan Span(string text, SourceText? source = null) =>
        new(source ?? Program, (source ?? Program).Text.IndexOf(text, StringComparison.Ordinal), text.Length);

    [Fact]
    public void The_fact_the_place_the_notes_and_the_way_out_follow_one_another() => Expect(
        Diagnostic.Error("SML2001", "a fact", Span("beta"), "this one").WithNote("why").WithHelp("do that").WithHelp(null),
        """
        error[SML2001]: a fact
          --> a.sqlml:1:7
         1 | alpha beta
           |       ^^^^ this one
        note: why
        help: do that

        """);

    [Fact]
    public void Two_places_on_one_line_share_it() => Expect(
        Diagnostic.Error("SML2001", "a fact", Span("beta"), "second").WithLabel(Span("alpha"), "first"),
        """
        error[SML2001]: a fact
          --> a.sqlml:1:7
         1 | alpha beta
           | ----- first
           |       ^^^^ second

        """);

    [Fact]
    public void Places_stand_in_the_order_of_the_text_and_line_numbers_align() => Expect(
        Diagnostic.Warning("SML2001", "a fact", Span("last"), "here").WithLabel(Span("delta"), "there"),
        """
        warning[SML2001]: a fact
          --> a.sqlml:10:1
          3 |   delta
            |   ----- there
         10 | last
            | ^^^^ here

        """);

    [Fact]
    public void A_tab_is_one_column_wide_and_a_span_over_lines_is_underlined_to_the_end_of_its_first() => Expect(
        Diagnostic.Error("SML2001", "a fact", Span("{\n  delta\n}")),
        """
        error[SML2001]: a fact
          --> a.sqlml:2:8
         2 |  gamma {
           |        ^

        """);

    [Fact]
    public void A_place_at_the_end_of_the_text_has_a_caret() => Expect(
        Diagnostic.Error("SML1001", "a fact", new SourceSpan(Program, Program.Text.Length, 0), "nothing follows"),
        """
        error[SML1001]: a fact
          --> a.sqlml:10:5
         10 | last
            |     ^ nothing follows

        """);

    [Fact]
    public void A_place_in_another_file_is_headed_by_its_name()
    {
        var other = new SourceText("b.sqlml", "one\ntwo");
        Expect(
            Diagnostic.Error("SML2001", "a fact", Span("beta"), "again").WithLabel(Span("two", other), "first"),
            """
            error[SML2001]: a fact
              --> a.sqlml:1:7
             1 | alpha beta
               |       ^^^^ again
              --> b.sqlml:2:1
             2 | two
               | --- first

            """);
    }

    [Fact]
    public void Without_a_place_there_is_the_fact_alone()
    {
        var found = Diagnostic.Error("SML5002", "a fact", SourceSpan.None, "unused").WithLabel(SourceSpan.None, "unused");
        Assert.Null(found.Primary);
        Assert.Empty(found.Secondary);
        Expect(found, "error[SML5002]: a fact\n");
    }

    [Fact]
    public void The_sink_keeps_equal_findings_once_and_orders_them_by_file_and_place()
    {
        var sink = new DiagnosticSink();
        var other = new SourceText("b.sqlml", "one");
        sink.Add(Diagnostic.Warning("SML2901", "b", Span("one", other)));
        Assert.False(sink.HasErrors);
        sink.Add(Diagnostic.Error("SML2002", "late", Span("last")));
        sink.Add(Diagnostic.Error("SML2002", "early", Span("beta")));
        sink.Add(Diagnostic.Error("SML2002", "early", Span("beta")));
        sink.Add(Diagnostic.Error("SML5002", "nowhere", SourceSpan.None));
        sink.Add(Diagnostic.Error("SML5003", "nowhere", SourceSpan.None));
        Assert.True(sink.HasErrors);
        Assert.Equal(["SML5002 nowhere", "SML5003 nowhere", "SML2002 early", "SML2002 late", "SML2901 b"], sink.ToImmutable().Select(item => $"{item.Code} {item.Message}"));
    }

    [Fact]
    public void Several_findings_are_parted_by_an_empty_line()
    {
        var found = Diagnostic.Error("SML5002", "a", SourceSpan.None);
        Assert.Equal("error[SML5002]: a\n\nerror[SML5002]: a\n\n", DiagnosticText.Render([found, found]));
    }

    private static void Expect(Diagnostic diagnostic, string text) =>
        Assert.Equal(text.ReplaceLineEndings("\n"), DiagnosticText.Render(diagnostic));
}
