using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;
using static SqlMl.OracleTests.HandSource;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against cases computed by hand: sources read without an aggregate (rules 13, 19).</summary>
public sealed class OracleStateTests
{
    private static readonly OracleVar Plan = Var("plan", new StateExpression("profile", "plan"));

    private static OracleSource Days1To9 => Orders([.. Enumerable.Range(1, 9).Select(day => Order("a", $"2024-01-0{day}"))]);

    private static OracleSource Static(string rows) => Source("profile", "customer text, plan text, version integer", rows) with { IsStatic = true };

    private static OracleSource Valid(string rows) =>
        Source("profile", "customer text, begins instant, ends instant, plan text", rows) with { Valid = new("begins", "ends") };

    [Fact]
    public void A_static_source_gives_the_entitys_row_whatever_the_time_and_null_without_one()
    {
        Assert.Equal(["gold"], FeaturesAt("2024-01-01", [Days1To9, Static("a | gold | 1\n b | free | 1\n | none | 1")], Plan));
        Assert.Equal(["null"], FeaturesAt("2024-01-01", [Days1To9, Static("b | free | 1")], Plan));
    }

    [Fact]
    public void Several_static_rows_of_a_key_are_an_error_unless_order_by_says_which_is_last()
    {
        var profile = Static("a | gold | 1\n a | free | 3\n a | none |\n a | basic | 2");

        Assert.Throws<InvalidOperationException>(() => FeaturesAt("2024-01-01", [Days1To9, profile], Plan).ToList());
        Assert.Equal(["free"], FeaturesAt("2024-01-01", [Days1To9, profile with { OrderBy = "version" }], Plan));
    }

    [Fact]
    public void A_state_holds_from_its_begin_to_before_its_end_and_a_gap_is_null()
    {
        var profile = Valid("a | 2024-01-02 | 2024-01-04 | free\n a | 2024-01-05 | | gold\n b | 2024-01-01 | | other");
        IEnumerable<string> At(string instant) => FeaturesAt(instant, [Days1To9, profile], Plan);

        Assert.Equal(["null"], At("2024-01-01T23:59"));
        Assert.Equal(["free"], At("2024-01-02"));
        Assert.Equal(["free"], At("2024-01-03T23:59"));
        Assert.Equal(["null"], At("2024-01-04"));
        Assert.Equal(["gold"], At("2024-01-05"));
        Assert.Equal(["gold"], At("2024-01-09"));
    }

    [Fact]
    public void Where_states_overlap_the_one_that_began_later_holds()
    {
        var profile = Valid("a | 2024-01-03 | 2024-01-05 | gold\n a | 2024-01-01 | 2024-01-08 | free\n a | | 2024-01-09 | never");

        Assert.Equal(["free"], FeaturesAt("2024-01-02", [Days1To9, profile], Plan));
        Assert.Equal(["gold"], FeaturesAt("2024-01-04", [Days1To9, profile], Plan));
        Assert.Equal(["free"], FeaturesAt("2024-01-05", [Days1To9, profile], Plan));
        Assert.Equal(["null"], FeaturesAt("2024-01-08", [Days1To9, profile], Plan));
    }

    [Fact]
    public void In_mode_before_the_state_is_the_one_of_an_instant_before()
    {
        var profile = Valid("a | 2024-01-02 | 2024-01-04 | free\n a | 2024-01-04 | | gold");
        var line = new EachObservation(true, new("orders", null), new(At("2024-01-02"), null), new(At("2024-01-06"), null));

        Assert.Equal(
            ["a 01-02 null true", "a 01-03 free true", "a 01-04 free true", "a 01-05 gold true"],
            Training(Evaluate([Days1To9, profile], Model(line), Plan)));
    }

    [Fact]
    public void A_static_row_makes_its_entity_exist_always_and_a_state_from_its_begin()
    {
        var count = Var("n", Aggregate(AggregateKind.Count));
        var model = Model(new InstantsObservation([At("2024-01-01"), At("2024-01-03")]));

        Assert.Equal(
            ["a 01-01 1 true", "a 01-03 3 true", "b 01-01 0 false", "b 01-03 0 false"],
            Training(Evaluate([Days1To9, Static("b | free | 1")], model, count)));
        Assert.Equal(
            ["a 01-01 1 true", "a 01-03 3 true", "b 01-03 0 false"],
            Training(Evaluate([Days1To9, Valid("b | 2024-01-02 | | free")], model, count)));
    }

    [Fact]
    public void Eligibility_reads_states_in_the_mode_of_the_cutoff()
    {
        var profile = Valid("a | 2024-01-02 | 2024-01-04 | free");
        var line = new EachObservation(true, new("orders", null), null, new(At("2024-01-09"), null));
        var model = Model(line) with { When = IsEqual(new StateExpression("profile", "plan"), "free") };

        Assert.Equal(["a 01-03 free true", "a 01-04 free true"], Training(Evaluate([Days1To9, profile], model, Plan)));
    }
}
