using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.AcceptanceTests;

/// <summary>However threads share the rows, and in whatever order they meet them, the training set is the same to the last bit.</summary>
public sealed class RepeatedRunTests
{
    private const int Runs = 10;

    // More rows than one thread takes at once, ties of time among them, and amounts that no sum of doubles adds up alike in two orders.
    private const string Events = """
        CREATE TABLE events AS
        SELECT 'u' || (hash(i) % 1500) AS user_id, TIMESTAMP '2024-01-01' + to_minutes(CAST(hash(i + 1) % 131040 AS INTEGER)) AS at,
          CASE WHEN hash(i + 2) % 9 > 0 THEN (hash(i + 3) % 1000003) / 977.0 END AS amount, 'k' || (hash(i + 4) % 7) AS kind
        FROM range(126000) AS r(i)
        """;

    private const string Vars = """
        var user.events  = count(events) over 7, 60 days
        var user.spent   = sum(events.amount) over 7, 60 days
        var user.mean    = avg(events.amount where kind <> 'k1') over 60 days
        var user.ever    = avg(events.amount)
        var user.kinds   = count_distinct(events.kind) over 7 days
        var user.largest = max(events.amount) over 7 days
        var user.latest  = last(events.kind)

        """;

    [Theory]
    [InlineData("observe every 14 days", """
        var user.spread   = stddev(events.amount) over 30 days
        var user.middle   = median(events.amount) over 30 days
        var user.high     = quantile(events.amount, 0.9) over 30 days
        var user.trend    = trend(events.amount) over 30 days
        var user.variety  = entropy(events.kind) over 30 days
        """)]
    [InlineData("observe before each events", "")]
    public void Ten_runs_with_two_threads_give_the_same_bits(string observe, string more)
    {
        var program = $$"""
            source events { table events  entity user by user_id  time at }
            entity user
            {{Vars}}{{more}}
            predict buys for user {
              label   sum(events.amount) in next 7 days
              {{observe}}
              train   linear
              split   random 80 / 20
            }
            """;
        var compiled = SqlMlCompiler.Compile([new SourceText("buys.sqlml", program)], new CompileOptions { Dialect = "duckdb" });
        Assert.True(compiled.Succeeded, DiagnosticText.Render(compiled.Diagnostics));
        using var database = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 2 });
        database.Execute(Events);

        var found = new HashSet<string>();
        for (var i = 0; i < Runs; i++)
        {
            database.Execute(compiled.Models[0].Training.Sql);
            found.Add(database.Scalar<string>("SELECT count(*) || ' ' || md5(string_agg(CAST(hash(t) AS VARCHAR), ' ' ORDER BY rowid)) FROM buys_training AS t")!);
        }

        Assert.Single(found);
        Assert.DoesNotContain(found, run => run.StartsWith("0 ", StringComparison.Ordinal));
    }
}
