using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against cases computed by hand: where cutoffs lie and what is seen from them, one case or more a mode.</summary>
public sealed class OracleCutoffTests
{
    private static readonly OracleVar Count = Var("n", Aggregate(AggregateKind.Count));

    private static readonly RowSelection All = new("orders", null);

    /// <summary>Orders on the 1st, twice on the 2nd, and on the 4th; the source ends on the 4th.</summary>
    private static OracleSource Ties => Orders(
        Order("a", "2024-01-01", kind: "x"), Order("a", "2024-01-02", kind: "y"), Order("a", "2024-01-02", kind: "x"), Order("a", "2024-01-04", kind: "y"));

    private static OracleSource Two => Orders(Order("a", "2024-01-01T06:00"), Order("b", "2024-01-02T18:00"), Order("a", "2024-01-04T12:00"));

    [Fact]
    public void At_each_sees_the_anchor_and_what_happened_with_it()
    {
        var result = Evaluate(Ties, Model(new EachObservation(false, All, null, null)) with { AllowsImmature = true }, Count);

        Assert.Equal(["a 01-01 1 true", "a 01-02 3 false", "a 01-02 3 false", "a 01-04 4 false"], Training(result));
        Assert.Equal(["a 01-04 4 open"], Scoring(result));
    }

    [Fact]
    public void Before_each_sees_only_what_came_before()
    {
        var result = Evaluate(Ties, Model(new EachObservation(true, All, null, null)), Count);

        Assert.Equal(["a 01-01 0 true", "a 01-02 1 false", "a 01-02 1 false"], Training(result));
        Assert.Equal(["a 01-04 3 open"], Scoring(result));
    }

    [Fact]
    public void A_condition_and_bounds_filter_anchors_but_not_history()
    {
        var line = new EachObservation(false, new("orders", KindIs("x")), new(At("2024-01-02"), null), new(At("2024-01-04"), null));

        Assert.Equal(["a 01-02 3 false"], Training(Evaluate(Ties, Model(line), Count)));
    }

    [Fact]
    public void An_anchor_row_that_two_lines_name_counts_once()
    {
        var all = new EachObservation(false, All, null, null);
        var some = new EachObservation(false, new("orders", KindIs("x")), null, null);

        Assert.Equal(["a 01-01 1 true", "a 01-02 3 false", "a 01-02 3 false"], Training(Evaluate(Ties, Model(all, some), Count)));
    }

    [Fact]
    public void A_grid_passes_through_the_last_mature_midnight_and_takes_who_exists()
    {
        var result = Evaluate(Two, Model(new GridObservation(Days(1), null, null, null, null)), Count);

        Assert.Equal(["a 01-02 1 false", "a 01-03 1 false", "b 01-03 1 false"], Training(result));
        Assert.Equal(["a 01-04T12:00 2 open", "b 01-04T12:00 1 open"], Scoring(result));
    }

    [Fact]
    public void A_grid_under_a_day_passes_through_the_last_mature_hour()
    {
        var source = Orders(Order("a", "2024-01-01T00:20"), Order("a", "2024-01-02T07:40"));
        var result = Evaluate(source, Model(new GridObservation(new(3, DurationUnit.Hour), null, null, null, null)), Count);

        Assert.Equal(["a 01-01T01:00 1 false", "a 01-01T04:00 1 false", "a 01-01T07:00 1 false"], Training(result));
    }

    [Fact]
    public void A_grid_keeps_from_drops_until_and_count_takes_the_latest()
    {
        var bounded = new GridObservation(Days(1), null, new(At("2024-01-02T06:00"), null), new(At("2024-01-03T06:00"), null), null);
        Assert.Equal(["a 01-02T06:00 1 false"], Training(Evaluate(Two, Model(bounded), Count)));

        var latest = new GridObservation(Days(1), null, null, null, 1);
        Assert.Equal(["a 01-03 1 false", "b 01-03 1 false"], Training(Evaluate(Two, Model(latest), Count)));
    }

