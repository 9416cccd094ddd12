using System.Collections.Immutable;
using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;
using static SqlMl.OracleTests.HandSource;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against cases computed by hand: an entity on two sides of a row, and its key (rules 12, 58).</summary>
public sealed class OracleSideTests
{
    private static readonly OracleSource Games = Source(
        "games", "customer Text, guest Text, at Instant, goals Number",
        """
        a | b | 2024-01-02 |  1
        b | a | 2024-01-03 |  2
        a | a | 2024-01-04 |  4
        c |   | 2024-01-05 |  8
          | a | 2024-01-06 | 16
        """) with
    { Sides = [new("home", ["customer"]), new("away", ["guest"])] };

    [Fact]
    public void A_row_counts_once_for_whoever_stands_on_it_and_a_side_counts_alone()
    {
        Assert.Equal(["a 01-09 23 5 22", "b 01-09 3 2 1", "c 01-09 8 8 0"], At("2024-01-09", Var("all", Goals(null)), Var("home", Goals("home")), Var("away", Goals("away"))));
    }

    [Fact]
    public void A_condition_may_hold_a_column_against_the_entitys_own_key()
    {
        var own = Goals(null) with { Where = IsEqual(Column("customer"), new KeyExpression(0, null)) };

        Assert.Equal(["a 01-09 5 a", "b 01-09 2 b", "c 01-09 8 c"], At("2024-01-09", Var("own", own), Var("who", new KeyExpression(0, null))));
    }

    [Fact]
    public void Each_row_is_a_cutoff_of_every_entity_on_it_and_one_of_an_entity_on_both_sides()
    {
        Assert.Equal(
            ["a 01-02 1 true", "a 01-03 3 true", "a 01-04 7 false", "a 01-06 23 false", "b 01-02 1 true", "b 01-03 3 false", "c 01-05 8 false"],
            Rows(new EachObservation(false, new("games", null), null, null), Var("goals", Goals(null))));
    }

    [Fact]
    public void First_takes_rows_of_one_side()
    {
        Assert.Equal(["a 01-04 7 false", "b 01-03 3 false"], Rows(new AfterFirstObservation(Days(1), new("games", null) { Side = "away" }, null, null), Var("goals", Goals(null))));
    }

    private static IEnumerable<string> At(string instant, params ImmutableArray<OracleVar> vars) =>
        Rows(new InstantsObservation([HandProgram.At(instant)]), vars).Select(row => row[..row.LastIndexOf(' ')]);

    private static IEnumerable<string> Rows(OracleObservation observation, params ImmutableArray<OracleVar> vars)
    {
        var model = Model(observation) with { Label = Goals(null) with { Kind = AggregateKind.Exists, Column = null, Window = InNext(1) }, AllowsImmature = true };
        return Training(Evaluate([Games], model, vars));
    }

    private static AggregateExpression Goals(string? side) => new(AggregateKind.Sum, "games", "goals", null, null, null) { Side = side };
}
