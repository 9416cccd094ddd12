using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;
using static SqlMl.OracleTests.HandSource;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against cases computed by hand: when rows became known (rules 4 to 7, 10, 25, 26, 48).</summary>
public sealed class OracleKnowledgeTests
{
    private static readonly OracleVar Count = Var("n", Aggregate(AggregateKind.Count));

    private static readonly EachObservation AtEach = new(false, new("orders", null), null, null);

    [Fact]
    public void A_row_counts_from_when_it_is_known_and_never_where_that_is_null()
    {
        var source = Loaded("a | 2024-01-01 | 2024-01-01\n a | 2024-01-02 | 2024-01-04\n a | 2024-01-03 |");
        var model = Model(Instants("2024-01-03", "2024-01-04")) with { AllowsImmature = true };

        Assert.Equal(["a 01-03 1 false", "a 01-04 2 false"], Training(Evaluate(source, model, Count)));
    }

    [Fact]
    public void A_row_is_not_known_before_it_happened()
    {
        var source = Loaded("a | 2024-01-01 | 2024-01-01\n a | 2024-01-03 | 2023-12-01");

        Assert.Equal(["1"], FeaturesAt("2024-01-02", source, Count));
    }

    [Fact]
    public void In_mode_before_a_row_that_becomes_known_at_the_cutoff_is_not_seen()
    {
        var source = Loaded("a | 2024-01-01 | 2024-01-03\n a | 2024-01-03 | 2024-01-03\n a | 2024-01-04 | 2024-01-04");

        Assert.Equal(["a 01-01 0 false", "a 01-03 0 true"], Training(Evaluate(source, Model(AtEach with { IsBefore = true }), Count)));
        Assert.Equal(["a 01-01 0 false", "a 01-03 2 true"], Training(Evaluate(source, Model(AtEach), Count)));
    }

    [Fact]
    public void A_label_reads_what_happened_in_its_window_and_became_known_by_as_of()
    {
        var source = Loaded("a | 2024-01-01 | 2024-01-01\n a | 2024-01-02 | 2024-01-09\n a | 2024-01-05 | 2024-01-05");
        var program = new OracleProgram([source], "customer", [Count], Model(Instants("2024-01-01", "2024-01-03")), null);

        Assert.Equal(["a 01-01 1 true", "a 01-03 1 false"], Training(Evaluate(program)));
        Assert.Equal(["a 01-01 1 false", "a 01-03 1 false"], Training(Evaluate(program with { AsOf = At("2024-01-08") })));
    }

    [Fact]
    public void By_default_as_of_is_when_the_last_row_became_known()
    {
        var source = Loaded("a | 2024-01-01 | 2024-01-06\n a | 2024-01-02 | 2024-01-02");
        var result = Evaluate(source, Model(new GridObservation(Days(1), null, null, null, null)) with { AllowsImmature = true }, Count);

        Assert.Equal(At("2024-01-06"), result.AsOf);
        Assert.Equal(["a 01-06 2 open"], Scoring(result));
    }

    [Fact]
    public void A_delay_makes_rows_known_later_but_its_source_still_ends_at_the_last_time()
    {
        var source = Orders(Order("a", "2024-01-01"), Order("a", "2024-01-02"), Order("a", "2024-01-03")) with { Delay = Days(1) };
        var result = Evaluate(source, Model(AtEach), Count);

        Assert.Equal(At("2024-01-04"), result.AsOf);
        Assert.Equal(["a 01-01 0 true", "a 01-02 1 true"], Training(result));
    }

    [Fact]
    public void Within_moves_the_end_of_the_source_and_nothing_else()
    {
        var source = Loaded(string.Concat(Enumerable.Range(1, 5).Select(day => $"a | 2024-01-0{day} | 2024-01-0{day}\n")));
        var slow = source with { KnownAt = new("loaded", Days(2)) };

        Assert.Equal(4, Evaluate(source, Model(AtEach), Count).LabelledRows);
        Assert.Equal(["a 01-01 1 true", "a 01-02 2 true"], Training(Evaluate(slow, Model(AtEach), Count)));
        Assert.Equal(At("2024-01-05"), Evaluate(slow, Model(AtEach), Count).AsOf);
    }

    [Fact]
    public void A_shifted_window_moves_the_time_but_what_is_known_is_asked_at_the_cutoff()
    {
        var source = Loaded("a | 2024-01-01 | 2024-01-05\n a | 2023-12-30 | 2023-12-30");
        var shifted = Var("n", Aggregate(AggregateKind.Count, window: Over(2, endingDaysAgo: 2)));

        Assert.Equal(["0"], FeaturesAt("2024-01-03", source, shifted));
        Assert.Equal(["0"], FeaturesAt("2024-01-04", source, shifted with { Value = Aggregate(AggregateKind.Count, window: Over(3, endingDaysAgo: 2)) }));
        Assert.Equal(["1"], FeaturesAt("2024-01-05", source, shifted with { Value = Aggregate(AggregateKind.Count, window: Over(3, endingDaysAgo: 2)) }));
    }

    [Fact]
    public void An_entity_exists_from_its_first_known_row()
    {
        var source = Loaded("a | 2024-01-01 | 2024-01-01\n b | 2024-01-01 | 2024-01-03\n a | 2024-01-05 | 2024-01-05");

        Assert.Equal(
            ["a 01-02 1 false", "a 01-03 1 false", "b 01-03 1 false"],
            Training(Evaluate(source, Model(Instants("2024-01-02", "2024-01-03")), Count)));
    }

    [Fact]
    public void Until_ends_cutoffs_once_its_row_is_known()
    {
        var source = Source("orders", "customer text, at instant, loaded instant, kind text",
            "a | 2024-01-01 | 2024-01-01 | x\n a | 2024-01-02 | 2024-01-04 | stop\n a | 2024-01-06 | 2024-01-06 | x") with { KnownAt = new("loaded", null) };
        var model = Model(Instants("2024-01-01", "2024-01-03", "2024-01-04", "2024-01-05")) with { Until = new("orders", KindIs("stop")) };

        Assert.Equal(["a 01-01 1 true", "a 01-03 1 false"], Training(Evaluate(source, model, Count)));
    }

    [Fact]
    public void After_first_takes_the_earliest_row_that_is_known_by_then()
    {
        var source = Loaded("a | 2024-01-01 | 2024-01-09\n a | 2024-01-03 | 2024-01-04\n a | 2024-01-05 | 2024-01-05\n a | 2024-01-09 | 2024-01-09");
        var line = new AfterFirstObservation(Days(2), new("orders", null), null, null);

        Assert.Equal(["a 01-05 2 false"], Training(Evaluate(source, Model(line), Count)));
    }

    private static OracleSource Loaded(string rows) =>
        Source("orders", "customer text, at instant, loaded instant", rows) with { KnownAt = new("loaded", null) };

    private static InstantsObservation Instants(params string[] instants) => new([.. instants.Select(At)]);
}
