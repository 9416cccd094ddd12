using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.OracleTests;

/// <summary>`--since` scores every cutoff after an instant (rule 47): with the features that each cutoff has in training, and once.</summary>
public sealed class ScoreSinceTests
{
    private const string Rows = """
        CREATE TABLE orders (id INTEGER, customer VARCHAR, placed_at TIMESTAMP, amount INTEGER);
        INSERT INTO orders VALUES (1, 'a', '2024-01-01 10:00:00', 1), (2, 'a', '2024-01-03 00:00:00', 2), (3, 'a', '2024-01-03 00:00:00', 4), (4, 'a', '2024-01-05 00:00:00', 8),
          (5, 'b', '2024-01-02 00:00:00', 1), (6, 'b', '2024-01-02 00:00:00.000001', 2), (7, NULL, '2024-01-04 00:00:00', 1), (8, 'c', '2024-01-01 00:00:00', 1);
        """;

    // After midnight of 2 January: the microsecond behind it is, it itself is not; two rows of one instant are one prediction.
    private const string Due = "a 2024-01-03 00:00:00 7|a 2024-01-05 00:00:00 15|b 2024-01-02 00:00:00.000001 3";

    [Theory]
    [InlineData("", Due)]
    [InlineData("when total > 6", "a 2024-01-03 00:00:00 7|a 2024-01-05 00:00:00 15")]
    [InlineData("when total < 8", "a 2024-01-03 00:00:00 7|b 2024-01-02 00:00:00.000001 3")]
    public void Every_cutoff_after_the_instant_is_scored_once(string when, string expected) =>
        Assert.Equal(expected, Score("observe at each orders", when, new DateTime(2024, 1, 2, 0, 0, 0, DateTimeKind.Utc)));

    [Fact]
    public void Without_it_each_entity_is_scored_at_its_latest_cutoff() =>
        Assert.Equal("a 2024-01-05 00:00:00 15|b 2024-01-02 00:00:00.000001 3|c 2024-01-01 00:00:00 1", Score("observe at each orders", "", null));

    [Fact]
    public void A_key_keeps_rows_of_one_instant_apart()
    {
        var due = Score("observe at each orders", "", new DateTime(2024, 1, 2, 0, 0, 0, DateTimeKind.Utc), "key id");
        Assert.Equal("a 2024-01-03 00:00:00 7|a 2024-01-03 00:00:00 7|a 2024-01-05 00:00:00 15|b 2024-01-02 00:00:00.000001 3", due);
    }

    private static string Score(string observe, string when, DateTime? since, string key = "")
    {
        var program = $$"""
            source orders { table orders  entity customer by customer  time placed_at  {{key}} }
            entity customer
            var customer.total = sum(orders.amount)
            predict p for customer { label exists(orders) in next 1 day  {{observe}}  {{when}}  train logistic }
            """;
        var compiled = SqlMlCompiler.Compile([new SourceText("since.sqlml", program)], new CompileOptions { Dialect = "duckdb", ScoreSince = since });
        Assert.True(compiled.Succeeded, DiagnosticText.Render(compiled.Diagnostics));
        using var execution = new DuckDbExecution();
        execution.Execute(Rows);
        var model = Assert.Single(compiled.Models);
        execution.Execute(model.Scoring.Sql);
        execution.Execute($"CREATE TABLE lines AS SELECT customer || ' ' || cutoff || ' ' || CAST(total AS INTEGER) AS line FROM {model.ScoringTable}");
        return string.Join('|', execution.ReadTable("lines").Rows.Select(row => (string)row[0]!).Order(StringComparer.Ordinal));
    }
}
