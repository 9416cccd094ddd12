using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;
using static SqlMl.OracleTests.HandSource;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against cases computed by hand: joined sources and unions (rules 14 to 16, 18).</summary>
public sealed class OracleJoinTests
{
    private static OracleSource Items(params JoinClause[] joins) =>
        Source("orders", "customer text, at instant, item integer, amount number",
            """
            a | 2024-01-01 | 1 | 1
            a | 2024-01-02 | 2 | 2
            a | 2024-01-03 | 3 | 4
            a | 2024-01-04 |   | 8
            a | 2024-01-05 | 1 | 16
            """) with { Joins = [.. joins] };

    private static OracleSource Products =>
        Source("products", "id integer, maker integer, label text, weight number", "1 | 7 | x | 10\n 2 | 8 | y | 20\n | 7 | z | 30") with { IsStatic = true };

    private static JoinClause On(string source, string theirs = "id", string? alias = null) => new(source, alias, [new("item", theirs)]);

    private static OracleVar Sum(string column, OracleExpression? where = null) =>
        Var(column.Replace('.', '_'), Aggregate(AggregateKind.Sum, column, where: where));

    [Fact]
    public void Columns_of_a_static_partner_are_read_through_the_join_and_null_without_a_partner()
    {
        Assert.Equal(["40", "17", "12"], FeaturesAt(
            "2024-01-05", [Items(On("products")), Products],
            Sum("products.weight"), Sum("amount", IsEqual(Column("products.label"), "x")) with { Name = "x" },
            Sum("amount", new IsNullExpression(Column("products.label"), false)) with { Name = "dangling" }));
    }

    [Fact]
    public void Joins_have_aliases_and_serve_conditions_of_the_source_and_computed_columns()
    {
        var source = Items(On("products", alias: "thing")) with
        {
            Where = IsEqual(Column("thing.label"), "x"),
            Columns = [new("load", new BinaryExpression(Column("amount"), OracleOperator.Multiply, Column("thing.weight")))],
        };

        Assert.Equal(["17", "170"], FeaturesAt("2024-01-05", [source, Products], Sum("amount"), Sum("load")));
    }

    [Fact]
    public void Joins_go_on_through_their_partners()
    {
        var makers = Source("makers", "maker integer, rating number", "7 | 100\n 9 | 1000") with { IsStatic = true };
        var products = Products with { Joins = [new("makers", null, [new("maker", "maker")])] };

        Assert.Equal(["200"], FeaturesAt("2024-01-05", [Items(On("products")), products, makers], Sum("products.makers.rating")));
    }

    [Fact]
    public void A_partner_with_states_gives_the_one_that_held_when_the_row_happened()
    {
        var prices = Source("prices", "id integer, begins instant, ends instant, list number",
            """
            1 | 2023-12-01 | 2024-01-05 | 1
            1 | 2024-01-05 |            | 2
            2 | 2024-01-03 |            | 4
            3 | 2023-12-01 | 2024-01-03 | 8
            """) with { Valid = new("begins", "ends") };

        Assert.Equal(["3"], FeaturesAt("2024-01-09", [Items(On("prices")), prices], Sum("prices.list")));
        var products = Products with { Joins = [new("prices", null, [new("id", "id")])] };
        Assert.Equal(["3"], FeaturesAt("2024-01-09", [Items(On("products")), products, prices], Sum("products.prices.list")));
    }

    [Fact]
    public void Before_each_row_the_state_beside_it_is_the_one_of_an_instant_before()
    {
        var prices = Source("prices", "id integer, begins instant, ends instant, list number",
            """
            1 | 2024-01-01 | 2024-01-05 | 1
            1 | 2024-01-05 |            | 2
            2 | 2024-01-01 | 2024-01-02 | 4
            3 | 2024-01-02 |            | 8
            """) with { Valid = new("begins", "ends") };
        var model = Model(new EachObservation(true, new("orders", null), null, null)) with { AllowsImmature = true, Vars = [Var("list", new AnchorExpression("prices.list", null))] };

        Assert.Equal(["", "4", "8", "", "1"], Evaluate([Items(On("prices")), prices], model).Training!.Value.Select(row => $"{row.Features.Single()}"));
    }

