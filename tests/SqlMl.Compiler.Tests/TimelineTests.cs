using SqlMl.Compiler.Timelines;

namespace SqlMl.Compiler.Tests;

/// <summary>What a value reads of time, and how it is drawn.</summary>
public sealed class TimelineTests
{
    private const string Sources = """
        source orders  { table shop.orders   entity customer by customer_id  time ordered_at  late status at closed_at }
        source visits  { table shop.visits   entity customer by customer_id  time visited_at  known at loaded_at }
        source slots   { table shop.slots    entity customer by customer_id  time slot_at  known at booked_at  planned }
        source plans   { table shop.plans    entity customer by customer_id  valid from since to until_then }
        source profile { table shop.profile  entity customer by customer_id  static }
        entity customer

        """;

    private const string Grid = "predict p for customer { label not exists(orders) in next 30 days after 2 days  observe every 7 days  train logistic }";

    [Theory]
    [InlineData("count(orders) over 7 days ending 1 day ago", "(t - 1 day - 7 days, t - 1 day]")]
    [InlineData("count(orders)", "(-∞, t]")]
    [InlineData("count(slots) in next 14 days", "(t, t + 14 days]")]
    [InlineData("plans.plan", "what held at t")]
    [InlineData("profile.country", "what never changes")]
    [InlineData("days since cutoff", "no rows")]
    public void The_interval_covers_what_is_read(string value, string interval) => Assert.Equal(interval, Of(value).Interval);

    [Fact]
    public void A_var_made_from_others_shows_each_of_their_windows_once() => Assert.Equal(
        """
        customer.x = orders_7d / nullif(orders_30d, 0) + orders_7d
        reads (t - 30 days, t], in p

                     t - 30 days   t - 7 days         t
                    ──────┼─────────────┼─────────────╂────── time
        orders_7d                       (━━━━━━━━━━━━━]        orders
        orders_30d        (━━━━━━━━━━━━━━━━━━━━━━━━━━━]        orders
        """,
        Drawn("x", $"var customer.orders = count(orders) over 7, 30 days\nvar customer.x = orders_7d / nullif(orders_30d, 0) + orders_7d\n{Grid}"));

    [Fact]
    public void What_holds_what_never_changes_and_what_must_be_known_are_told_apart() => Assert.Equal(
        """
        customer.x = concat(plans.plan, profile.country, last(visits.page), last(orders.status))
        reads (-∞, t], in p

                 t
           ──────╂────── time
        x        ●        plans (the rows that held at t)
        x  ·············  profile (never changes)
        x  ◄━━━━━]        visits (known at loaded_at: by t)
        x  ◄━━━━━]        orders (late columns as known at t)
        """,
        Drawn("x", $"var customer.x = concat(plans.plan, profile.country, last(visits.page), last(orders.status))\n{Grid}"));

    [Fact]
    public void Of_another_entitys_var_the_row_that_links_to_it_is_read_as_well() => Assert.Equal(
        """
        customer.x = shop.sales
        reads (-∞, t], in p

                t - 7 days        t
               ──────┼────────────╂────── time
        x      ◄━━━━━━━━━━━━━━━━━━]        the row that links to shop (the cutoff's own, else the last that was known by t)
        sales        (━━━━━━━━━━━━]        sales
        """,
        Drawn("x", "source sales { table shop.sales  entity customer by customer_id  entity shop by shop_id  time sold_at }\n" +
            $"entity shop\nvar shop.sales = count(sales) over 7 days\nvar customer.x = shop.sales\n{Grid}"));

    [Fact]
    public void A_label_lies_ahead_behind_its_lead_time() => Assert.Equal(
        """
        label of p = not exists(orders) in next 30 days after 2 days
        reads (t + 2 days, t + 2 days + 30 days]

                     t                 t + 2 days        t + 2 days + 30 days
               ──────╂──────────────────────┼──────────────────────┼────── time
        label                               (━━━━━━━━━━━━━━━━━━━━━━]        orders
        """,
        Drawn("p", $"var customer.x = count(orders)\n{Grid}"));

    [Fact]
    public void In_mode_before_the_row_of_the_cutoff_is_left_out_and_the_label_reads_its_late_columns_later()
    {
        const string rest = "var customer.x = count(orders) over 7 days\npredict p for customer { label anchor.status = 'paid' in next 60 days  observe before each orders  train logistic }";
        Assert.Equal(
            """
            customer.x = count(orders) over 7 days
            reads [t - 7 days, t), the row of the cutoff itself left out, in p

                t - 7 days        t
               ──────┼────────────╂────── time
            x        [━━━━━━━━━━━━)        orders
            """,
            Drawn("x", rest));
        Assert.Equal(
            """
            label of p = anchor.status = 'paid' in next 60 days
            reads (t, t + 60 days]

                         t        t + 60 days
                   ──────╂─────────────┼────── time
            label        (━━━━━━━━━━━━━]        anchor.status, of the row that is the cutoff (late: as known at t + 60 days)
            """,
            Drawn("p.label", rest));
    }

    [Fact]
    public void A_var_some_time_later_is_drawn_where_it_is_read_then()
    {
        var label = Find("p", "var customer.x = count(orders) over 7 days\npredict p for customer { label (x > 3) after 7 days  observe every 7 days  train logistic }");
        var reading = Assert.Single(label.Readings);
        Assert.Equal(("x", TimelinePoint.Cutoff, "t + 7 days"), (reading.Value, reading.Start, reading.End!.Text));
    }

    private static Timeline Of(string value) => Find("x", $"var customer.x = {value}\n{Grid}");

    private static string Drawn(string name, string rest) => TimelineDrawing.Draw(Find(name, rest)).TrimEnd('\n');

    private static Timeline Find(string name, string rest)
    {
        var program = Programs.Compile(Sources + rest, new CompileOptions { Dialect = "duckdb" });
        Assert.Empty(program.Diagnostics);
        return program.Timelines.Value.Single(timeline => timeline.IsCalled(name));
    }
}
