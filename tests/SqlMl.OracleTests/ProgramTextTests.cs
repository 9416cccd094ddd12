using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;

namespace SqlMl.OracleTests;

/// <summary>Expressions keep their grouping when they become text.</summary>
public sealed class ProgramTextTests
{
    private static readonly OracleExpression A = new VarExpression("a"), B = new VarExpression("b"), C = new VarExpression("c");

    [Fact]
    public void Brackets_stand_where_the_layers_need_them_and_nowhere_else()
    {
        Assert.Equal("(a or b) and c", Render(new BinaryExpression(new BinaryExpression(A, OracleOperator.Or, B), OracleOperator.And, C)));
        Assert.Equal("a or b and c", Render(new BinaryExpression(A, OracleOperator.Or, new BinaryExpression(B, OracleOperator.And, C))));
        Assert.Equal("a - (b - c)", Render(new BinaryExpression(A, OracleOperator.Subtract, new BinaryExpression(B, OracleOperator.Subtract, C))));
        Assert.Equal("a - b - c", Render(new BinaryExpression(new BinaryExpression(A, OracleOperator.Subtract, B), OracleOperator.Subtract, C)));
        Assert.Equal("(a + b) * -0.5", Render(new BinaryExpression(new BinaryExpression(A, OracleOperator.Add, B), OracleOperator.Multiply, new LiteralExpression(-0.5m))));
        Assert.Equal("not a = b", Render(new NotExpression(new BinaryExpression(A, OracleOperator.Equal, B))));
        Assert.Equal("(not a) = b", Render(new BinaryExpression(new NotExpression(A), OracleOperator.Equal, B)));
        Assert.Equal("(a is null) is not null", Render(new IsNullExpression(new IsNullExpression(A, false), true)));
        Assert.Equal("days since a + b not between c and 'o''b'", Render(new BetweenExpression(
            new BinaryExpression(new ElapsedExpression(DurationUnit.Day, A), OracleOperator.Add, B), C, new LiteralExpression("o'b"), true)));
    }

    [Fact]
    public void A_whole_program_is_written_clause_by_clause()
    {
        var family = new OracleVar(
            "n", new NotExpression(Aggregate(AggregateKind.Exists)), new WindowFamily([7, 30], DurationUnit.Day, Days(1)), new LiteralExpression(false));
        var model = Model(new GridObservation(Days(7), At("2024-01-31"), new(null, Days(60)), new(null, null), 4)) with
        {
            Label = Aggregate(AggregateKind.Exists, window: new FutureWindow(Days(1), Days(2))), LabelDefault = new(false), When = new VarExpression("n_7d"),
            Until = new("orders", KindIs("x")), AllowsImmature = true, Using = new(true, ["n_30d"]), Split = new(false, [80, 20], 3, true),
        };
        var source = Orders(Order("a", "2024-01-01")) with { Where = KindIs("x"), Columns = [new("twice", new BinaryExpression(new ColumnExpression("amount"), OracleOperator.Multiply, new LiteralExpression(2m)))] };

        Assert.Equal(
            """
            source orders {
              file 'orders.csv'
              entity customer by customer
              time at
              where kind = 'x'
              column twice = amount * 2
            }
            entity customer
            var customer.n = (not exists(orders)) over 7, 30 days ending 1 day ago default false
            predict target for customer {
              label exists(orders) in next 1 day after 2 days default false
              when n_7d
              observe every 7 days aligned to '2024-01-31' from as_of - 60 days until as_of count 4
              until first(orders where kind = 'x')
              allow immature
              using all except n_30d
              train xgboost
              split random 80 / 20 seed 3 stratified
            }

            """,
            ProgramText.Render(new OracleProgram([source], "customer", [family], model, null)));
    }

    [Fact]
    public void Every_clause_of_a_source_is_written()
    {
        var orders = Orders(Order("a", "2024-01-01")) with
        {
            KnownAt = new("loaded", Days(2)), IsPlanned = true, UniqueBy = ["id", "kind"], Late = [new(["paid", "state"], "closed"), new(["verdict"], null)],
            OrderBy = "seq", Complete = new(null), Joins = [new("products", null, [new("item", "item")]), new("makers", "m", [new("a", "b"), new("c", "c")])],
        };
        var calls = Orders() with { Name = "calls", Delay = new(6, DurationUnit.Hour), Complete = new(At("2024-01-01")) };
        var products = Orders() with { Name = "products", Keys = [], Time = null, IsStatic = true };
        var profile = Orders() with { Name = "profile", Time = null, Valid = new("begins", "ends") };
        var model = Model(new OffsetEachObservation(Days(1), true, new("orders", KindIs("x")), null, new(null, null)), new OffsetEachObservation(Days(2), false, new("orders", null), null, null)) with
        {
            Label = new AnchorExpression("paid", new FutureWindow(Days(7), Days(1))), LabelDefault = new(0m),
            Vars =
            [
                Var("same", Aggregate(AggregateKind.Count, "products.maker.rating", InNext(7), IsEqual(Column("kind"), new AnchorExpression("kind", null)))),
                Var("plan", new StateExpression("profile", "plan")),
            ],
        };

        Assert.Equal(
            """
            source orders {
              file 'orders.csv'
              entity customer by customer
              time at
              known at loaded within 2 days
              planned
              key id, kind
              late paid, state at closed
              late verdict
              order by seq
              complete until as_of
              join products on item
              join makers as m on a = b, c
            }
            source calls {
              file 'calls.csv'
              entity customer by customer
              time at
              delay 6 hours
              complete until '2024-01-01'
            }
            source products {
              file 'products.csv'
              static
            }
            source profile {
              file 'profile.csv'
              entity customer by customer
              valid from begins to ends
            }
            source both = union of orders, calls
            entity customer
            predict target for customer {
              label anchor.paid in next 7 days after 1 day default 0
              observe 1 day before each orders where kind = 'x' until as_of
              observe 2 days after each orders
              var same = count(orders.products.maker.rating where kind = anchor.kind) in next 7 days
              var plan = profile.plan
              using all
              train xgboost
              split random 50 / 50
            }

            """,
            ProgramText.Render(new OracleProgram([orders, calls, products, profile], "customer", [], model, null) { Unions = [new("both", ["orders", "calls"])] }));
    }

    private static string Render(OracleExpression expression) => ExpressionText.Render(expression);
}
