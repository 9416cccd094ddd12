using static SqlMl.Sql.Tests.Tree;

namespace SqlMl.Sql.Tests;

public sealed class QueryTextTests
{
    [Fact]
    public void A_script_looks_like_an_analysts()
    {
        var orders = Select(Table("raw_orders", "o"), Col("o", "customer_id"), Col("o", "amount")) with
        {
            Where = [Eq(Col("o", "status"), new SqlString("paid")), Or(Col("a"), Col("b"))],
        };
        var features = new SqlSelect(
            [
                Item(Col("s", "customer_id")) with { Comment = "The entity" },
                Item(new SqlAggregate(SqlAggregateFunction.Count, Col("o", "amount")), "orders_7d") with { Comment = "Orders in 7 days" },
            ],
            new SqlJoin(
                new SqlJoin(Table("spine", "s"), SqlJoinKind.Left, Table("orders", "o"), [
                    Eq(Col("o", "customer_id"), Col("s", "customer_id")),
                    Op(Col("o", "ordered_at"), SqlBinaryOperator.Less, Col("s", "cutoff")),
                ]),
                SqlJoinKind.Inner,
                Table("customers", "c"),
                [Eq(Col("c", "id"), Col("s", "customer_id"))]))
        {
            GroupBy = [Col("s", "customer_id")],
            Qualify = Eq(new SqlRowNumber([Col("u")], [Asc("k")]), Int(1)),
            OrderBy = [Asc("customer_id")],
        };
        var script = new SqlScript(["Made by a test"], [
            new SqlSetUtc(),
            new SqlCreateTableAs([new SqlName("ml"), new SqlName("features")], new SqlWith(
                [
                    new SqlStep(new SqlName("orders"), ["Paid orders."], orders),
                    new SqlStep(new SqlName("spine"), ["Whom to predict for,", "and when."], new SqlSelect([Item(new SqlStar())], Table("orders")) { IsDistinct = true }),
                ],
                features)),
        ]);

        const string Expected = """
            -- Made by a test
            SET TimeZone = 'UTC';

            CREATE OR REPLACE TABLE ml.features AS
            WITH
            -- Paid orders.
            orders AS (
              SELECT o.customer_id, o.amount
              FROM raw_orders AS o
              WHERE o.status = 'paid'
                AND (a OR b)
            ),

            -- Whom to predict for,
            -- and when.
            spine AS (
              SELECT DISTINCT *
              FROM orders
            )

            SELECT
              s.customer_id,  -- The entity
              COUNT(o.amount) AS orders_7d  -- Orders in 7 days
            FROM spine AS s
            LEFT JOIN orders AS o
              ON o.customer_id = s.customer_id
              AND o.ordered_at < s.cutoff
            JOIN customers AS c ON c.id = s.customer_id
            GROUP BY s.customer_id
            QUALIFY ROW_NUMBER() OVER (PARTITION BY u ORDER BY k NULLS LAST) = 1
            ORDER BY customer_id NULLS LAST;

            """;
        Assert.Equal(Expected, DuckDb.Print(script));
        Assert.Equal(Expected.Replace("SET TimeZone = 'UTC'", "ALTER SESSION SET TIMEZONE = 'UTC'", StringComparison.Ordinal), Snowflake.Print(script));
        Assert.Equal(DuckDb.Print(script), DuckDb.Print(script));
    }

    [Fact]
    public void Parts_of_a_union_are_bracketed_only_where_they_must_be()
    {
        var plain = Select(null, Int(1));
        var query = new SqlUnionAll([
            plain,
            new SqlUnionAll([plain, plain]),
            plain with { OrderBy = [Asc("a")] },
            new SqlWith([new SqlStep(new SqlName("x"), [], plain)], Select(Table("x"), new SqlStar())),
        ]);
        const string Expected = """
            SELECT 1
            UNION ALL
            SELECT 1
            UNION ALL
            SELECT 1
            UNION ALL
            (
              SELECT 1
              ORDER BY a NULLS LAST
            )
            UNION ALL
            (
              WITH x AS (
                SELECT 1
              )

              SELECT *
              FROM x
            );

            """;
        Assert.Equal(Expected, DuckDb.Print(query));
        Assert.Equal(Expected, Snowflake.Print(query));
    }

