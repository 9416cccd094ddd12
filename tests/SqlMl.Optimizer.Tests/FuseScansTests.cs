namespace SqlMl.Optimizer.Tests;

public sealed class FuseScansTests
{
    private static readonly FuseScansPass Pass = new();

    [Fact]
    public void Scans_of_one_source_and_window_become_one_in_the_order_of_the_first()
    {
        var fused = Pass.Run(Planned.Model("""
            var customer.a = count(orders) over 7 days
            var customer.b = count(visits) over 7 days
            var customer.c = sum(orders.x) over 7 days
            var customer.d = sum(orders.x) over 8 days
            """));
        Assert.Equal(["orders: a c", "visits: b", "orders: d"], fused.Scans.Select(scan => $"{scan.Source}: {string.Join(' ', scan.Aggregates.Select(aggregate => aggregate.Name))}"));
    }

    [Fact]
    public void Scans_of_the_label_fuse_among_themselves()
    {
        var fused = Pass.Run(Planned.Model("var customer.a = count(orders)", label: "exists(orders) in next 7 days and count(orders where b = 1) in next 7 days > 1"));
        Assert.Equal(2, Assert.Single(fused.LabelScans).Aggregates.Length);
    }

    [Fact]
    public void Without_scans_to_fuse_the_plan_is_the_same_instance()
    {
        var model = Planned.Model("var customer.a = count(orders) over 7 days\nvar customer.b = count(orders) over 8 days\nvar customer.c = count(visits) over 7 days");
        Assert.Same(model, Pass.Run(model));
    }
}
