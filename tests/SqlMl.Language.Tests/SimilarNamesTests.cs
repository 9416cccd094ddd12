using SqlMl.Language.Text;

namespace SqlMl.Language.Tests;

public sealed class SimilarNamesTests
{
    [Theory]
    [InlineData("amout", "amount")]
    [InlineData("Ordres", "orders")]
    [InlineData("order_30d", "orders_30d")]
    [InlineData("id", "ids")]
    [InlineData("customer_nam", "customer_name")]
    public void A_slip_finds_the_name_that_was_meant(string written, string meant) => Assert.Equal(meant, SimilarNames.Nearest(written, ["zebra", meant]));

    [Theory]
    [InlineData("filter", "file")]
    [InlineData("a", "b")]
    [InlineData("orders", "visits")]
    [InlineData("x", "tax")]
    [InlineData("", "a")]
    public void An_unrelated_name_is_not_proposed(string written, string known) => Assert.Null(SimilarNames.Nearest(written, [known]));

    [Fact]
    public void The_nearest_wins_and_ties_go_by_the_alphabet()
    {
        Assert.Equal("orders", SimilarNames.Nearest("order", ["ordered", "orders"]));
        Assert.Equal("orderb", SimilarNames.Nearest("orderx", ["orderc", "orderb"]));
        Assert.Null(SimilarNames.Nearest("order", []));
    }
}
