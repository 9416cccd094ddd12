using System.Globalization;
using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against splits computed by hand (the order of hashes by another program).</summary>
public sealed class OracleSplitTests
{
    [Fact]
    public void By_time_cuts_at_the_nearest_boundary_and_a_window_may_end_exactly_there()
    {
        Assert.Equal(
            ["1 train", "2 train", "3 train", "4 train", "5 train", "6 train", "7 train", "8 test", "9 test", "10 test"],
            Split(days: 10, horizon: 1, new OracleSplit(true, [70, 30], null, false)));
    }

    [Fact]
    public void By_time_purges_rows_whose_window_reaches_into_the_next_part()
    {
        Assert.Equal(
            ["1 train", "2 train", "3 train", "4 train", "6 validation", "8 test", "9 test", "10 test"],
            Split(days: 10, horizon: 2, new OracleSplit(true, [50, 20, 30], null, false)));
    }

    [Fact]
    public void Of_two_boundaries_that_are_equally_near_the_earlier_counts()
    {
        Assert.Equal(["1 train", "2 test", "3 test"], Split(days: 3, horizon: 1, new OracleSplit(true, [50, 50], null, false)));
    }

    [Fact]
    public void Every_part_keeps_a_cutoff_and_fewer_cutoffs_than_parts_are_refused()
    {
        Assert.Equal(["1 train", "2 validation", "3 test"], Split(days: 3, horizon: 1, new OracleSplit(true, [1, 1, 98], null, false)));
        Assert.Null(Evaluate(Daily(2), Model(AtEach) with { AllowsImmature = true, Split = new(true, [1, 1, 1], null, false) }).Training);
    }

    [Fact]
    public void At_random_follows_the_hash_of_seed_key_and_cutoff()
    {
        Assert.Equal(["1 test", "2 train", "3 train", "4 test"], Split(days: 4, horizon: 1, new OracleSplit(false, [50, 50], null, false)));
        Assert.Equal(["1 test", "2 train", "3 test", "4 train"], Split(days: 4, horizon: 1, new OracleSplit(false, [50, 50], 7, false)));
    }

    [Fact]
    public void Anchors_of_one_entity_and_instant_are_told_apart_by_their_key()
    {
        var source = HandSource.Source(
            "orders", "customer text, at instant, id integer", string.Concat(Enumerable.Range(1, 4).Select(id => $"a | 2024-01-01 | {id}\n"))) with { UniqueBy = ["id"] };
        var model = Model(AtEach) with { AllowsImmature = true, Vars = [Var("own", new AnchorExpression("id", null))] };

        Assert.Equal(
            ["1 test", "2 test", "3 train", "4 train"],
            Evaluate(source, model).Training!.Value.Select(row => $"{row.AnchorKey.Single()} {row.Split}").Order());
    }

    [Fact]
    public void Stratified_divides_each_label_by_itself()
    {
        // The label is false on the last day only: hashes order the other three 2, 3, 1.
        Assert.Equal(["1 test", "2 train", "3 train", "4 train"], Split(days: 4, horizon: 1, new OracleSplit(false, [50, 50], 0, true)));
    }

    private static EachObservation AtEach => new(false, new("orders", null), null, null);

    private static OracleSource Daily(int days) =>
        Orders([.. Enumerable.Range(1, days).Select(day => Order("a", $"2024-01-{day:00}"))]);

    private static IEnumerable<string> Split(int days, int horizon, OracleSplit split)
    {
        var model = Model(AtEach) with
        {
            Label = Aggregate(AggregateKind.Exists, window: new FutureWindow(Days(horizon), null)), AllowsImmature = true, Split = split,
        };
        return Evaluate(Daily(days), model).Training!.Value
            .OrderBy(row => row.Cutoff).Select(row => $"{row.Cutoff.Day.ToString(CultureInfo.InvariantCulture)} {row.Split}");
    }
}
