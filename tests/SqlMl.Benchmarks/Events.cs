using SqlMl.DuckDb;

namespace SqlMl.Benchmarks;

/// <summary>Made-up events: a year, few users with many of them and many with few, as the shapes of `research/sql-shapes.md` were measured on.</summary>
internal static class Events
{
    /// <summary>The users of so many events.</summary>
    public static long Users(long events) => events switch { <= 100_000 => 19_000, <= 1_000_000 => 60_000, _ => 200_000 };

    /// <summary>Makes the table `ev`: id, u, ts, typ (0 to 9), x (0 to 199, one in twenty null), amt (cents as a decimal, one in twenty null).</summary>
    public static void Create(DuckDbConnection connection, long count) => connection.Execute($"""
        CREATE OR REPLACE TABLE ev AS
        SELECT
          i AS id,
          CAST({Users(count)} * pow((hash(i) % 1000003) / 1000003.0, 2) AS BIGINT) AS u,
          TIMESTAMP '2024-01-01' + to_microseconds(CAST((hash(i + 1) % 31536000) * 1000000 + CASE WHEN hash(i + 2) % 10 = 0 THEN 0 ELSE hash(i + 3) % 1000000 END AS BIGINT)) AS ts,
          CAST(hash(i + 4) % 10 AS INTEGER) AS typ,
          CASE WHEN hash(i + 5) % 20 > 0 THEN CAST(hash(i + 6) % 200 AS INTEGER) END AS x,
          CASE WHEN hash(i + 7) % 20 > 0 THEN CAST((hash(i + 8) % 1000000) / 100.0 AS DECIMAL(10, 2)) END AS amt
        FROM range({count}) AS r(i)
        """);

    /// <summary>How many rows of two tables differ in the columns that are named, in any order.</summary>
    public static long Different(DuckDbConnection connection, string left, string right, string columns) => connection.Scalar<long>($"""
        SELECT (SELECT COUNT(*) FROM (SELECT {columns} FROM {left} EXCEPT ALL SELECT {columns} FROM {right}))
             + (SELECT COUNT(*) FROM (SELECT {columns} FROM {right} EXCEPT ALL SELECT {columns} FROM {left}))
        """);
}
