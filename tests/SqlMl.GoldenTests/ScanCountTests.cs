using System.Text;
using System.Text.RegularExpressions;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.GoldenTests;

/// <summary>However many features read a table, it is read once: in the text that is emitted, and in the plan that DuckDB makes of it.</summary>
public sealed class ScanCountTests
{
    [Theory]
    [InlineData("duckdb")]
    [InlineData("snowflake")]
    public void A_hundred_vars_of_four_windows_on_a_grid_name_each_table_once(string dialect)
    {
        var sql = Compile(dialect, 100).Training.Sql;

        Assert.Single(Regex.Matches(sql, @"\bshop_orders\b"));
        Assert.Single(Regex.Matches(sql, @"\bshop_visits\b"));
    }

    [Fact]
    public void Twenty_vars_of_four_windows_on_a_grid_scan_each_table_once_in_the_plan_that_runs()
    {
        using var database = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 1 });
        foreach (var table in new[] { "shop_orders", "shop_visits" })
        {
            database.Execute($"""
                CREATE TABLE {table} AS
                SELECT i % 7 AS customer_id, TIMESTAMP '2024-01-01' + to_hours(CAST(i AS INTEGER)) AS at, i % 100 AS kind, i AS amount, 'c' || i % 3 AS channel FROM range(5000) AS r(i)
                """);
        }
        var training = Compile("duckdb", 20).Training.Sql;
        var create = training[training.IndexOf("CREATE OR REPLACE TABLE", StringComparison.Ordinal)..];

        database.Execute("SET TimeZone = 'UTC'");
        using var result = database.Query($"EXPLAIN {create}");
        var plan = string.Concat(result.ReadRows().Select(row => row[1]));

        Assert.Single(Regex.Matches(plan, "shop_orders"));
        Assert.Single(Regex.Matches(plan, "shop_visits"));
        Assert.DoesNotContain("DELIM", plan, StringComparison.Ordinal);
        database.Execute(training);
        Assert.True(database.Scalar<long>("SELECT COUNT(*) FROM buys_training") > 0);
    }

    private static CompiledModel Compile(string dialect, int vars)
    {
        var text = new StringBuilder("""
            source orders { table shop_orders  entity customer by customer_id  time at }
            source visits { table shop_visits  entity customer by customer_id  time at }
            entity customer
            var customer.channel = last(orders.channel)
            var customer.spent   = sum(orders.amount)
            var customer.quiet   = days since last(visits)

            """);
        for (var i = 0; i < vars; i++)
        {
            text.Append($"var customer.v{i} = {(i % 2 == 0 ? "count(orders" : "sum(visits.amount")} where kind = {i}) over 7, 30, 90, 365 days\n");
        }
        text.Append("""
            predict buys for customer {
              label   exists(orders) in next 7 days
              observe every 7 days
              train   logistic
            }
            """);
        var compiled = SqlMlCompiler.Compile([new SourceText("grid.sqlml", text.ToString())], new CompileOptions { Dialect = dialect });
        Assert.True(compiled.Succeeded, DiagnosticText.Render(compiled.Diagnostics));
        return Assert.Single(compiled.Models);
    }
}
