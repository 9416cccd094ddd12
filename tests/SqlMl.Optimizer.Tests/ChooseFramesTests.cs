using SqlMl.Plan;

namespace SqlMl.Optimizer.Tests;

public sealed class ChooseFramesTests
{
    private static readonly ChooseFramesPass Pass = new();

    [Theory]
    [InlineData("count(orders)", true)]
    [InlineData("sum(orders.a) over 7 days", true)]
    [InlineData("exists(orders where a = 1) over 7 days ending 1 day ago", true)]
    [InlineData("days since last(orders)", true)]
    [InlineData("share(orders.a = 1 where b = 2) over 7 days", true)]
    [InlineData("last(orders.a)", true)]
    [InlineData("first(orders.a) over 7 days", true)]
    [InlineData("last(orders.a where b = 1)", true)]
    [InlineData("max_by(orders.a, b)", false)]
    [InlineData("mode(orders.a)", false)]
    [InlineData("quantile(orders.a, 0.9)", false)]
    [InlineData("trend(orders.a) over 7 days", false)]
    [InlineData("longest_gap(orders)", false)]
    [InlineData("active_days(orders) over 7 days", false)]
    [InlineData("count_distinct(orders.a)", false)]
    [InlineData("median(orders.a) over 7 days", false)]
    [InlineData("count(orders) over 1 month", false)]
    [InlineData("count(orders) over 7 days ending 1 quarter ago", false)]
    [InlineData("count(visits)", false)]
    public void Cutoffs_that_are_rows_of_the_source_are_framed_where_the_aggregate_slides(string expression, bool isFrame)
    {
        var model = Pass.Run(Planned.Model($"var customer.a = {expression}", "observe before each orders where b = 1"));
        var scan = Assert.Single(model.Scans);
        Assert.Equal(isFrame ? ScanStrategy.Frame : ScanStrategy.RangeJoin, scan.Strategy);
        Assert.Equal(ScanStrategy.Frame, Assert.Single(model.LabelScans).Strategy);
    }

    [Theory]
    [InlineData("observe every 7 days")]
    [InlineData("observe at each visits")]
    [InlineData("observe at each orders  observe at each visits")]
    [InlineData("observe at each orders  observe every 7 days")]
    [InlineData("observe 7 days after first(orders)")]
    public void Other_cutoffs_leave_the_plan_as_the_same_instance(string observe)
    {
        var model = Planned.Model("var customer.a = count(orders)", observe);
        Assert.Same(model, Pass.Run(model));
    }

    [Fact]
    public void A_second_run_changes_nothing()
    {
        var framed = Pass.Run(Planned.Model("var customer.a = count(orders)", "observe at each orders"));
        Assert.Same(framed, Pass.Run(framed));
    }
}
