using SqlMl.Plan;

namespace SqlMl.Optimizer.Tests;

public sealed class PlanOptimizerTests
{
    private static readonly LogicalModel Model = Planned.Model("""
        var customer.a = count(orders) over 7 days
        var customer.b = a + count(orders) over 7 days
        var customer.c = sum(orders.x) over 7 days
        """, "observe at each orders");

    [Fact]
    public void All_passes_together_share_frame_and_fuse()
    {
        var optimized = Assert.Single(PlanOptimizer.Optimize(new LogicalPlan([Model]), new HashSet<string>()).Models);
        var scan = Assert.Single(optimized.Scans);
        Assert.Equal(ScanStrategy.Frame, scan.Strategy);
        Assert.Equal(["a", "c"], scan.Aggregates.Select(aggregate => aggregate.Name));
    }

    [Fact]
    public void Passes_that_are_all_left_out_leave_the_plan_as_it_is()
    {
        var none = PlanOptimizer.Passes.Select(pass => pass.Name).ToHashSet();
        Assert.Same(Model, PlanOptimizer.Optimize(new LogicalPlan([Model]), none).Models[0]);
    }

    [Fact]
    public void Passes_have_names_of_their_own() =>
        Assert.Equal(PlanOptimizer.Passes.Length, PlanOptimizer.Passes.Select(pass => pass.Name).Distinct().Count());

    [Fact]
    public void A_plan_that_is_right_is_verified() => PlanVerifier.Verify(Model, "test");

    [Fact]
    public void A_plan_that_lost_a_scan_is_found_out() => Broken("lost", Model with { Scans = Model.Scans.RemoveAt(2) });

    [Fact]
    public void A_plan_that_computes_a_value_twice_is_found_out() => Broken("twice", Model with { Scans = Model.Scans.Add(Model.Scans[0]) });

    [Fact]
    public void A_plan_that_reads_a_value_too_early_is_found_out() =>
        Broken("before it is computed", Model with { Derived = [new LogicalDerived("b", new LogicalValue("d"), 1), new LogicalDerived("d", new LogicalConstant(1L), 2)] });

    [Fact]
    public void A_plan_whose_label_reads_nothing_known_is_found_out() => Broken("before it is computed", Model with { LabelScans = [] });

    private static void Broken(string what, LogicalModel model) =>
        Assert.Contains(what, Assert.Throws<InvalidOperationException>(() => PlanVerifier.Verify(model, "test")).Message, StringComparison.Ordinal);
}
