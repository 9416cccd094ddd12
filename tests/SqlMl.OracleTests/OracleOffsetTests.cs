using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;
using static SqlMl.OracleTests.HandSource;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against cases computed by hand: planned rows, and cutoffs before and after each row (rule 65).</summary>
public sealed class OracleOffsetTests
{
    private static readonly OracleVar Past = Var("past", Aggregate(AggregateKind.Count));

    private static readonly OracleVar Ahead = Var("ahead", Aggregate(AggregateKind.Count, window: InNext(2)));

    private static readonly RowSelection All = new("orders", null);

    /// <summary>Booked ahead, booked late, never known to be booked, and one that is still to come.</summary>
    private static OracleSource Bookings => Source("orders", "customer text, at instant, booked instant",
        """
        a | 2024-01-02 | 2024-01-01
        a | 2024-01-04 | 2024-01-01
        a | 2024-01-05 | 2024-01-06
        a | 2024-01-05 |
        a | 2024-01-09 | 2024-01-08
        """) with { KnownAt = new("booked", null), IsPlanned = true };

    [Fact]
    public void A_var_may_count_what_is_planned_for_the_time_after_the_cutoff_and_known_by_then()
    {
        Assert.Equal(["0", "1"], FeaturesAt("2024-01-01", Bookings, Past, Ahead));
        Assert.Equal(["1", "1"], FeaturesAt("2024-01-02", Bookings, Past, Ahead));
        Assert.Equal(["2", "0"], FeaturesAt("2024-01-05", Bookings, Past, Ahead));
        Assert.Equal(["3", "0"], FeaturesAt("2024-01-06", Bookings, Past, Ahead));
        Assert.Equal(["3", "1"], FeaturesAt("2024-01-08", Bookings, Past, Ahead));
    }

    [Fact]
    public void A_planned_row_does_not_move_as_of_and_its_entity_exists_from_when_it_was_known()
    {
        var result = Evaluate(Bookings, Model(new InstantsObservation([At("2023-12-31"), At("2024-01-01")])), Past);

        Assert.Equal(At("2024-01-08"), result.AsOf);
        Assert.Equal(["a 01-01 0 true"], Training(result));
    }

    [Fact]
    public void A_source_of_planned_rows_ends_at_as_of_at_the_latest()
    {
        var result = Evaluate(Bookings, Model(new InstantsObservation([At("2024-01-07"), At("2024-01-07T12:00")])), Past);

        Assert.Equal(["a 01-07 3 false"], Training(result));
    }

    [Fact]
    public void Cutoffs_before_each_lie_where_the_row_was_known_by_then()
    {
        var line = new OffsetEachObservation(Days(1), true, All, null, null);
        var result = Evaluate(Bookings, Model(line) with { AllowsImmature = true }, Past);

        Assert.Equal(["a 01-01 0 true", "a 01-03 1 true", "a 01-08 3 true"], Training(result));
        Assert.Equal(["a 01-08 3 open"], Scoring(result));
    }

    [Fact]
    public void What_will_hold_beside_a_planned_row_is_not_known_before_it()
    {
        var prices = Source("prices", "id integer, begins instant, ends instant, list number", "1 | 2023-01-01 | | 5") with { Valid = new("begins", "ends") };
        var bookings = Source("orders", "customer text, at instant, booked instant, id integer", "a | 2024-01-02 | 2024-01-01 | 1\n a | 2024-01-09 | 2024-01-09 | 2") with
        {
            KnownAt = new("booked", null), IsPlanned = true, Joins = [new("prices", null, [new("id", "id")])],
        };
        OracleVar[] vars = [Var("past", Aggregate(AggregateKind.Count, "prices.list")), Var("ahead", Aggregate(AggregateKind.Count, "prices.list", InNext(9)))];

        Assert.Equal(["0", "0"], FeaturesAt("2024-01-01", [bookings, prices], [.. vars]));
        Assert.Equal(["1", "0"], FeaturesAt("2024-01-02", [bookings, prices], [.. vars]));
    }

    [Fact]
    public void Cutoffs_after_each_see_what_came_in_between_and_none_lies_after_as_of()
    {
        var source = Orders(Order("a", "2024-01-01"), Order("a", "2024-01-02"), Order("a", "2024-01-03"), Order("a", "2024-01-04"));
        var line = new OffsetEachObservation(Days(1), false, All, null, null);
        var model = Model(line) with { AllowsImmature = true };

        Assert.Equal(["a 01-02 2 true", "a 01-03 3 true", "a 01-04 4 false"], Training(Evaluate(source, model, Past)));
        Assert.Equal(["a 01-04 4 open"], Scoring(Evaluate(source, model, Past)));
        Assert.Equal(["a 01-02 1 true", "a 01-03 2 true"], Training(Evaluate(source with { Delay = Days(1) }, Model(line), Past)));
        Assert.Empty(Training(Evaluate(source with { Delay = Days(2) }, model, Past)));
    }

    [Fact]
    public void Bounds_and_steps_of_months_apply_to_the_cutoff()
    {
        var source = Orders(Order("a", "2024-01-31"), Order("a", "2024-02-10"), Order("a", "2024-03-20"));
        var line = new OffsetEachObservation(new(1, DurationUnit.Month), false, All, new(At("2024-02-29"), null), new(At("2024-03-10"), null));

        Assert.Equal(["a 02-29 2 false"], Training(Evaluate(source, Model(line), Past)));
    }

    [Fact]
    public void Each_of_planned_rows_gives_no_cutoff_that_is_still_to_come()
    {
        var line = new EachObservation(false, All, null, null);
        var result = Evaluate(Bookings, Model(line) with { AllowsImmature = true }, Past);

        Assert.Equal(["a 01-02 1 false", "a 01-04 2 true", "a 01-05 2 false"], Training(result));
    }
}
