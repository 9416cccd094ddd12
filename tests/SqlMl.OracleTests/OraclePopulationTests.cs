using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;
using static SqlMl.OracleTests.HandSource;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against cases computed by hand: declared populations (rules 7, 10).</summary>
public sealed class OraclePopulationTests
{
    private static readonly OracleSource Visits = Source(
        "orders", "customer Text, at Instant",
        """
        a | 2024-01-01
        b | 2024-01-02
        x | 2024-01-01
        c | 2024-01-08
        """);

    private static readonly OracleSource People = Source(
        "people", "customer Text, joined Instant",
        """
        a | 2024-01-03
        b | 2024-01-01
        c | 2024-01-01
        d |
        """) with
    { IsStatic = true };

    [Fact]
    public void Who_is_declared_exists_from_the_stated_instant_on_and_nobody_else()
    {
        Assert.Equal(["a 01-03 1", "b 01-02 1", "b 01-03 1", "c 01-02 0", "c 01-03 0"], Rows(
            People, new("people", "joined"), new InstantsObservation([At("2024-01-02"), At("2024-01-03")])));
    }

    [Fact]
    public void Without_an_instant_whoever_never_changes_always_exists()
    {
        Assert.Equal(["a 01-01 1", "b 01-01 0", "c 01-01 0", "d 01-01 0"], Rows(People, new("people", null), new InstantsObservation([At("2024-01-01")])));
    }

    [Fact]
    public void A_row_declares_nobody_before_it_is_known()
    {
        var known = Source("people", "customer Text, at Instant, joined Instant, loaded Instant", "a | 2024-01-01 | 2024-01-01 | 2024-01-03\nb | 2024-01-04 | 2024-01-01 | 2024-01-02") with
        {
            KnownAt = new("loaded", null),
        };

        Assert.Equal(["a 01-03 1", "a 01-04 1", "b 01-04 1"], Rows(
            known, new("people", "joined"), new InstantsObservation([At("2024-01-02"), At("2024-01-03"), At("2024-01-04")])));
    }

    [Fact]
    public void Cutoffs_of_rows_ask_for_it_too_and_in_mode_before_an_instant_earlier()
    {
        var before = Source("people", "customer Text, joined Instant", "a | 2024-01-01\nb | 2024-01-01") with { IsStatic = true };

        Assert.Equal(["a 01-01 1", "b 01-02 1"], Rows(before, new("people", "joined"), new EachObservation(false, new("orders", null), null, null)));
        Assert.Equal(["b 01-02 0"], Rows(before, new("people", "joined"), new EachObservation(true, new("orders", null), null, null)));
    }

    private static IEnumerable<string> Rows(OracleSource people, OraclePopulation population, OracleObservation observation)
    {
        var model = Model(observation) with { AllowsImmature = true };
        var program = new OracleProgram([Visits, people], "customer", [Var("orders", Aggregate(AggregateKind.Count))], model, null) { Population = population };
        return Training(Evaluate(program)).Select(row => row[..row.LastIndexOf(' ')]);
    }
}
