using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;
using static SqlMl.OracleTests.HandSource;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against cases computed by hand: `key`, `order by`, `complete until` (rules 5, 20, 34).</summary>
public sealed class OracleKeyTests
{
    private static readonly OracleVar Total = Var("total", Aggregate(AggregateKind.Sum, "amount"));

    [Fact]
    public void Of_rows_with_one_key_the_first_known_stays_and_a_null_makes_no_two_rows_one()
    {
        Assert.Equal(["31"], FeaturesAt("2024-01-09", Keyed(
            """
            a | 2024-01-01 | 2024-01-03 | 1 | 100
            a | 2024-01-02 | 2024-01-02 | 1 |   1
            a | 2024-01-04 | 2024-01-04 | 2 |   2
            a | 2024-01-05 | 2024-01-05 |   |   4
            a | 2024-01-05 | 2024-01-05 |   |   8
            a | 2024-01-05 | 2024-01-05 | 3 |  16
            a | 2024-01-05 | 2024-01-05 | 3 |  16
            """), Total));
    }

    [Fact]
    public void Of_rows_known_at_once_the_first_by_time_stays_then_the_one_with_the_smallest_values_and_null_is_not_small()
    {
        Assert.Equal(["35"], FeaturesAt("2024-01-09", Keyed(
            """
            a | 2024-01-02 | 2024-01-03 | 1 | 100
            a | 2024-01-01 | 2024-01-03 | 1 |   1
            a | 2024-01-01 | 2024-01-01 | 2 |   4
            a | 2024-01-01 | 2024-01-01 | 2 |   2
            a | 2024-01-01 | 2024-01-01 | 3 |
            a | 2024-01-01 | 2024-01-01 | 3 |  32
            """), Total));
    }

    [Fact]
    public void Which_row_stays_is_decided_before_where()
    {
        var source = Keyed("a | 2024-01-01 | 2024-01-01 | 1 | 1\n a | 2024-01-02 | 2024-01-02 | 1 | 2\n a | 2024-01-03 | 2024-01-03 | 2 | 2");

        Assert.Equal(["2"], FeaturesAt("2024-01-09", source with { Where = IsEqual(Column("amount"), 2m) }, Total));
    }

    [Fact]
    public void A_key_of_two_columns_needs_both_to_be_equal()
    {
        var source = Keyed("a | 2024-01-01 | 2024-01-01 | 1 | 1\n a | 2024-01-02 | 2024-01-02 | 1 | 2\n a | 2024-01-03 | 2024-01-03 | 1 | 2");

        Assert.Equal(["3"], FeaturesAt("2024-01-09", source with { UniqueBy = ["id", "amount"] }, Total));
    }

    [Fact]
    public void Order_by_decides_among_rows_of_one_instant_only()
    {
        var source = Source("orders", "customer text, at instant, seq integer, amount number",
            """
            a | 2024-01-01 | 9 | 1
            a | 2024-01-02 | 3 | 2
            a | 2024-01-02 | 1 |
            a | 2024-01-02 | 2 | 4
            a | 2024-01-02 |   | 5
            """);
        OracleVar First(PastWindow? window) => Var("first", Aggregate(AggregateKind.First, "amount", window));
        OracleVar last = Var("last", Aggregate(AggregateKind.Last, "amount"));

        Assert.Equal(["1", "2", "5"], FeaturesAt("2024-01-02", source, First(null), First(Over(1)) with { Name = "of_day" }, last));
        Assert.Equal(["1", "null", "2"], FeaturesAt(
            "2024-01-02", source with { OrderBy = "seq" }, First(null), First(Over(1)) with { Name = "of_day" }, last));
    }

    [Fact]
    public void A_source_that_is_complete_until_as_of_need_not_have_rows_to_the_end()
    {
        var failures = Source("failures", "customer text, at instant", "a | 2024-01-02T12:00");
        var orders = Source("orders", "customer text, at instant", "a | 2024-01-01\n a | 2024-01-02\n a | 2024-01-03\n a | 2024-01-04");
        var model = Model(new EachObservation(false, new("orders", null), null, null)) with
        {
            Label = Aggregate(AggregateKind.Exists, window: InNext(1)) with { Source = "failures" },
        };
        var count = Var("n", Aggregate(AggregateKind.Count));
        IEnumerable<string> With(CompleteClause? complete) => Training(Evaluate([orders, failures with { Complete = complete }], model, count));

        Assert.Equal(["a 01-01 1 false"], With(null));
        Assert.Equal(["a 01-01 1 false", "a 01-02 2 true", "a 01-03 3 false"], With(new(null)));
        Assert.Equal(["a 01-01 1 false", "a 01-02 2 true"], With(new(At("2024-01-03T12:00"))));
        Assert.Equal(["a 01-01 1 false", "a 01-02 2 true", "a 01-03 3 false"], With(new(At("2024-02-01"))));
    }

    private static OracleSource Keyed(string rows) =>
        Source("orders", "customer text, at instant, loaded instant, id integer, amount number", rows) with { KnownAt = new("loaded", null), UniqueBy = ["id"] };
}
