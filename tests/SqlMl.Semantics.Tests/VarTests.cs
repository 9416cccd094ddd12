namespace SqlMl.Semantics.Tests;

public sealed class VarTests
{
    [Fact]
    public void A_family_has_one_var_a_length_named_as_written()
    {
        var program = Bind.Valid(Bind.Orders + """
            var customer.a = count(orders) over 24, 168 hours
            var customer.b = not exists(orders) over 1, 2 quarters
            var customer.c = (count(orders) + 1) over 30, 90 seconds ending 5 minutes ago  "Sum"
            var customer.d = count(orders) over 7 days
            """);
        Assert.Equal(["a_24h", "a_168h", "b_1q", "b_2q", "c_30s", "c_90s", "d"], program.Vars.Select(symbol => symbol.Name));
        Assert.Equal(["a", "a", "b", "b", "c", "c", null], program.Vars.Select(symbol => symbol.Family));
        Assert.Equal("(t - 5 minutes - 90 seconds, t - 5 minutes]", program.Vars[5].Interval.ToString());
        Assert.All(program.Vars.Where(symbol => symbol.Family == "c"), symbol => Assert.Equal("Sum", symbol.Description));
    }

    [Fact]
    public void Vars_may_be_declared_in_any_order_and_names_ignore_case()
    {
        var program = Bind.Valid(Bind.Orders + "var customer.a = B + 1\nvar Customer.b = count(ORDERS)\n");
        Assert.Equal("(-∞, t]", program.Vars[0].Interval.ToString());
    }

    [Fact]
    public void Using_all_takes_every_var_but_instants()
    {
        var model = Bind.Model("var customer.a = count(orders)\nvar customer.b = last(orders)\nvar customer.c = last(orders.x)", "var own = hour_of(cutoff)");
        Assert.Equal(["a", "c", "own"], model.Features.Select(symbol => symbol.Name));
    }

    [Fact]
    public void Except_takes_out_vars_and_whole_families()
    {
        const string Vars = "var customer.a = count(orders)\nvar customer.f = count(orders) over 7, 30 days\nvar customer.g = count(orders) over 1, 2 days";
        Assert.Equal(["a", "g_2d"], Bind.Model(Vars, "using all except f, g_1d").Features.Select(symbol => symbol.Name));
        Assert.Equal(["f_7d", "f_30d", "g_2d"], Bind.Model(Vars, "using g_2d, customer.f").Features.Select(symbol => symbol.Name));
    }

    [Fact]
    public void Without_using_every_var_is_a_feature() =>
        Assert.Equal(["a", "b"], Bind.Model("var customer.a = count(orders)\nvar customer.b = 1").Features.Select(symbol => symbol.Name));

    [Fact]
    public void A_models_own_var_hides_the_entitys_and_may_read_the_others()
    {
        var model = Bind.Model("var customer.a = count(orders)\nvar customer.b = 1", "var a = b + 1", "var c = a + 1");
        Assert.Equal(["b", "a", "c"], model.Features.Select(symbol => symbol.Name));
        Assert.All(model.Features.Skip(1), symbol => Assert.True(symbol.IsModelVar));
        Assert.Equal("b + 1", model.Features[1].DefinitionSpan.Text);
    }

    [Fact]
    public void Every_circle_is_reported_once_and_its_readers_are_not()
    {
        var (_, found) = Bind.All(Bind.Orders + "var customer.a = b\nvar customer.b = a\nvar customer.c = a + b\nvar customer.d = d\nvar customer.e = c + d\n");
        Assert.Equal(["SML2007 var `a` is defined by itself: `a` -> `b` -> `a`", "SML2007 var `d` is defined by itself"], found.Select(item => $"{item.Code} {item.Message}"));
    }

    [Fact]
    public void A_var_that_reads_the_future_is_reported_at_its_window_and_its_readers_are_not()
    {
        var (_, found) = Bind.All(Bind.Orders + "var customer.a = 1 + count(orders) in next 7 days\nvar customer.b = a\n");
        Assert.Equal("in next 7 days", Assert.Single(found).Primary!.Span.Text);
    }
}
