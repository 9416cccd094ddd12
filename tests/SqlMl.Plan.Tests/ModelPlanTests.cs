namespace SqlMl.Plan.Tests;

public sealed class ModelPlanTests
{
    [Fact]
    public void The_whole_plan_reads_like_the_steps_that_it_takes() => Assert.Equal(
        """
        model p for customer (customer_id), mode at
          source orders: table shop.orders by customer_id at ordered_at where greater(amount, 0) reading net
          source visits: file 'visits.csv' by visitor at seen_at (tells who exists)
          cutoffs every 7 days from 2024-01-01 00:00:00 until as_of - 30 days count 5
          scan orders (t - 30 days, t] by range join: works for every aggregate and cutoff
            spent = sum(net) default 0
          derive is_high = greater(@spent, 100)   [level 1]
          keep rows whose label is complete: (t, t + 7 days]
          scan orders (t, t + 7 days] by range join: works for every aggregate and cutoff
            label_1 = exists(*)
          label @label_1, not null
          split by time 70 / 15 / 15, purged
          features spent, is_high

        """.ReplaceLineEndings("\n"),
        Planned.Text(
            "var customer.spent = sum(orders.net) over 30 days default 0\nvar customer.is_high = spent > 100",
            "observe every 7 days from '2024-01-01' until as_of - 30 days count 5"));

    [Fact]
    public void A_value_stands_one_level_above_the_highest_that_it_reads()
    {
        var model = Planned.Model("""
            var customer.c = b + a
            var customer.b = a * 2
            var customer.a = count(orders)
            var customer.d = count(orders) + count(visits)
            var customer.e = 1
            """);
        Assert.Equal([("b", 1), ("d", 1), ("e", 1), ("c", 2)], model.Derived.Select(value => (value.Name, value.Level)));
        Assert.Equal(["a", "d_1", "d_2"], model.Scans.SelectMany(scan => scan.Aggregates).Select(aggregate => aggregate.Name));
    }

    [Fact]
    public void Only_what_a_model_needs_is_planned()
    {
        var model = Planned.Model("var customer.a = count(orders)\nvar customer.b = count(visits)\nvar customer.c = b + 1", "using c");
        Assert.Equal(["b"], model.Scans.SelectMany(scan => scan.Aggregates).Select(aggregate => aggregate.Name));
        Assert.Equal(["c"], model.Features);
    }

    [Fact]
    public void Eligibility_is_a_value_of_its_own_and_takes_a_free_name()
    {
        var model = Planned.Model("var customer.is_eligible = count(orders)", "when count(visits) > 1");
        Assert.Equal("is_eligible_2", model.When);
        Assert.Contains(model.Derived, value => value.Name == model.When);
    }

    [Fact]
    public void A_var_that_a_models_own_hides_keeps_a_value_for_those_that_read_it()
    {
        var model = Planned.Model("var customer.rate = count(orders)\nvar customer.twice = rate * 2", "var rate = hour_of(cutoff)");
        Assert.Equal(["twice", "rate"], model.Features);
        Assert.Equal("rate_2", Assert.Single(Assert.Single(model.Scans).Aggregates).Name);
        Assert.Equal("multiply(@rate_2, 2)", PlanText.Print(model.Derived.Single(value => value.Name == "twice").Expression));
    }

    [Fact]
    public void For_a_grid_the_sources_that_name_the_entity_tell_who_exists()
    {
        var sources = Planned.Model("var customer.a = count(orders)").Sources;
        Assert.Equal([("orders", true, true), ("visits", false, false)], sources.Select(source => (source.Name, source.IsRead, source.IsInLabel)));
    }

    [Fact]
    public void For_anchor_rows_only_what_is_read_is_a_source()
    {
        var model = Planned.Model("var customer.a = count(orders)", "observe before each orders where net > 1\nuntil first(visits where page = 'x')\nallow immature");
        Assert.Equal([("orders", true), ("visits", true)], model.Sources.Select(source => (source.Name, source.IsRead)));
        Assert.True(model.IsBefore && model.IsEventMode && model.AllowImmature);
        Assert.Equal("visits", model.Until!.Source);
    }

    [Fact]
    public void Every_way_to_observe_has_its_line()
    {
        var text = Planned.Text(
            "var customer.a = count(orders)",
            "observe every 1 month aligned to '2024-01-15' from as_of\nobserve at each orders where net > 1 until as_of + 1 day\nobserve 7 days after first(visits)\nobserve at '2024-01-01', '2024-02-01 12:00'\nsplit random 80 / 20 seed 7 stratified\nwhen a > 1\nallow immature");
        Assert.Contains("every 1 month aligned to 2024-01-15 00:00:00 from as_of\n", text, StringComparison.Ordinal);
        Assert.Contains("each orders where greater(net, 1) until as_of + 1 day\n", text, StringComparison.Ordinal);
        Assert.Contains("7 days after first visits\n", text, StringComparison.Ordinal);
        Assert.Contains("at 2024-01-01 00:00:00, 2024-02-01 12:00:00\n", text, StringComparison.Ordinal);
        Assert.Contains("split random 80 / 20 seed 7 stratified\n", text, StringComparison.Ordinal);
        Assert.Contains("keep rows where is_eligible\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("count(orders) over 7 days", "[t - 7 days, t)")]
    [InlineData("count(orders)", "(-∞, t)")]
    [InlineData("count(orders) over 7 days ending 1 day ago", "[t - 1 day - 7 days, t - 1 day)")]
    public void In_mode_before_the_windows_of_the_past_end_before_the_cutoff(string expression, string window)
    {
        var model = Planned.Model($"var customer.a = {expression}", "observe before each orders\nlabel exists(orders) in next 7 days after 2 days");
        Assert.Equal(window, PlanText.Print(Assert.Single(model.Scans).Window, model.IsBefore));
        Assert.Equal("(t + 2 days, t + 2 days + 7 days]", PlanText.Print(Assert.Single(model.Horizons), model.IsBefore));
    }
}