    [Fact]
    public void A_with_in_the_body_of_a_with_is_bracketed()
    {
        var inner = new SqlWith([new SqlStep(new SqlName("y"), [], Select(null, Int(2)))], Select(Table("y"), new SqlStar()));
        var text = DuckDb.Print(new SqlWith([new SqlStep(new SqlName("x"), [], Select(null, Int(1)))], inner));
        Assert.EndsWith(")\n\n(\n  WITH y AS (\n    SELECT 2\n  )\n\n  SELECT *\n  FROM y\n);\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Joins_keep_their_shape()
    {
        var right = new SqlJoin(Table("b"), SqlJoinKind.Cross, Table("c"), []);
        var query = Select(new SqlJoin(Table("a"), SqlJoinKind.Left, right, []), new SqlStar());
        Assert.Equal("SELECT *\nFROM a\nLEFT JOIN (\n  b\n  CROSS JOIN c\n)\n  ON TRUE;\n", DuckDb.Print(query));

        var derived = Select(new SqlDerivedTable(Select(Table("t"), Col("a")), new SqlName("d")), new SqlStar());
        Assert.Equal("SELECT *\nFROM (\n  SELECT a\n  FROM t\n) AS d;\n", Snowflake.Print(derived));
    }

    [Fact]
    public void A_series_reads_columns_to_its_left()
    {
        var series = new SqlSeries(Col("e", "lo"), Col("e", "hi"), new SqlName("s"), new SqlName("i"));
        var query = new SqlSelect(
            [Item(Col("e", "u")), Item(Col("s", "i")), Item(Col("s", "i"), "n"), Item(Col("s", "other"))],
            new SqlJoin(Table("events", "e"), SqlJoinKind.Cross, series, []));
        Assert.Equal(
            """
            SELECT e.u, UNNEST(RANGE(e.lo, e.hi)) AS i, UNNEST(RANGE(e.lo, e.hi)) AS n, s.other
            FROM events AS e;

            """,
            DuckDb.Print(query));
        Assert.Equal(
            """
            SELECT e.u, CAST(s.value AS INT) AS i, CAST(s.value AS INT) AS n, s.other
            FROM events AS e
            CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(e.lo, e.hi)) AS s;

            """,
            Snowflake.Print(query));
    }

    [Fact]
    public void A_series_on_its_own_is_a_table_and_ends_with_its_select()
    {
        var numbers = Select(new SqlSeries(Int(0), Int(53), new SqlName("s"), new SqlName("i")), Col("i"));
        var outer = Select(new SqlDerivedTable(numbers, new SqlName("d")), Col("i"));
        Assert.Equal(
            "SELECT i\nFROM (\n  SELECT CAST(s.value AS INT) AS i\n  FROM TABLE(FLATTEN(input => ARRAY_GENERATE_RANGE(0, 53))) AS s\n) AS d;\n",
            Snowflake.Print(outer));
        Assert.Equal("SELECT i\nFROM (\n  SELECT i\n  FROM RANGE(0, 53) AS s(i)\n) AS d;\n", DuckDb.Print(outer));
    }

    [Fact]
    public void Files_are_read_by_duckdb_and_name_no_table_in_snowflake()
    {
        var csv = Select(new SqlFileTable("it's.csv.gz", SqlFileFormat.Csv, new SqlName("o")), new SqlStar());
        var parquet = Select(new SqlFileTable("e/*.parquet", SqlFileFormat.Parquet, null), new SqlStar());
        Assert.Equal(
            "SELECT *\nFROM READ_CSV('it''s.csv.gz', header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', sample_size = -1) AS o;\n",
            DuckDb.Print(csv));
        Assert.Equal("SELECT *\nFROM READ_PARQUET('e/*.parquet');\n", DuckDb.Print(parquet));
        Assert.Equal("SELECT *\nFROM TABLE('it''s.csv.gz') AS o;\n", Snowflake.Print(csv));
    }

    [Fact]
    public void A_list_that_does_not_fit_stands_one_item_a_line()
    {
        var names = Enumerable.Range(1, 12).Select(i => Col($"a_column_{i}")).ToArray<SqlExpression>();
        var lines = DuckDb.Print(Select(Table("t"), [.. names])).Split('\n');
        Assert.Equal("SELECT", lines[0]);
        Assert.Equal("  a_column_1,", lines[1]);
        Assert.Equal("  a_column_12", lines[12]);
        Assert.Equal("FROM t;", lines[13]);
    }

    [Fact]
    public void Dialects_are_found_by_name()
    {
        Assert.Equal(["duckdb", "snowflake"], SqlDialects.All.Select(dialect => dialect.Name));
        Assert.Same(SqlDialects.All[1], SqlDialects.Find("SNOWFLAKE"));
        Assert.Null(SqlDialects.Find("oracle"));
        Assert.True(DuckDb.ReadsFiles);
        Assert.False(Snowflake.ReadsFiles);
    }
}
