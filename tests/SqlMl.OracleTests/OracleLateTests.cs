using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;
using static SqlMl.OracleTests.HandSource;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against cases computed by hand: columns that are written after the row, and the anchor's columns (rules 7, 17).</summary>
public sealed class OracleLateTests
{
    private static readonly OracleVar Paid = Var("paid", Aggregate(AggregateKind.Sum, "paid"));

    private static readonly EachObservation AtEach = new(false, new("orders", null), null, null);

    /// <summary>Paid on the 3rd, never, on the 5th, and before it happened.</summary>
    private static OracleSource Payments => Source("orders", "customer text, at instant, closed instant, paid number, is_late boolean",
        """
        a | 2024-01-01 | 2024-01-03 | 1 | true
        a | 2024-01-02 |            | 2 | true
        a | 2024-01-04 | 2024-01-05 | 4 | false
        a | 2024-01-06 | 2024-01-01 | 8 | false
        """) with { Late = [new(["paid", "is_late"], "closed")] };

    [Fact]
    public void A_late_column_reads_null_until_it_was_written_and_for_ever_where_it_does_not_say_when()
    {
        Assert.Equal(["0"], FeaturesAt("2024-01-02", Payments, Paid));
        Assert.Equal(["1"], FeaturesAt("2024-01-03", Payments, Paid));
        Assert.Equal(["5"], FeaturesAt("2024-01-05", Payments, Paid));
        Assert.Equal(["13"], FeaturesAt("2024-01-06", Payments, Paid));
        Assert.Equal(["0"], FeaturesAt("2024-01-06", Payments with { Late = [new(["paid"], null)] }, Paid));
    }

    [Fact]
    public void In_mode_before_a_column_that_is_written_at_the_cutoff_is_not_seen()
    {
        var source = Source("orders", "customer text, at instant, closed instant, paid number",
            "a | 2024-01-01 | 2024-01-03 | 1\n a | 2024-01-03 | 2024-01-03 | 2\n a | 2024-01-04 | 2024-01-04 | 4") with { Late = [new(["paid"], "closed")] };

        Assert.Equal(["a 01-01 0 false", "a 01-03 3 true"], Training(Evaluate(source, Model(AtEach), Paid)));
        Assert.Equal(["a 01-01 0 false", "a 01-03 0 true"], Training(Evaluate(source, Model(AtEach with { IsBefore = true }), Paid)));
    }

    [Fact]
    public void Conditions_read_late_columns_as_known_at_the_cutoff()
    {
        var counted = Var("n", Aggregate(AggregateKind.Count, where: Column("is_late")));
        var unknown = Var("unknown", Aggregate(AggregateKind.Count, where: new IsNullExpression(Column("is_late"), false)));

        Assert.Equal(["0", "2"], FeaturesAt("2024-01-02", Payments, counted, unknown));
        Assert.Equal(["1", "1"], FeaturesAt("2024-01-03", Payments, counted, unknown));
    }

    [Fact]
    public void A_computed_column_is_computed_from_what_is_known()
    {
        var source = Payments with { Columns = [new("twice", new BinaryExpression(new CoalesceExpression([Column("paid"), new LiteralExpression(100m)]), OracleOperator.Multiply, new LiteralExpression(2m)))] };

        Assert.Equal(["400"], FeaturesAt("2024-01-02", source, Var("sum", Aggregate(AggregateKind.Sum, "twice"))));
        Assert.Equal(["202"], FeaturesAt("2024-01-03", source, Var("sum", Aggregate(AggregateKind.Sum, "twice"))));
    }