    [Fact]
    public void Months_are_counted_from_the_first_of_the_grid_and_clamp()
    {
        var source = Orders(Order("a", "2024-01-01"), Order("a", "2024-05-01"));
        var line = new GridObservation(new(1, DurationUnit.Month), At("2024-01-31"), null, null, null);

        Assert.Equal(["a 01-31 1 false", "a 02-29 1 false", "a 03-31 1 false", "a 04-30 1 true"], Training(Evaluate(source, Model(line), Count)));
    }

    [Fact]
    public void After_first_gives_one_cutoff_an_entity()
    {
        var line = new AfterFirstObservation(Days(1), new("orders", KindIs("y")), null, null);
        var source = Orders([.. Ties.Table.Rows, Order("b", "2024-01-01", kind: "x")]);
        var result = Evaluate(source, Model(line), Count);

        Assert.Equal(["a 01-03 3 true"], Training(result));
        Assert.Equal(["a 01-03 3 closed"], Scoring(result));
    }

    [Fact]
    public void Explicit_instants_take_who_exists_and_repeat_nothing()
    {
        var result = Evaluate(Two, Model(new InstantsObservation([At("2024-01-02"), At("2024-01-03")]), new InstantsObservation([At("2024-01-03")])), Count);

        Assert.Equal(["a 01-02 1 false", "a 01-03 1 false", "b 01-03 1 false"], Training(result));
    }

    [Fact]
    public void Until_drops_cutoffs_at_and_after_the_first_such_row_and_the_entity_from_scoring()
    {
        var model = Model(new EachObservation(true, All, null, null)) with { Until = new("orders", KindIs("y")) };
        var result = Evaluate(Ties, model, Count);

        Assert.Equal(["a 01-01 0 true"], Training(result));
        Assert.Empty(Scoring(result));
    }

    [Fact]
    public void When_holds_in_the_mode_of_the_cutoff_and_binds_scoring_too()
    {
        var model = Model(new EachObservation(true, All, null, null)) with
        {
            When = new BinaryExpression(Aggregate(AggregateKind.Count), OracleOperator.Less, new LiteralExpression(2m)),
        };
        var result = Evaluate(Ties, model, Count);

        Assert.Equal(["a 01-01 0 true", "a 01-02 1 false", "a 01-02 1 false"], Training(result));
        Assert.Equal(["a 01-02 1 closed"], Scoring(result));
    }

    [Fact]
    public void Labels_with_a_lead_time_skip_it_and_include_their_last_instant()
    {
        var label = Aggregate(AggregateKind.Exists, window: new FutureWindow(Days(1), Days(1)));
        var model = Model(new InstantsObservation([At("2024-01-01"), At("2024-01-02"), At("2024-01-03")])) with { Label = label };

        Assert.Equal(["a 01-01 1 false", "a 01-02 3 true"], Training(Evaluate(Ties, model, Count)));
    }

    [Fact]
    public void Null_labels_leave_the_row_out_unless_there_is_a_default()
    {
        var largest = new BinaryExpression(
            Aggregate(AggregateKind.Max, "amount", new FutureWindow(Days(1), null)), OracleOperator.Greater, new LiteralExpression(1m));
        var source = Orders(Order("a", "2024-01-01", 5), Order("a", "2024-01-02", 2), Order("a", "2024-01-04", 0));
        var model = Model(new EachObservation(false, All, null, null)) with { Label = largest };

        Assert.Equal(["a 01-01 1 true"], Training(Evaluate(source, model, Count)));
        Assert.Equal(["a 01-01 1 true", "a 01-02 2 false"], Training(Evaluate(source, model with { LabelDefault = new(false) }, Count)));
    }

    [Fact]
    public void Rows_without_key_or_time_belong_to_nobody_but_a_row_without_key_still_ends_its_source()
    {
        var source = Orders(Order("a", "2024-01-01"), Order(null, "2024-01-03"), Order("a", null));

        Assert.Equal(["a 01-01 1 false"], Training(Evaluate(source, Model(new EachObservation(false, All, null, null)), Count)));
    }
}
