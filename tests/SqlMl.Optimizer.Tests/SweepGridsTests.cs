using SqlMl.Plan;

namespace SqlMl.Optimizer.Tests;

public sealed class SweepGridsTests
{
    private static readonly SweepGridsPass Pass = new();

    [Theory]
    [InlineData("count(orders) over 49 days", ScanStrategy.RangeJoin)]
    [InlineData("count(orders) over 56 days", ScanStrategy.Sweep)]
    [InlineData("sum(orders.a) over 70 days default 1", ScanStrategy.RangeJoin)]
    [InlineData("avg(orders.a) over 70 days default 1", ScanStrategy.Sweep)]
    [InlineData("max(orders.a) over 70 days", ScanStrategy.RangeJoin)]
    [InlineData("count(orders) over 3 months", ScanStrategy.RangeJoin)]
    [InlineData("count(orders)", ScanStrategy.RangeJoin)]
    [InlineData("count_distinct(orders.a) over 7 days", ScanStrategy.Sweep)]
    [InlineData("active_days(orders) over 7 days ending 1 day ago", ScanStrategy.Sweep)]
    [InlineData("count_distinct(orders.a)", ScanStrategy.Sweep)]
    public void Rows_are_swept_where_that_costs_less_than_to_explode_them(string expression, ScanStrategy strategy)
    {
        var scan = Assert.Single(Pass.Run(Planned.Model($"var customer.v = {expression}")).Scans);
        Assert.Equal(strategy, scan.Strategy);
    }

    [Fact]
    public void The_more_values_a_window_has_the_longer_it_must_be()
    {
        var model = Pass.Run(Planned.Model(string.Concat(Enumerable.Range(0, 5).Select(i => $"var customer.v{i} = count(orders where a = {i}) over 70, 700 days\n"))));
        Assert.All(model.Scans, scan => Assert.Equal(scan.Window.Length!.Text == "70 days" ? ScanStrategy.RangeJoin : ScanStrategy.Sweep, scan.Strategy));
    }

    [Theory]
    [InlineData("observe before each orders")]
    [InlineData("observe every 1 month")]
    public void Cutoffs_that_are_no_grid_of_exact_steps_leave_the_plan_as_it_is(string observe)
    {
        var model = Planned.Model("var customer.v = count_distinct(orders.a) over 700 days", observe);
        Assert.Same(model, Pass.Run(model));
    }

    [Fact]
    public void Distinct_values_of_rows_that_are_known_late_are_not_swept_over_a_window()
    {
        // A row that is known late leaves sooner than one before it.
        var model = Planned.Model("var customer.v = count_distinct(orders.a) over 700 days");
        var late = model with { Sources = [.. model.Sources.Select(source => source with { Knowledge = new LogicalKnowledge(null, null, null, IsPlanned: false) })] };
        Assert.Same(late, Pass.Run(late));
    }
}
