using System.Globalization;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Text;

namespace SqlMl.OracleTests;

/// <summary>
/// A random split takes the first rows in the order of a hash (rule 29). Random programs have few rows, and hardly ever two whose hashes begin alike; here there are so many that a
/// part ends between such rows.
/// </summary>
public sealed class SplitBucketTests
{
    private const int Rows = 200_003;

    [Theory]
    [InlineData("", "")]
    [InlineData(" stratified", "PARTITION BY label ")]
    public void Parts_end_between_rows_whose_hashes_begin_alike(string words, string within)
    {
        var program =
            $$"""
            source events { table events  entity user by id  time at }
            entity user
            var user.seen = count(events)
            predict returns for user { label exists(events) in next 3 seconds  allow immature  observe at each events  split random 50 / 30 / 20 seed 7{{words}}  train logistic }
            """;
        var compiled = SqlMlCompiler.Compile([new SourceText("split.sqlml", program)], new CompileOptions { Dialect = "duckdb" });
        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory);
        // Two events of one user at one instant are rows that nothing tells apart.
        connection.Execute(string.Create(
            CultureInfo.InvariantCulture, $"CREATE TABLE events AS SELECT i // 4 AS id, TIMESTAMP '2024-01-01' + to_seconds(i // 2) AS at FROM range({Rows}) AS r(i)"));
        connection.Execute(compiled.Models.Single().Training.Sql);

        var different = connection.Scalar<long>($"""
            WITH ranked AS (
              SELECT *, row_number() OVER ({within}ORDER BY md5('7|' || id || '|' || epoch_us(cutoff)), id, cutoff) - 1 AS position, count(*) OVER ({within}) AS total FROM returns_training),
            wanted AS (SELECT id, cutoff, seen, label, CASE WHEN position * 100 < total * 50 THEN 'train' WHEN position * 100 < total * 80 THEN 'validation' ELSE 'test' END AS split FROM ranked)
            SELECT (SELECT count(*) FROM (FROM wanted EXCEPT ALL FROM returns_training)) + (SELECT count(*) FROM (FROM returns_training EXCEPT ALL FROM wanted))
            """);

        Assert.Equal(Rows, connection.Scalar<long>("SELECT count(*) FROM returns_training"));
        Assert.Equal(0, different);
    }
}
