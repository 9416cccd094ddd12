using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;
using static SqlMl.OracleTests.HandSource;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against cases computed by hand: sources made from others, members, pivots and the cutoff inside aggregates (rules 15, 21, 39, 56).</summary>
public sealed class OracleMadeTests
{
    private static OracleSource Lines => Source("orders", "customer text, at instant, loaded instant, kind text, amount number",
        """
        a | 2024-01-01 | 2024-01-01 | x | 1
        a | 2024-01-02 | 2024-01-04 | x | 2
        a | 2024-01-03 | 2024-01-03 | y | 4
        a | 2024-01-03 | 2024-01-03 |   | 8
        a |            | 2024-01-03 | y | 16
        """) with { KnownAt = new("loaded", null) };

    private static OracleSource Made(string name, SourceOrigin origin) => new(name, new OracleTable([], []), true, ["customer"], null, null, []) { Origin = origin };

    private static AggregateExpression Over(string source, AggregateKind kind, string? column = null, OracleExpression? where = null) =>
        Aggregate(kind, column, where: where) with { Source = source };

    [Fact]
    public void A_group_happens_and_is_known_with_its_last_row_and_null_makes_a_group()
    {
        var groups = Made("groups", new GroupOrigin("orders", ["customer", "kind"], [new("total", Aggregate(AggregateKind.Sum, "amount")), new("size", Aggregate(AggregateKind.Count))]));
        IEnumerable<string> At(string instant) => FeaturesAt(
            instant, [Lines, groups], Var("n", Over("groups", AggregateKind.Count)), Var("most", Over("groups", AggregateKind.Max, "total")), Var("size", Over("groups", AggregateKind.Sum, "size")));

        Assert.Equal(["0", "null", "0"], At("2024-01-02"));
        Assert.Equal(["2", "8", "2"], At("2024-01-03"));
        Assert.Equal(["3", "8", "4"], At("2024-01-04"));
    }

    [Fact]
    public void What_is_made_from_a_source_has_its_rows_and_knowledge_and_a_condition_and_columns_of_its_own()
    {
        var made = Made("big", new FromOrigin("orders", null)) with
        {
            Where = new BinaryExpression(Column("amount"), OracleOperator.Greater, new LiteralExpression(1m)),
            Columns = [new("twice", new BinaryExpression(Column("amount"), OracleOperator.Multiply, new LiteralExpression(2m)))],
        };

        Assert.Equal(["24"], FeaturesAt("2024-01-03", [Lines, made], Var("n", Over("big", AggregateKind.Sum, "twice"))));
        Assert.Equal(["28"], FeaturesAt("2024-01-04", [Lines, made], Var("n", Over("big", AggregateKind.Sum, "twice"))));
    }

    [Fact]
    public void Join_each_gives_a_row_once_for_each_partner_and_once_without_one()
    {
        var tags = Source("tags", "kind text, label text", "x | p\n x | p\n x | q\n | r") with { IsStatic = true };
        var made = Made("tagged", new FromOrigin("orders", new JoinClause("tags", null, [new("kind", "kind")])));

        Assert.Equal(["8", "4", "21"], FeaturesAt(
            "2024-01-04", [Lines, tags, made], Var("n", Over("tagged", AggregateKind.Count)),
            Var("p", Over("tagged", AggregateKind.Count, where: IsEqual(Column("tags.label"), "p"))), Var("sum", Over("tagged", AggregateKind.Sum, "amount"))));
    }

    [Fact]
    public void Members_are_those_whose_last_known_row_names_the_entity()
    {
        var rows = Source("orders", "customer text, member text, at instant, amount number",
            """
            a | m | 2024-01-01 | 1
            a | n | 2024-01-01 | 2
            b | m | 2024-01-03 | 4
              | m | 2024-01-04 | 8
            """) with { MemberKey = "member" };
        var members = new MemberEntity("member", "orders", [Var("total", Aggregate(AggregateKind.Sum, "amount"))]);
        OracleVar[] vars =
        [
            Var("n", Over("member", AggregateKind.Count)), Var("most", Over("member", AggregateKind.Max, "total")),
            Var("big", Over("member", AggregateKind.Count, where: new BinaryExpression(Column("total"), OracleOperator.Greater, new LiteralExpression(1m)))),
        ];
        var model = Model(new InstantsObservation([At("2024-01-02"), At("2024-01-04")])) with { AllowsImmature = true };

        Assert.Equal(
            ["a 01-02 2 2 1 false", "a 01-04 1 2 1 false", "b 01-04 1 13 1 false"],
            Training(Evaluate(new OracleProgram([rows], "customer", [.. vars], model, null) { Members = members })));
    }

    [Fact]
    public void A_listed_pivot_counts_each_value_all_others_and_those_without_one()
    {
        var pivot = Var("by", Aggregate(AggregateKind.Sum, "amount")) with { Pivot = new("kind", ["x"], null) };

        Assert.Equal(["3", "4", "8"], FeaturesAt("2024-01-04", Lines, pivot));
    }

    [Fact]
    public void A_pivot_learns_what_most_rows_of_train_see_of_equally_many_the_smallest()
    {
        var pivot = Var("by", Aggregate(AggregateKind.Count)) with { Pivot = new("kind", [], 1) };
        var model = Model(new InstantsObservation([At("2024-01-01"), At("2024-01-03"), At("2024-01-04")])) with { AllowsImmature = true };
        IEnumerable<string> Rows(OracleSplit split) => Training(Evaluate(Lines, model with { Split = split }, pivot)).Select(row => row[..row.LastIndexOf(' ')]);

        Assert.Equal(["a 01-01 1 0 0", "a 01-03 1 1 1", "a 01-04 2 1 1"], Rows(new OracleSplit(true, [], null, false) { Instants = [At("2024-02-01")] }));
        Assert.Equal(["a 01-01 0 1 0", "a 01-03 0 2 1", "a 01-04 0 3 1"], Rows(new OracleSplit(true, [], null, false) { Instants = [At("2023-01-01")] }));
    }

    [Fact]
    public void The_cutoff_inside_an_aggregate_is_the_cutoff()
    {
        var recent = new BinaryExpression(new CallExpression("days_between", [Column("at"), new CutoffExpression()]), OracleOperator.LessOrEqual, new LiteralExpression(1m));

        Assert.Equal(["12"], FeaturesAt("2024-01-04", Lines, Var("recent", Aggregate(AggregateKind.Sum, "amount", where: recent))));
    }
}
