using SqlMl.Language.Types;

namespace SqlMl.Semantics.Tests;

public sealed class TypeTests
{
    [Theory]
    [InlineData("count(orders)", DataType.Integer)]
    [InlineData("count(orders) / 2", DataType.Number)]
    [InlineData("count(orders) + 1", DataType.Integer)]
    [InlineData("count(orders) * 1.5", DataType.Number)]
    [InlineData("-count(orders)", DataType.Integer)]
    [InlineData("sum(orders.amount)", DataType.Number)]
    [InlineData("exists(orders) and not base_7d > 1", DataType.Boolean)]
    [InlineData("last(orders)", DataType.Instant)]
    [InlineData("last(orders) + 7 days", DataType.Instant)]
    [InlineData("cutoff - 1 month", DataType.Instant)]
    [InlineData("days since last(orders)", DataType.Number)]
    [InlineData("last(orders.amount)", DataType.Unknown)]
    [InlineData("mode(orders.amount)", DataType.Unknown)]
    [InlineData("mode(orders.amount::integer)", DataType.Integer)]
    [InlineData("mode(orders.channel) default 'x'", DataType.String)]
    [InlineData("quantile(orders.amount, 0.9)", DataType.Number)]
    [InlineData("top_values(orders.channel, 3)", DataType.Set)]
    [InlineData("coalesce(top_values(orders.channel, 3), null)", DataType.Set)]
    [InlineData("top_values(orders.channel, 3) is null", DataType.Boolean)]
    [InlineData("cortex.embed(last(orders.channel))", DataType.Vector)]
    [InlineData("min_by(cortex.embed(orders.channel), orders.amount) over 7 days", DataType.Vector)]
    [InlineData("coalesce(cortex.embed(last(orders.channel)), null)", DataType.Vector)]
    [InlineData("cortex.embed(last(orders.channel)) is null", DataType.Boolean)]
    [InlineData("entropy(orders.channel)", DataType.Number)]
    [InlineData("share(orders.channel = 'web')", DataType.Number)]
    [InlineData("trend(orders.amount)", DataType.Number)]
    [InlineData("longest_gap(orders)", DataType.Number)]
    [InlineData("active_days(orders)", DataType.Integer)]
    [InlineData("last(orders.amount)::string", DataType.String)]
    [InlineData("last(orders.amount) default 'x'", DataType.String)]
    [InlineData("coalesce(base_7d, 1.5)", DataType.Number)]
    [InlineData("nullif(base_7d, 0)", DataType.Integer)]
    [InlineData("case when base_7d > 1 then 'a' else null end", DataType.String)]
    [InlineData("case base_7d when 1 then 1 when 2 then 2.5 end", DataType.Number)]
    [InlineData("hour_of(cutoff) in (1, 2)", DataType.Boolean)]
    [InlineData("last(orders) between '2024-01-01' and cutoff", DataType.Boolean)]
    [InlineData("lower('A') like 'a%'", DataType.Boolean)]
    [InlineData("base_7d is not null", DataType.Boolean)]
    [InlineData("base_7d % 2", DataType.Integer)]
    [InlineData("1e3", DataType.Number)]
    [InlineData("null", DataType.Null)]
    public void An_expression_has_the_type_that_its_parts_give(string expression, DataType type)
    {
        var symbol = Bind.Var(expression);
        Assert.Equal(type, symbol.Type);
        Assert.Equal(type, symbol.UsedType);
    }

    [Fact]
    public void A_use_types_the_column_and_what_comes_from_it()
    {
        var program = Bind.Valid(Bind.Orders + """
            var customer.a = last(orders.channel)
            var customer.b = coalesce(a, null)
            var customer.c = b = 'web'
            """);
        Assert.Equal([DataType.String, DataType.String, DataType.Boolean], program.Vars.Select(symbol => symbol.Type));
        var column = program.Sources[0].Columns.Single(item => item.Name == "channel");
        Assert.Equal(DataType.String, column.UsedType);
        Assert.Equal("orders.channel", column.TypedAt.Text);
    }

    [Fact]
    public void An_integer_that_is_used_as_a_number_becomes_one_and_its_readers_with_it()
    {
        var program = Bind.Valid(Bind.Orders + """
            var customer.a = last(orders.n)
            var customer.b = count(orders where n = 1)
            var customer.c = sum(orders.n)
            """);
        Assert.Equal(DataType.Number, program.Vars[0].Type);
    }

    [Fact]
    public void The_schema_gives_a_type_and_leaves_the_used_type_open()
    {
        var symbol = Bind.Var("last(orders.amount)", ("customer_id", "VARCHAR"), ("ordered_at", "TIMESTAMP"), ("amount", "DOUBLE"));
        Assert.Equal((DataType.Number, DataType.Unknown), (symbol.Type, symbol.UsedType));
    }

    [Fact]
    public void A_computed_column_has_the_type_of_what_computes_it()
    {
        var program = Bind.Valid("""
            source orders { table t  entity customer by customer_id  time ordered_at  column is_web = channel = 'web'  column net = amount - 1 }
            entity customer
            var customer.a = last(orders.is_web)
            var customer.b = last(orders.net)
            """);
        Assert.Equal([DataType.Boolean, DataType.Number], program.Vars.Select(symbol => symbol.Type));
    }

    [Fact]
    public void A_text_beside_an_instant_is_one()
    {
        var aggregate = Assert.IsType<BoundAggregate>(Bind.Var("last(orders) default '2024-01-31'").Expression);
        Assert.Equal(new DateTime(2024, 1, 31, 0, 0, 0, DateTimeKind.Utc), aggregate.Default!.Value);
    }

    [Theory]
    [InlineData("2024-01-31", "2024-01-31 00:00:00.000000")]
    [InlineData("2024-01-31 12:30", "2024-01-31 12:30:00.000000")]
    [InlineData("2024-01-31T12:30:05.25", "2024-01-31 12:30:05.250000")]
    [InlineData("2024-01-31T12:30:05+02:00", "2024-01-31 10:30:05.000000")]
    [InlineData("2024-01-31 12:30:05Z", "2024-01-31 12:30:05.000000")]
    [InlineData("31.01.2024", null)]
    [InlineData("2024-02-30", null)]
    [InlineData("", null)]
    public void Instants_are_iso_8601_in_utc(string text, string? instant) => Assert.Equal(
        instant, Binding.InstantLiteral.Parse(text)?.ToString("yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture));
}
