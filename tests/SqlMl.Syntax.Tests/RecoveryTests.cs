using SqlMl.Language.Diagnostics;

namespace SqlMl.Syntax.Tests;

public sealed class RecoveryTests
{
    [Theory]
    [InlineData("SML1001", "source s {\n  table a\nentity e\nvar e.x = count(s)")]
    [InlineData("SML1001", "predict p for e {\n  label a\n  output {\n    score s\n  }\n\nvar e.x = 1")]
    [InlineData("SML1001", "source s { table a")]
    [InlineData("SML1001", "source s {\n  table a\nsource t { table b }")]
    [InlineData("SML1002", "var e.x = count(s\nvar e.y = 1")]
    [InlineData("SML1002", "predict p for e {\n  label sum(a.b\n  when x\n}")]
    [InlineData("SML1002", "source s { where a in (1, 2 }")]
    [InlineData("SML1003", "entity e }\nentity f")]
    [InlineData("SML1003", "var e.x = a)\nentity f")]
    [InlineData("SML1004", "var e.x = 'abc\nvar e.y = 1")]
    [InlineData("SML1004", "var e.x = 'abc\nvar e.y = 'def'")]
    [InlineData("SML1004", "source s { table a where b = 'c }\nentity e")]
    [InlineData("SML1004", "predict p for e {\n  when country = 'US and (x = 1\n  observe at '2024-01-01'\n  train xgboost\n}")]
    [InlineData("SML1005", "var e.x = 1 \"abc\nvar e.y = 2")]
    [InlineData("SML1006", "var e.`x = 1\nvar e.y = 2")]
    [InlineData("SML1007", "var e.x = a @ b\nvar e.y = 2")]
    [InlineData("SML1007", "var e.größe = 1\nvar e.y = 2")]
    [InlineData("SML1008", "var e.x = a != 2")]
    [InlineData("SML1008", "entity e;")]
    [InlineData("SML1010", "sorce s { table a }\nentity e")]
    [InlineData("SML1010", "entity e\nwhen x = 1\nentity f")]
    [InlineData("SML1011", "source s { tabel a  time t }")]
    [InlineData("SML1011", "source s { table a  time t  observe x }")]
    [InlineData("SML1011", "predict p for e {\n  labell not exists(o) in next 7 days\n  when a\n}")]
    [InlineData("SML1012", "predict p for e {\n  label\n  when x\n}")]
    [InlineData("SML1012", "var e.x = 1 + ")]
    [InlineData("SML1013", "entity")]
    [InlineData("SML1013", "source s { entity 3 by x }")]
    [InlineData("SML1013", "var e.`` = 1")]
    [InlineData("SML1014", "predict p for e { retrain after\n  allow immature }")]
    [InlineData("SML1015", "var e.x = count(s) over 7 dayz")]
    [InlineData("SML1015", "var e.x = count(s) over 7")]
    [InlineData("SML1015", "predict p for e { observe every 7 foo  allow immature }")]
    [InlineData("SML1016", "var e.all = 1")]
    [InlineData("SML1016", "var e.x = sum(s.end)")]
    [InlineData("SML1016", "var e.x = count(s where end = 1)")]
    [InlineData("SML1017", "var e.x count(s)")]
    [InlineData("SML1018", "predict p for e { observe evry 7 days until as_of }")]
    [InlineData("SML1018", "var e.x = a = b = c")]
    [InlineData("SML1018", "var e.x = a.b.c(1)")]
    [InlineData("SML1019", "predict p for e { sample 99999999999999999999999999999999 rows }")]
    [InlineData("SML1019", "var e.x = count(s) by c top 1.5")]
    [InlineData("SML1020", "var e.x = count(s) over 7, 30 days + 1")]
    [InlineData("SML1020", "predict p for e { when count(s) over 7, 30 days > 1 }")]
    [InlineData("SML1021", "var e.x = count(s) + 1 by channel")]
    [InlineData("SML1022", "source s { file \"orders.csv\" }")]
    [InlineData("SML1022", "source s { file orders }")]
    [InlineData("SML1023", "var e.x = a +\nvar e.y = 1")]
    [InlineData("SML1023", "source s {\n  table a\n  time\n  key id\n}")]
    [InlineData("SML1024", "view v for e { }")]
    public void One_mistake_gives_one_message(string code, string text) =>
        Assert.Equal(code, string.Join(' ', ParseTesting.Codes(text)));

    [Fact]
    public void Independent_mistakes_are_all_reported_and_the_rest_is_in_the_tree()
    {
        var tree = ParseTesting.Parse("""
            source orders {
              table shop.orders
              tiem  ordered_at
              entity customer by customer_id
              key   order-id
            }
            var customer.a = sum(orders.amount where) over 30 days
            var customer.b = count(orders) over 30 dais
            var customer.c = count(orders)
            predict churn for customer {
              label   not exists(orders) in next 7 days
              observe evry 7 days
              train   xgboost { depth }
              split   by time 70 / 15 / 15
              output  { score s  clas c  keep last runs  percentile q }
            }
            entty customer
            cohort hot for customer = c > 1
            """);

        Assert.Equal(
            ["SML1011", "SML1018", "SML1012", "SML1015", "SML1018", "SML1018", "SML1011", "SML1017", "SML1010"],
            tree.Diagnostics.Select(error => error.Code));
        var text = SyntaxPrinter.Print(tree.Root);
        foreach (var kept in new[] { "table shop.orders", "entity customer by customer_id", "Var customer.c", "split by time 70 / 15 / 15", "score s", "percentile q", "Cohort hot" })
        {
            Assert.Contains(kept, text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("Var customer.a", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unclosed_block_points_at_its_opening_brace_and_names_its_owner()
    {
        var text = "predict churn for user {\n  label x\nentity user";
        var error = Assert.Single(ParseTesting.Parse(text).Diagnostics);
        Assert.Equal("block of `predict churn` is never closed", error.Message);
        Assert.Equal(text.IndexOf('{', StringComparison.Ordinal), error.Primary!.Span.Start);
    }

    [Theory]
    [InlineData("sorce s { table a }", "`source`")]
    [InlineData("predict p for e { labell x }", "`label`")]
    [InlineData("predict p for e { observe evry 7 days }", "`every`")]
    [InlineData("var e.x = count(s) over 7 dais", "`days`")]
    [InlineData("var e.x = 1 output", "`output` belongs into the braces of a prediction")]
    [InlineData("var e.case = 1", "in backticks")]
    [InlineData("var e.x = a != 1", "`<>`")]
    public void The_help_shows_the_way_out(string text, string help) =>
        Assert.Contains(help, string.Join('\n', ParseTesting.Parse(text).Diagnostics.SelectMany(error => error.Helps)), StringComparison.Ordinal);

    [Fact]
    public void Messages_keep_to_the_house_style()
    {
        var examined = 0;
        foreach (var (_, markdown) in ErrorPageTests.Pages())
        {
            foreach (var error in TestFiles.SqlMlBlocks(markdown).SelectMany(block => ParseTesting.Parse(block).Diagnostics))
            {
                examined++;
                Assert.False(char.IsUpper(error.Message[0]) && error.Message[0] != 'U', error.Message);
                Assert.False(error.Message.EndsWith('.'), error.Message);
                foreach (var word in new[] { "please", "illegal", "invalid", " you", "token", "?" })
                {
                    Assert.DoesNotContain(word, DiagnosticText.Render(error), StringComparison.OrdinalIgnoreCase);
                }
            }
        }
        Assert.True(examined >= 20);
    }
}
