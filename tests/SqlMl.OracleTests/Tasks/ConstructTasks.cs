using System.Collections.Immutable;
using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.Tasks.Meaning;

namespace SqlMl.OracleTests.Tasks;

/// <summary>Sources made from others, and SQL as text: what the random programs do not write.</summary>
internal static class ConstructTasks
{
    private const string From = """
        source orders   { table shop.orders  entity customer by customer_id  time ordered_at  known at loaded_at
                          column words = raw { duckdb 'length(note)'  snowflake 'LENGTH(note)' }::integer
                          column device = payload:device.name }
        source products { table shop.products  static }
        source web      { from orders  entity customer by customer_id  join products on product_id  where channel = 'web' and products.category = 'hats' }
        entity customer
        var customer.visits   = count(web) over 7, 30 days
        var customer.words    = sum(web.words)
        var customer.phones   = count(web where device = 'phone')
        var customer.spent    = sum(orders.amount) by channel in ('web', 'shop') over 30 days
        predict buys for customer { label exists(web) in next 10 days  observe every 5 days  train logistic }
        """;

    private const string Group = """
        source lines   { table shop.lines  entity customer by customer_id  time sold_at  known at loaded_at }
        source baskets = group lines by customer_id, basket_id { total = sum(amount)  size = count(*) }
        entity customer
        var customer.best    = max(baskets.total) over 30 days
        var customer.baskets = count(baskets where size > 1)
        predict big for customer { label count(baskets where total > 5) in next 10 days >= 1  observe every 5 days  train logistic }
        """;

    private const string JoinEach = """
        source orders { table shop.orders  entity customer by customer_id  time ordered_at }
        source tags   { table shop.tags  static }
        source tagged { from orders  entity customer by customer_id  join each tags on order_id }
        entity customer
        var customer.tagged = count(tagged) over 30 days
        var customer.gifts  = count(tagged where tags.tag = 'gift')
        predict gives for customer { label exists(tagged where tags.tag = 'gift') in next 10 days  observe every 5 days  train logistic }
        """;

    private const string Sql = """
        source orders { table shop.orders  entity customer by customer_id  time ordered_at }
        source odd    = sql { duckdb 'SELECT customer_id AS who, ordered_at AS at, amount * 2 AS twice FROM orders WHERE amount > 0'
                              snowflake 'SELECT customer_id AS who, ordered_at AS at, amount * 2 AS twice FROM shop.orders WHERE amount > 0' }
        source gains  { from odd  entity customer by who  time at }
        entity customer
        var customer.orders = count(orders) over 30 days
        var customer.gains  = sum(gains.twice) over 30 days
        predict gains for customer { label exists(gains) in next 10 days  observe every 5 days  train logistic }
        """;

    /// <summary>Each with a name in place of a section of the corpus.</summary>
    public static ImmutableArray<OracleTask> All { get; } =
        [new("from, raw, paths, pivots", From, FromOf), new("group", Group, GroupOf), new("join each", JoinEach, JoinEachOf), new("sql", Sql, SqlOf)];

    private static OracleProgram FromOf(TaskRows rows)
    {
        var orders = rows.Source("orders", 90, """
            customer_id text c1 c2 c3 4%
            ordered_at instant in 90d 3%
            loaded_at instant after ordered_at 4d 6%
            product_id integer 1 2 3 4 8%
            channel text web web shop app 8%
            amount number 1.5 2 -4 8%
            note text a bb ccc 15%
            payload text {"device":{"name":"phone"}} {"device":{"name":null}} {"device":"phone"} [] 15%
            """).Of("customer_id", "ordered_at") with
        {
            KnownAt = new KnownAtClause("loaded_at", null), Joins = [new JoinClause("products", null, [new JoinKey("product_id", "product_id")])],
        };
        orders = orders.With("words", new CallExpression("length", [Column("note")])).With("device", new PathExpression(Column("payload"), ["device", "name"]));
        var web = orders with { Name = "web", IsMade = true, Where = And(Is("channel", "web"), Is("products.category", "hats")) };
        OracleVar Pivot(string name, OracleExpression where) => Var($"spent_{name}", Take(AggregateKind.Sum, "orders.amount", Over(Days(30))) with { Where = where });
        return Program(
            "customer", Model("buys", Exists("web", window: Next(Days(10))), Every(Days(5))),
            [
                Family("visits", Count("web"), DurationUnit.Day, 7, 30),
                Var("words", Take(AggregateKind.Sum, "web.words")),
                Var("phones", Count("web", Is("device", "phone"))),
                Pivot("web", Is("channel", "web")),
                Pivot("shop", Is("channel", "shop")),
                Pivot("other", new InExpression(Column("channel"), [Constant("web"), Constant("shop")], true)),
                Pivot("null", IsNull("channel")),
            ],
            orders, web,
            Static("products", "product_id", "category", (1, "hats"), (2, "shoes"), (3, "hats")));
    }

