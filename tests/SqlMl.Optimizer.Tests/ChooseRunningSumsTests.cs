using SqlMl.Plan;

namespace SqlMl.Optimizer.Tests;

public sealed class ChooseRunningSumsTests
{
    private static readonly ChooseFramesPass Frames = new();
    private static readonly ChooseRunningSumsPass Pass = new();

    [Theory]
    // Five frames against two sums and one look-up at two and a half; four frames are not more than that.
    [InlineData("count(orders) over 7 days, sum(orders.a) over 7 days, avg(orders.a) over 7 days, exists(orders) over 7 days", ScanStrategy.Frame)]
    [InlineData("count(orders), count(orders) over 7 days, sum(orders.a), sum(orders.a) over 7 days, avg(orders.a), avg(orders.a) over 7 days, share(orders.b = 1), share(orders.b = 1) over 7 days", ScanStrategy.RunningSums)]
    [InlineData("count(orders), sum(orders.a)", ScanStrategy.Frame)]
    [InlineData("max(orders.a), max(orders.a) over 7 days, max(orders.a) over 14 days, max(orders.a) over 21 days", ScanStrategy.Frame)]
    [InlineData("count_distinct(orders.a)", ScanStrategy.RunningSums)]
    [InlineData("active_days(orders) over 7 days ending 1 day ago", ScanStrategy.RunningSums)]
    [InlineData("count_distinct(orders.a) over 1 month", ScanStrategy.RangeJoin)]
    [InlineData("count_distinct(visits.a)", ScanStrategy.RangeJoin)]
    [InlineData("mode(orders.a)", ScanStrategy.RangeJoin)]
    public void Windows_become_differences_of_sums_where_that_costs_less(string expressions, ScanStrategy strategy)
    {
        var vars = expressions.Split(", ").Select((expression, i) => $"var customer.v{i} = {expression}");
        var model = Pass.Run(Frames.Run(Planned.Model(string.Join('\n', vars), "observe before each orders")));
        Assert.All(model.Scans, scan => Assert.Equal(strategy, scan.Strategy));
        Assert.Equal(ScanStrategy.Frame, Assert.Single(model.LabelScans).Strategy);
    }

    [Fact]
    public void Look_ups_that_distinct_values_need_anyway_cost_nothing()
    {
        const string counts = "var customer.a = count(orders) over 7 days\nvar customer.b = sum(orders.a) over 7 days\nvar customer.c = sum(orders.a)\n";
        Assert.Contains(Chosen(counts), scan => scan.Strategy == ScanStrategy.Frame);
        Assert.All(Chosen(counts + "var customer.d = count_distinct(orders.a) over 7 days"), scan => Assert.Equal(ScanStrategy.RunningSums, scan.Strategy));
    }

    [Fact]
    public void The_reason_says_what_was_weighed()
    {
        var scans = Chosen("var customer.a = count(orders) over 7, 14 days\nvar customer.b = sum(orders.a) over 7, 14 days\nvar customer.c = avg(orders.a) over 7, 14 days\nvar customer.d = share(orders.b = 1) over 7, 14 days\nvar customer.e = sum(orders.b) over 7, 14 days\nvar customer.f = avg(orders.b) over 7, 14 days");
        Assert.Equal("18 frames cost more than 9 running sums and 2 look-ups at 2.5 each", Assert.Single(scans.Select(scan => scan.Reason).Distinct()));
    }

    [Theory]
    [InlineData("observe every 7 days")]
    [InlineData("observe at each visits")]
    [InlineData("observe at each orders  observe every 7 days")]
    public void Other_cutoffs_leave_the_plan_as_the_same_instance(string observe)
    {
        var model = Planned.Model("var customer.a = count_distinct(orders.a)", observe);
        Assert.Same(model, Pass.Run(model));
    }

    [Fact]
    public void A_second_run_changes_nothing()
    {
        var chosen = Pass.Run(Planned.Model("var customer.a = count_distinct(orders.a)", "observe at each orders"));
        Assert.Same(chosen, Pass.Run(chosen));
    }

    private static IEnumerable<LogicalScan> Chosen(string vars) => Pass.Run(Frames.Run(Planned.Model(vars, "observe at each orders"))).Scans;
}
