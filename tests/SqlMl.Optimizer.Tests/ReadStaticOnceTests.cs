using SqlMl.Plan;
using SqlMl.Semantics;

namespace SqlMl.Optimizer.Tests;

public sealed class ReadStaticOnceTests
{
    private static readonly ReadStaticOncePass Pass = new();

    [Theory]
    [InlineData("last(visits.page)", ScanStrategy.OnceAnEntity)]
    [InlineData("count(visits where page = 'home')", ScanStrategy.OnceAnEntity)]
    [InlineData("mode(visits.page)", ScanStrategy.RangeJoin)]
    public void Values_of_static_rows_are_computed_once_an_entity(string expression, ScanStrategy strategy)
    {
        var model = Planned.Model($"var customer.v = {expression}");
        var isStatic = model with { Sources = [.. model.Sources.Select(source => source.Name == "visits" ? source with { Nature = SourceNature.Static } : source)] };
        Assert.Equal(strategy, Assert.Single(Pass.Run(isStatic).Scans).Strategy);
    }

    [Fact]
    public void Rows_that_happen_leave_the_plan_as_it_is()
    {
        var model = Planned.Model("var customer.v = last(visits.page)");
        Assert.Same(model, Pass.Run(model));
    }
}