    [Fact]
    public void A_partner_that_happened_reads_null_until_it_is_known()
    {
        var parcels = Source("parcels", "id integer, at instant, loaded instant, weight number",
            "1 | 2024-01-03 | 2024-01-04 | 1\n 2 | 2023-12-01 | 2023-12-01 | 2\n 3 | 2024-01-08 | 2024-01-08 | 4") with { KnownAt = new("loaded", null) };
        IEnumerable<string> At(string instant) => FeaturesAt(instant, [Items(On("parcels")), parcels], Sum("parcels.weight"));

        Assert.Equal(["0"], At("2024-01-01"));
        Assert.Equal(["2"], At("2024-01-03"));
        Assert.Equal(["3"], At("2024-01-04"));
        Assert.Equal(["4"], At("2024-01-05"));
        Assert.Equal(["8"], At("2024-01-08"));
    }

    [Fact]
    public void A_label_reads_a_partner_that_is_known_at_the_end_of_its_window()
    {
        var parcels = Source("parcels", "id integer, at instant, state text", "2 | 2024-01-03 | lost\n 3 | 2024-01-04T12:00 | lost");
        var model = Model(new EachObservation(false, new("orders", null), null, null)) with
        {
            Label = Aggregate(AggregateKind.Exists, window: InNext(2), where: IsEqual(Column("parcels.state"), "lost")),
        };

        Assert.Equal(
            ["a 01-01 1 true", "a 01-02 2 false", "a 01-03 3 false"],
            Training(Evaluate([Items(On("parcels")), parcels], model, Var("n", Aggregate(AggregateKind.Count)))));
    }

    [Fact]
    public void Several_partners_are_an_error()
    {
        var products = Source("products", "id integer, weight number", "1 | 10\n 1 | 20") with { IsStatic = true };

        Assert.Throws<InvalidOperationException>(() => FeaturesAt("2024-01-05", [Items(On("products")), products], Sum("products.weight")).ToList());
    }

    [Fact]
    public void A_union_takes_columns_by_name_keeps_what_its_parts_say_and_ends_where_the_first_of_them_ends()
    {
        var web = Source("web", "customer text, at instant, amount number, page text, score number",
            "a | 2024-01-01 | 1 | p | 5\n a | 2024-01-02 | 2 | q | 6\n a | 2024-01-02 | 2 | q | 6\n a | 2024-01-09 | 4 | p | 7") with
        {
            Where = new BinaryExpression(Column("amount"), OracleOperator.Less, new LiteralExpression(4m)),
        };
        var calls = Source("calls", "customer text, at instant, loaded instant, amount number, closed instant, score number",
            "a | 2024-01-02 | 2024-01-05 | 8 | 2024-01-06 | 1\n a | 2024-01-04 | 2024-01-04 | 16 | | 2") with
        {
            KnownAt = new("loaded", null), Late = [new(["score"], "closed")],
        };
        AggregateExpression Touches(AggregateKind kind, string? column = null, OracleExpression? where = null, OracleWindow? window = null) =>
            Aggregate(kind, column, window, where) with { Source = "touches" };
        var model = Model(new InstantsObservation([At("2024-01-01"), At("2024-01-02"), At("2024-01-04"), At("2024-01-06")])) with
        {
            Label = Touches(AggregateKind.Exists, window: InNext(1)),
        };
        OracleVar[] vars =
        [
            Var("amount", Touches(AggregateKind.Sum, "amount")), Var("pages", Touches(AggregateKind.Count, "page")), Var("score", Touches(AggregateKind.Sum, "score")),
            Var("calls", Touches(AggregateKind.Count, where: IsEqual(Column("part"), "calls"))),
        ];
        var program = new OracleProgram([web, calls], "customer", [.. vars], model, null) { Unions = [new("touches", ["web", "calls"])] };

        Assert.Equal(["a 01-01 1 1 5 0 true"], Training(Evaluate(program)));
        Assert.Equal(
            ["a 01-01 1 1 5 0 true", "a 01-02 5 3 17 0 false", "a 01-04 21 3 17 1 false", "a 01-06 29 3 18 2 false"],
            Training(Evaluate(program with { AsOf = At("2024-02-01"), Model = model with { AllowsImmature = true } })));
    }
}
