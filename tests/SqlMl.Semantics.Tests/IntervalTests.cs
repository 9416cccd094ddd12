namespace SqlMl.Semantics.Tests;

public sealed class IntervalTests
{
    [Theory]
    [InlineData("count(orders)", "(-∞, t]")]
    [InlineData("count(orders) over 7 days", "(t - 7 days, t]")]
    [InlineData("count(orders) over 7 days ending 2 hours ago", "(t - 2 hours - 7 days, t - 2 hours]")]
    [InlineData("count(orders) over 7 days + count(orders) over 1 month", "(t - 1 month, t]")]
    [InlineData("count(orders) over 30 days ending 30 days ago - count(orders) over 30 days", "(t - 30 days - 30 days, t]")]
    [InlineData("base_7d + base_30d", "(t - 30 days, t]")]
    [InlineData("days since last(orders) over 2 weeks", "(t - 2 weeks, t]")]
    [InlineData("(count(orders) / sum(orders.a)) over 3 days", "(t - 3 days, t]")]
    [InlineData("hour_of(cutoff)", "no rows")]
    [InlineData("1 + 2", "no rows")]
    public void An_expression_reads_what_its_windows_say(string expression, string interval)
    {
        var symbol = Bind.Var(expression);
        Assert.Equal(interval, symbol.Interval.ToString());
        Assert.Equal(symbol.Interval, symbol.Expression.Interval);
    }

    [Fact]
    public void A_window_behind_a_bracket_applies_to_every_aggregate_inside()
    {
        var aggregates = Bind.Var("(count(orders) / nullif(sum(orders.a where b = 1), 0)) over 3 days").Expression.Children;
        var windows = aggregates.SelectMany(child => child.Children.Prepend(child)).OfType<BoundAggregate>().Select(item => item.Window.Text);
        Assert.Equal(["over 3 days", "over 3 days"], windows);
    }

    [Fact]
    public void A_label_with_a_lead_time_ends_after_both()
    {
        var label = Bind.Model("var customer.a = count(orders)", "label exists(orders) in next 7 days after 2 days").Label;
        Assert.Equal("(t + 2 days, t + 2 days + 7 days]", label.Interval.ToString());
        Assert.True(label.Interval.ReadsFuture);
    }

    [Fact]
    public void The_longest_window_of_a_label_is_its_horizon()
    {
        var model = Bind.Model("var customer.a = count(orders)", "label exists(orders) in next 7 days or count(orders) in next 1 month > 3");
        Assert.Equal("in next 1 month", model.Horizon.Text);
    }
}
