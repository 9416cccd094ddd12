using SqlMl.Plan;

namespace SqlMl.Optimizer.Tests;

public sealed class ShareAggregatesTests
{
    private static readonly ShareAggregatesPass Pass = new();

    [Fact]
    public void An_aggregate_that_equals_another_is_read_from_it()
    {
        var model = Planned.Model("""
            var customer.n = count(orders) over 30 days
            var customer.rate = (count(orders where paid) / count(orders)) over 30 days + case when count(orders) over 30 days > 1 then 1 else 0 end
            """);
        var shared = Pass.Run(model);
        Assert.Equal(["n", "rate_1"], Planned.Names(shared.Scans));
        Assert.Equal("add(divide(as_number(@rate_1), as_number(@n)), as_number(case(greater(@n, 1), 1, 0)))", PlanText.Print(Assert.Single(shared.Derived).Expression));
    }

    [Fact]
    public void A_feature_that_equals_another_stays_as_a_copy()
    {
        var shared = Pass.Run(Planned.Model("var customer.a = count(orders)\nvar customer.b = count(orders)\nvar customer.c = b + 1"));
        Assert.Equal(["a"], Planned.Names(shared.Scans));
        Assert.Equal(["b = @a", "c = add(@a, 1)"], shared.Derived.Select(value => $"{value.Name} = {PlanText.Print(value.Expression)}"));
        Assert.Equal(["a", "b", "c"], shared.Features);
    }

    [Fact]
    public void The_label_shares_among_its_own_scans()
    {
        var shared = Pass.Run(Planned.Model("var customer.a = count(orders)", label: "count(orders) in next 7 days > 1 or count(orders) in next 7 days = 0"));
        Assert.Equal(["label_1"], Planned.Names(shared.LabelScans));
        Assert.Equal("or(greater(@label_1, 1), equal(@label_1, 0))", PlanText.Print(shared.Label));
    }

    [Theory]
    [InlineData("count(orders) over 7 days", "count(orders) over 8 days")]
    [InlineData("count(orders)", "count(visits)")]
    [InlineData("count(orders where a = 1)", "count(orders where a = 2)")]
    [InlineData("sum(orders.a)", "sum(orders.b)")]
    [InlineData("sum(orders.a)", "avg(orders.a)")]
    [InlineData("count(orders) over 7 days", "count(orders) over 7 days ending 1 day ago")]
    [InlineData("last(orders.a) default 'x'", "last(orders.a) default 'y'")]
    [InlineData("count(orders where `A` = 1)", "count(orders where `a` = 1)")]
    public void Different_aggregates_stay_and_the_plan_is_the_same_instance(string first, string second)
    {
        var model = Planned.Model($"var customer.a = {first}\nvar customer.b = {second}", label: "exists(orders) in next 1 day");
        Assert.Same(model, Pass.Run(model));
    }
}