    [Fact]
    public void A_label_reads_late_columns_as_known_at_the_end_of_its_window()
    {
        var source = Source("orders", "customer text, at instant, closed instant, is_late boolean",
            """
            a | 2024-01-01 | 2024-01-01 | false
            a | 2024-01-02 | 2024-01-03 | true
            a | 2024-01-04 | 2024-01-06 | true
            a | 2024-01-09 | 2024-01-09 | false
            """) with { Late = [new(["is_late"], "closed")] };
        var count = Var("n", Aggregate(AggregateKind.Count));
        var model = Model(AtEach) with { Label = Aggregate(AggregateKind.Exists, where: Column("is_late"), window: InNext(2)) };

        Assert.Equal(["a 01-01 1 true", "a 01-02 2 false", "a 01-04 3 false"], Training(Evaluate(source, model, count)));
        var anchor = model with { Label = new AnchorExpression("is_late", InNext(1)) };
        Assert.Equal(["a 01-01 1 false", "a 01-02 2 true"], Training(Evaluate(source, anchor, count)));
        Assert.Equal(["a 01-01 1 false", "a 01-02 2 true", "a 01-04 3 false"], Training(Evaluate(source, anchor with { LabelDefault = new(false) }, count)));
    }

    [Fact]
    public void A_label_without_a_window_reads_the_anchor_as_known_by_as_of()
    {
        var count = Var("n", Aggregate(AggregateKind.Count));
        var model = Model(AtEach) with { Label = new AnchorExpression("is_late", null) };
        var program = new OracleProgram([Payments], "customer", [count], model, null);

        Assert.Equal(["a 01-01 1 true", "a 01-04 3 false", "a 01-06 4 false"], Training(Evaluate(program)));
        Assert.Equal(["a 01-01 1 true"], Training(Evaluate(program with { AsOf = At("2024-01-04") })));
        Assert.Equal(
            ["a 01-01 1 true", "a 01-02 2 true", "a 01-04 3 false"],
            Training(Evaluate(program with { Sources = [Payments with { Late = [new(["is_late"], null)] }], AsOf = At("2024-01-04") })));
    }

    [Fact]
    public void A_label_over_the_anchor_is_mature_when_the_anchors_source_reaches_the_windows_end()
    {
        var model = Model(AtEach) with { Label = new AnchorExpression("is_late", InNext(2)), LabelDefault = new(false) };
        var result = Evaluate(Payments, model, Var("n", Aggregate(AggregateKind.Count)));

        Assert.Equal(["a 01-01 1 true", "a 01-02 2 false", "a 01-04 3 false"], Training(result));
        Assert.Equal(["a 01-06 4 open"], Scoring(result));
    }

    [Fact]
    public void The_anchors_columns_may_be_read_in_both_modes_and_its_late_ones_when_they_are_known()
    {
        var source = Source("orders", "customer text, at instant, loaded instant, closed instant, amount number, is_late boolean",
            """
            a | 2024-01-01 | 2024-01-08 | 2024-01-01 | 5 | true
            a | 2024-01-02 | 2024-01-02 | 2024-01-03 | 7 | true
            a | 2024-01-09 | 2024-01-09 | 2024-01-09 | 0 | true
            """) with { KnownAt = new("loaded", null), Late = [new(["is_late"], "closed")] };
        OracleVar[] vars = [Var("amount", new AnchorExpression("amount", null)), Var("late", new AnchorExpression("is_late", null)), Var("n", Aggregate(AggregateKind.Count))];

        Assert.Equal(["a 01-01 5 true 0 true", "a 01-02 7 null 1 false"], Training(Evaluate(source, Model(AtEach) with { Vars = [.. vars] })));
        Assert.Equal(
            ["a 01-01 5 null 0 true", "a 01-02 7 null 0 false"],
            Training(Evaluate(source, Model(AtEach with { IsBefore = true }) with { Vars = [.. vars] })));
    }

    [Fact]
    public void Conditions_compare_with_the_anchor_and_null_equals_nothing()
    {
        var source = Source("orders", "customer text, at instant, kind text",
            "a | 2024-01-01 | x\n a | 2024-01-02 | y\n a | 2024-01-03 | x\n a | 2024-01-04 |\n a | 2024-01-05 |\n a | 2024-01-06 | y");
        var same = IsEqual(Column("kind"), new AnchorExpression("kind", null));
        var model = Model(AtEach) with
        {
            Vars = [Var("same", Aggregate(AggregateKind.Count, where: same))],
            Label = Aggregate(AggregateKind.Exists, window: InNext(2), where: same),
        };

        Assert.Equal(["a 01-01 1 true", "a 01-02 1 false", "a 01-03 2 false", "a 01-04 0 false"], Training(Evaluate(source, model)));
    }
}
