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
              train logistic
              split random 80 / 20 seed 3 stratified
            }

            """,
            ProgramText.Render(new OracleProgram([source], "customer", [family], model, null)));
    }

    private static string Render(OracleExpression expression) => ExpressionText.Render(expression);
}
