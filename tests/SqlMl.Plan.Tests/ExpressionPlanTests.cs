namespace SqlMl.Plan.Tests;

public sealed class ExpressionPlanTests
{
    [Theory]
    [InlineData("count(orders) / 2", "divide(as_number(@x_1), as_number(2))")]
    [InlineData("count(orders) + 1", "add(@x_1, 1)")]
    [InlineData("count(orders) + 1.5", "add(as_number(@x_1), as_number(1.5))")]
    [InlineData("-count(orders) % 2", "modulo(negate(@x_1), 2)")]
    [InlineData("exists(orders) and exists(visits) and true", "and(@x_1, @x_2, true)")]
    [InlineData("not exists(orders) or null", "or(not(@x_1), null)")]
    [InlineData("count(orders) between 1 and 3", "between(@x_1, 1, 3)")]
    [InlineData("count(orders) not in (1, 2)", "not(in(@x_1, 1, 2))")]
    [InlineData("last(orders.c) ilike 'it''s%'", "ilike(@x_1, 'it''s%')")]
    [InlineData("last(orders.c) is null", "isnull(@x_1)")]
    [InlineData("last(orders) + 7 days < cutoff", "less(later_by_7_days(@x_1), cutoff)")]
    [InlineData("cutoff - 1 month = '2024-01-01'", "equal(earlier_by_1_month(cutoff), instant 2024-01-01 00:00:00)")]
    [InlineData("days since last(orders)", "elapsed_in_1_day(@x_1)")]
    [InlineData("case when exists(orders) then 1 else 2.5 end", "case(@x_1, as_number(1), as_number(2.5))")]
    [InlineData("case count(orders) when 1 then 'a' end", "case(equal(@x_1, 1), 'a')")]
    [InlineData("exists(orders)::integer", "case(@x_1, 1, not(@x_1), 0)")]
    [InlineData("exists(orders)::number", "case(@x_1, as_number(1), not(@x_1), as_number(0))")]
    [InlineData("avg(orders.net)::integer", "as_integer(round(@x_1))")]
    [InlineData("count(orders)::string", "as_string(@x_1)")]
    [InlineData("round(avg(orders.net), 2)", "round(@x_1, 2)")]
    [InlineData("greatest(count(orders), 1.5)", "greatest(as_number(@x_1), as_number(1.5))")]
    [InlineData("last(cortex.embed(orders.channel))", "cortex.embed(@x_1)")]
    [InlineData("cortex.embed(last(orders.channel))", "cortex.embed(@x_1)")]
    [InlineData("max_by(cortex.embed(orders.channel), net where tax > 1) over 7 days", "cortex.embed(@x_1)")]
    [InlineData("sqrt(count(orders))", "sqrt(as_number(@x_1))")]
    public void An_expression_is_planned_with_its_numbers_made_floating_where_they_must_be(string expression, string plan) =>
        Assert.Equal(plan, Planned.Derived(expression));

    [Theory]
    [InlineData("count(orders where net > 1 and `Odd Name` = 'x')", "count(* where and(greater(net, 1), equal(`Odd Name`, 'x')))")]
    [InlineData("min_by(orders.channel, net)", "min_by(channel, net)")]
    [InlineData("last(orders.channel) over 7 days default 'none'", "last(channel) default 'none'")]
    [InlineData("quantile(orders.net, 0.50)", "quantile(net, 0.5)")]
    [InlineData("top_values(orders.channel, 3.0 where net > 1)", "top_values(channel, 3 where greater(net, 1))")]
    [InlineData("share(orders.channel = 'web' where net > 1) over 7 days", "share(equal(channel, 'web') where greater(net, 1))")]
    [InlineData("longest_gap(orders)", "longest_gap(*)")]
    [InlineData("sum(orders.amount) default -1", "sum(amount) default -1")]
    [InlineData("count(orders) default 5", "count(*) default 5")]
    public void A_var_that_is_an_aggregate_is_a_scan_with_its_default(string expression, string plan)
    {
        var model = Planned.Model($"var customer.x = {expression}");
        Assert.Equal(plan, PlanText.Print(Assert.Single(Assert.Single(model.Scans).Aggregates)));
    }

    [Fact]
    public void A_computed_column_is_written_out_where_the_table_is_read()
    {
        var source = Planned.Model("var customer.x = sum(orders.net)").Sources[0];
        Assert.Equal("subtract(amount, tax)", PlanText.Print(Assert.Single(source.Columns).Expression!));
    }
}