    /// <summary>A group happened, and is known, with its last row; rows without a time are in none.</summary>
    private static OracleProgram GroupOf(TaskRows rows)
    {
        var lines = rows.Source("lines", 120, """
            customer_id text c1 c2 c3 4%
            sold_at instant in 90d 3%
            loaded_at instant after sold_at 4d
            basket_id integer 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 4%
            amount number 1.5 2 -4 3.25 8%
            """).Of("customer_id", "sold_at") with { KnownAt = new KnownAtClause("loaded_at", null) };
        var groups = lines.Table.Rows.Where(row => row[1] is not null).GroupBy(row => (row[0], row[3])).Select(group => (ImmutableArray<object?>)
        [
            group.Key.Item1, group.Max(row => (DateTime)row[1]!), group.Max(row => (DateTime)row[2]!), group.Sum(row => row[4] as decimal? ?? 0), (decimal)group.Count(),
        ]);
        var baskets = lines with
        {
            Name = "baskets", IsMade = true, Table = new OracleTable(
                [
                    new("customer_id", ColumnType.Text), new("sold_at", ColumnType.Instant), new("loaded_at", ColumnType.Instant),
                    new("total", ColumnType.Number), new("size", ColumnType.Integer),
                ],
                [.. groups]),
        };
        return Program(
            "customer",
            Model("big", Compare(Count("baskets", Compare(Column("total"), OracleOperator.Greater, Constant(5m)), Next(Days(10))), OracleOperator.GreaterOrEqual, Constant(1m)), Every(Days(5))),
            [
                Var("best", Take(AggregateKind.Max, "baskets.total", Over(Days(30)))),
                Var("baskets", Count("baskets", Compare(Column("size"), OracleOperator.Greater, Constant(1m)))),
            ],
            lines, baskets);
    }

    /// <summary>Every order once for each of its tags, and once without where it has none.</summary>
    private static OracleProgram JoinEachOf(TaskRows rows)
    {
        var orders = rows.Source("orders", 60, """
            customer_id text c1 c2 c3 4%
            ordered_at instant in 90d 3%
            order_id integer 1 2 3 4 5 6 7 8 9 10 11 12 8%
            """).Of("customer_id", "ordered_at");
        (int Order, string Tag)[] tags = [(1, "gift"), (1, "gift"), (1, "sale"), (2, "gift"), (5, "sale"), (6, "gift"), (7, "gift"), (7, "new"), (99, "gift")];
        var multiplied = orders.Table.Rows.SelectMany(row => tags.Where(tag => tag.Order == row[2] as decimal?).Select(tag => tag.Tag).DefaultIfEmpty(null).Select(tag => row.Add(tag)));
        var tagged = orders with { Name = "tagged", IsMade = true, Table = new OracleTable([.. orders.Table.Columns, new("tag", ColumnType.Text)], [.. multiplied]) };
        return Program(
            "customer", Model("gives", Exists("tagged", Is("tag", "gift"), Next(Days(10))), Every(Days(5))),
            [Var("tagged", Count("tagged", window: Over(Days(30)))), Var("gifts", Count("tagged", Is("tag", "gift")))],
            orders, tagged, Static("tags", "order_id", "tag", tags));
    }

    private static OracleProgram SqlOf(TaskRows rows)
    {
        var orders = rows.Source("orders", 70, """
            customer_id text c1 c2 c3 4%
            ordered_at instant in 90d 3%
            amount number 1.5 2 -4 0 8%
            """).Of("customer_id", "ordered_at");
        var gains = orders with { Name = "gains", IsMade = true, Where = Compare(Column("amount"), OracleOperator.Greater, Constant(0m)) };
        return Program(
            "customer", Model("gains", Exists("gains", window: Next(Days(10))), Every(Days(5))),
            [Var("orders", Count("orders", window: Over(Days(30)))), Var("gains", Take(AggregateKind.Sum, "gains.twice", Over(Days(30))))],
            orders, gains.With("twice", Compare(Column("amount"), OracleOperator.Multiply, Constant(2m))));
    }

    private static OracleSource Static(string name, string key, string value, params (int Key, string Value)[] rows) => new(
        name, new OracleTable([new(key, ColumnType.Integer), new(value, ColumnType.Text)], [.. rows.Select(row => (ImmutableArray<object?>)[(decimal)row.Key, row.Value])]),
        IsParquet: true, [], null, null, []) { IsStatic = true };
}
