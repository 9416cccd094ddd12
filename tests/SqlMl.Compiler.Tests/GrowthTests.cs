namespace SqlMl.Compiler.Tests;

/// <summary>
/// Programs in which a careless compiler would double its work with every line. Without an end to that these tests would not end either;
/// how long they take is measured elsewhere.
/// </summary>
public sealed class GrowthTests
{
    [Fact]
    public void A_thousand_vars_compile()
    {
        var vars = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"var customer.v{i} = count(orders where n = {i}) over {1 + (i % 90)} days\n"));
        var program = Programs.Compile(Programs.Orders + vars + Programs.Churn);
        Assert.Equal(1_000, Assert.Single(program.Models).Features.Length);
    }

    [Theory]
    [InlineData("last(orders.a)", "last(orders.b) over 1 day", "coalesce({0}, {1})")]
    [InlineData("null", "null", "coalesce({0}, {1})")]
    [InlineData("count(orders) over 1 day", "count(orders) over 2 days", "{0} + {1}")]
    [InlineData("count(orders) over 1 day", "1.5", "case when {0} > {1} then {0} else {1} end")]
    public void A_chain_of_vars_that_each_read_the_two_before_compiles(string first, string second, string link)
    {
        var vars = $"var customer.v0 = {first}\nvar customer.v1 = {second}\n" + string.Concat(Enumerable.Range(2, 200).Select(i =>
            $"var customer.v{i} = {string.Format(System.Globalization.CultureInfo.InvariantCulture, link, $"v{i - 1}", $"v{i - 2}")}\n"));
        Programs.AssertCompiles(Programs.Orders + vars + Programs.Churn);
    }

    [Fact]
    public void A_chain_of_vars_that_is_declared_backwards_compiles()
    {
        var vars = string.Concat(Enumerable.Range(0, 200).Select(i => $"var customer.v{i} = v{i + 1} + 1\n")) + "var customer.v200 = count(orders)\n";
        Programs.AssertCompiles(Programs.Orders + vars + Programs.Churn);
    }

    [Fact]
    public void A_chain_of_a_thousand_vars_is_refused_and_does_not_exhaust_the_stack()
    {
        var vars = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"var customer.v{i} = v{i + 1} + 1\n")) + "var customer.v1000 = count(orders)\n";
        Assert.Equal(["SML2023"], Programs.Codes(Programs.Orders + vars).Distinct());
    }
}
