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

    /// <summary>
    /// Makes beside `ev` the tables `items` (item, country: of each value of x one row, one country in ten is FR) and `plans` (u, begins, ends, plan: of each user rows that
    /// follow one another for 30 to 60 days, one in five gone; the last has no end), and `goals` (u, ts: one row, for labels that cost nothing).
    /// </summary>
    public static void CreateDimensions(DuckDbConnection connection, long count) => connection.Execute($"""
        CREATE OR REPLACE TABLE items AS SELECT CAST(i AS INTEGER) AS item, CASE WHEN i % 10 = 0 THEN 'FR' ELSE 'country ' || i % 10 END AS country FROM range(200) AS r(i);
        CREATE OR REPLACE TABLE goals AS SELECT u, ts FROM ev ORDER BY ts DESC, u LIMIT 1;
        CREATE OR REPLACE TABLE plans AS
        SELECT u, begins, lead(begins) OVER (PARTITION BY u ORDER BY begins) AS ends, 'plan ' || hash(u * 10 + n) % 5 AS plan
        FROM (
          SELECT u, n, TIMESTAMP '2024-01-01' + to_seconds(n * 2592000 + CAST(hash(u * 8 + n) % 2592000 AS BIGINT)) AS begins
          FROM range({Users(count)} + 1) AS users(u), range(8) AS numbers(n))
        QUALIFY hash(u * 9 + n) % 5 > 0;
        """);

    /// <summary>
    /// Makes the table `web`, as a website's collector would fill it: the columns that the tutorial reads, most of them texts, few of them filled. Visitors and sessions are
    /// numbers; a visitor's sessions are its days. No visitor has two events at one instant.
    /// </summary>
    public static void CreateWeb(DuckDbConnection connection, long count) => connection.Execute($"""
        CREATE OR REPLACE TABLE web AS
        SELECT
          i AS event_id, u AS domain_userid, seen_at AS derived_tstamp,
          CASE WHEN hash(i + 1) % 50 > 0 THEN u * 400 + date_diff('day', TIMESTAMP '2024-01-01', seen_at) END AS domain_sessionid,
          ['website', 'hs-landing', 'docs', 'shop'][1 + CAST(hash(i + 2) % 16 AS INTEGER) // 5] AS app_id,
          CASE WHEN n < 45 THEN 'page_view' WHEN n < 85 THEN 'page_ping' WHEN n < 89 THEN 'focus_form' WHEN n < 92 THEN 'change_form' WHEN n < 94 THEN 'submit_form'
               WHEN n < 98 THEN 'link_click' ELSE 'web_vitals' END AS event_name,
          'https://example.com/' || ['pricing', 'customers', 'blog', 'docs', 'about'][1 + CAST(hash(i + 3) % 5 AS INTEGER)] || '/' || hash(i + 4) % 1000 AS page_url,
          ['Desktop', 'Phone', 'Tablet', NULL][1 + CAST(hash(i + 5) % 4 AS INTEGER)] AS device_class,
          CASE WHEN hash(i + 6) % 20 = 0 THEN 'playing' END AS media_player,
          CASE WHEN hash(i + 7) % 5 = 0 THEN ['search', 'social', 'email', 'internal'][1 + CAST(hash(i + 8) % 4 AS INTEGER)] END AS refr_medium,
          CASE WHEN hash(i + 9) % 10 = 0 THEN ['cpc', 'display', 'email'][1 + CAST(hash(i + 10) % 3 AS INTEGER)] END AS mkt_medium,
          CASE WHEN hash(i + 11) % 10 = 0 THEN 'campaign ' || hash(i + 12) % 50 END AS mkt_campaign
        FROM (
          SELECT i, hash(i + 13) % 100 AS n,
            CAST({Users(count)} * pow((hash(i) % 1000003) / 1000003.0, 2) AS BIGINT) AS u,
            TIMESTAMP '2024-01-01' + to_microseconds(CAST((hash(i + 14) % 31536000) * 1000000 + i % 1000000 AS BIGINT)) AS seen_at
          FROM range({count}) AS r(i))
        """);

    /// <summary>How many rows of two tables differ in the columns that are named, in any order.</summary>
    public static long Different(DuckDbConnection connection, string left, string right, string columns) => connection.Scalar<long>($"""
        SELECT (SELECT COUNT(*) FROM (SELECT {columns} FROM {left} EXCEPT ALL SELECT {columns} FROM {right}))
             + (SELECT COUNT(*) FROM (SELECT {columns} FROM {right} EXCEPT ALL SELECT {columns} FROM {left}))
        """);
}
