using System.Globalization;
using SqlMl.DuckDb;

namespace SqlMl.Benchmarks;

/// <summary>
/// One shape of feature after the other, on 52 weekly cutoffs of every customer or before each event: the SQL we emit for the features alone against the best form by hand that
/// is known. Both write the same rows, which are compared before anything is timed.
/// </summary>
internal static class ShapesBenchmark
{
    private const string Grid = "observe every 7 days from '2024-01-08' until '2024-12-31'";
    private const string Each = "observe before each ev";

    private const string Sources = """
        source ev    { table ev  entity customer by u  time ts }
        entity customer
        """;

    // The index of the first cutoff that sees an instant, and of the first after which a window of so many days no longer does.
    private const string First = "greatest(0, (k + 604799999999) // 604800000000)";

    private static string End(int days) => string.Create(CultureInfo.InvariantCulture, $"least(52, greatest(0, (k + {days * 86_400_000_000 + 604_799_999_999}) // 604800000000))");

    private const string Keyed = "(SELECT *, date_diff('microsecond', TIMESTAMP '2024-01-08', ts) AS k FROM ev)";

    private const string Spine = $"""
        spine AS (SELECT u, unnest(range(a, 52)) AS i FROM (SELECT u, min({First}) AS a FROM {Keyed} GROUP BY u))
        """;

    private const string Cutoff = "TIMESTAMP '2024-01-08' + i * INTERVAL '7 days' AS cutoff";

    private static readonly Case[] Cases =
    [
        new("grid-last", "grid: the last value and the days since it", Sources, """
            var customer.l = last(ev.x)
            var customer.d = days since last(ev)
            """, Grid, "l, round(d, 6)", $"""
            CREATE OR REPLACE TABLE by_hand AS
            SELECT u, {Cutoff}, l, date_diff('microsecond', t, cutoff) / 86400000000 AS d FROM (
              SELECT u, l, t, unnest(range(a, b)) AS i FROM (
                SELECT *, lead(a, 1, 52) OVER (PARTITION BY u ORDER BY a) AS b FROM (
                  SELECT u, {First} AS a, arg_max_null(x, (ts, x)) AS l, max(ts) AS t FROM {Keyed} GROUP BY u, a)))
            """),
        new("grid-distinct", "grid: distinct values over 30 and 90 days", Sources, """
            var customer.d = count_distinct(ev.x) over 30, 90 days
            """, Grid, "d_30d, d_90d", $"""
            CREATE OR REPLACE TABLE by_hand AS
            WITH {Spine},
            v AS (SELECT u, k, lead({First}, 1, 52) OVER (PARTITION BY u, x ORDER BY k) AS n FROM {Keyed} WHERE x IS NOT NULL),
            d30 AS (SELECT u, i, count(*) AS n FROM (SELECT u, unnest(range({First}, least(n, {End(30)}))) AS i FROM v) GROUP BY u, i),
            d90 AS (SELECT u, i, count(*) AS n FROM (SELECT u, unnest(range({First}, least(n, {End(90)}))) AS i FROM v) GROUP BY u, i)
            SELECT s.u, {Cutoff.Replace("i *", "s.i *", StringComparison.Ordinal)}, coalesce(d30.n, 0) AS d_30d, coalesce(d90.n, 0) AS d_90d
            FROM spine s LEFT JOIN d30 ON d30.u = s.u AND d30.i = s.i LEFT JOIN d90 ON d90.u = s.u AND d90.i = s.i
            """),
        new("grid-state", "grid: the plan that held (SCD 2)", """
            source ev    { table ev  entity customer by u  time ts }
            source plans { table plans  entity customer by u  valid from begins to ends }
            entity customer
            """, """
            var customer.p = plans.plan default 'none'
            var customer.n = exists(ev)
            """, Grid, "p", $"""
            CREATE OR REPLACE TABLE by_hand AS
            WITH starts AS (SELECT u, {First} AS a FROM {Keyed} UNION ALL SELECT u, {First} AS a FROM (SELECT u, date_diff('microsecond', TIMESTAMP '2024-01-08', begins) AS k FROM plans)),
            spine AS (SELECT u, {Cutoff} FROM (SELECT u, unnest(range(a, 52)) AS i FROM (SELECT u, min(a) AS a FROM starts GROUP BY u)))
            SELECT s.u, s.cutoff, CASE WHEN p.ends > s.cutoff OR p.ends IS NULL THEN coalesce(p.plan, 'none') ELSE 'none' END AS p
            FROM spine s ASOF LEFT JOIN plans p ON p.u = s.u AND p.begins <= s.cutoff
            """),
        new("grid-dimension", "grid: a count under a filter on a dimension, 90 days", """
            source items { table items  static }
            source ev    { table ev  entity customer by u  time ts  join items on x = item }
            entity customer
            """, """
            var customer.n = count(ev where items.country = 'FR') over 90 days
            """, Grid, "n", $"""
            CREATE OR REPLACE TABLE by_hand AS
            WITH {Spine},
            x AS (SELECT u, i, count(*) AS n FROM (SELECT u, unnest(range({First}, {End(90)})) AS i FROM {Keyed} e JOIN items ON items.item = e.x WHERE items.country = 'FR') GROUP BY u, i)
            SELECT s.u, {Cutoff.Replace("i *", "s.i *", StringComparison.Ordinal)}, coalesce(x.n, 0) AS n FROM spine s LEFT JOIN x ON x.u = s.u AND x.i = s.i
            """),
        new("events-extremes", "before each event: the smallest and largest of 7 and 30 days", Sources, """
            var customer.low  = min(ev.x) over 7, 30 days
            var customer.high = max(ev.x) over 7, 30 days
            """, Each, "low_7d, high_7d, low_30d, high_30d", """
            CREATE OR REPLACE TABLE by_hand AS
            SELECT u, ts AS cutoff, min(x) OVER w AS low_7d, max(x) OVER w AS high_7d, min(x) OVER m AS low_30d, max(x) OVER m AS high_30d
            FROM (SELECT u, ts, x, epoch_us(ts) AS k FROM ev)
            WINDOW w AS (PARTITION BY u ORDER BY k RANGE BETWEEN 604800000000 PRECEDING AND 1 PRECEDING), m AS (PARTITION BY u ORDER BY k RANGE BETWEEN 2592000000000 PRECEDING AND 1 PRECEDING)
            """),
        new("events-ends", "before each event: the first and last value of 30 days", Sources, """
            var customer.f = first(ev.x) over 30 days
            var customer.l = last(ev.x) over 30 days
            """, Each, "f, l", """
            CREATE OR REPLACE TABLE by_hand AS
            SELECT u, ts AS cutoff, first_value(f) OVER m AS f, last_value(l) OVER m AS l FROM (
              SELECT u, ts, k, min(x) OVER tied AS f, max(x) OVER tied AS l FROM (SELECT u, ts, x, epoch_us(ts) AS k FROM ev)
              WINDOW tied AS (PARTITION BY u ORDER BY k RANGE BETWEEN CURRENT ROW AND CURRENT ROW))
            WINDOW m AS (PARTITION BY u ORDER BY k RANGE BETWEEN 2592000000000 PRECEDING AND 1 PRECEDING)
            """),
        new("events-filtered-ends", "before each event: the last value under a filter, of 30 days", Sources, """
            var customer.l = last(ev.typ where x is not null) over 30 days
            """, Each, "l", """
            CREATE OR REPLACE TABLE by_hand AS
            SELECT u, ts AS cutoff, last_value(l IGNORE NULLS) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN 2592000000000 PRECEDING AND 1 PRECEDING) AS l FROM (
              SELECT u, ts, k, max(CASE WHEN x IS NOT NULL THEN typ END) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN CURRENT ROW AND CURRENT ROW) AS l
              FROM (SELECT u, ts, x, typ, epoch_us(ts) AS k FROM ev))
            """),
        new("events-state", "before each event: the plan that held (SCD 2)", """
            source ev    { table ev  entity customer by u  time ts }
            source plans { table plans  entity customer by u  valid from begins to ends }
            entity customer
            """, """
            var customer.p = plans.plan default 'none'
            """, Each, "p", """
            CREATE OR REPLACE TABLE by_hand AS
            SELECT e.u, e.ts AS cutoff, CASE WHEN p.ends >= e.ts OR p.ends IS NULL THEN coalesce(p.plan, 'none') ELSE 'none' END AS p
            FROM ev e ASOF LEFT JOIN plans p ON p.u = e.u AND p.begins < e.ts
            """),
        new("events-dimension", "before each event: counts under a filter on a dimension, 7 and 30 days", """
            source items { table items  static }
            source ev    { table ev  entity customer by u  time ts  join items on x = item }
            entity customer
            """, """
            var customer.n = count(ev where items.country = 'FR') over 7, 30 days
            """, Each, "n_7d, n_30d", """
            CREATE OR REPLACE TABLE by_hand AS
            SELECT u, ts AS cutoff, count(m) OVER w AS n_7d, count(m) OVER v AS n_30d
            FROM (SELECT e.u, e.ts, epoch_us(e.ts) AS k, CASE WHEN items.country = 'FR' THEN 1 END AS m FROM ev e LEFT JOIN items ON items.item = e.x)
            WINDOW w AS (PARTITION BY u ORDER BY k RANGE BETWEEN 604800000000 PRECEDING AND 1 PRECEDING), v AS (PARTITION BY u ORDER BY k RANGE BETWEEN 2592000000000 PRECEDING AND 1 PRECEDING)
            """),
    ];

    /// <summary>Runs every case, or those that are named; the exit code says whether all forms gave equal rows.</summary>
    public static int Run(string[] args)
    {
        var count = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var repeats = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        var wanted = args.Length > 2 ? args[2].Split(',') : [];
        if (Array.Exists(wanted, key => !Array.Exists(Cases, item => item.Key == key)))
        {
            Console.Error.WriteLine($"usage: shapes [events = 1000000] [repeats = 3] [{string.Join(',', Cases.Select(item => item.Key))}]");
            return 2;
        }
        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 2 });
        Events.Create(connection, count);
        Events.CreateDimensions(connection, count);
        Console.WriteLine($"{count} events of {Events.Users(count)} users, DuckDB {DuckDbConnection.LibraryVersion}, 2 threads, {repeats} repeats in turn");
        var failed = 0;
        foreach (var item in Cases)
        {
            if (wanted.Length == 0 || wanted.Contains(item.Key)) failed += Run(connection, item, repeats);
        }
        return failed == 0 ? 0 : 1;
    }

    private static int Run(DuckDbConnection connection, Case item, int repeats)
    {
        Console.WriteLine($"\n{item.Name}");
        // The label reads a table of its own: one of the events would be computed beside the features, which the form by hand does not do.
        var ours = Programs.Compile($$"""
            source goals { table goals  entity customer by u  time ts }
            {{item.Sources}}
            {{item.Vars}}
            predict task for customer {
              label   exists(goals) in next 7 days
              {{item.Observe}}
              split   random 80 / 20
              train   logistic
            }
            """).Proof!.Candidates.Sql;
        connection.Execute(ours);
        connection.Execute(item.ByHand);
        if (Events.Different(connection, "task_candidates", "by_hand", $"u, cutoff, {item.Columns}") is > 0 and var different)
        {
            Console.WriteLine($"{different} rows differ from the form by hand");
            return 1;
        }
        Measure.SideBySide(connection, repeats, ("emitted by sqlml", ours), ("by hand", item.ByHand));
        return 0;
    }

    /// <param name="Key">What it is called on the command line.</param>
    /// <param name="Name">What is computed.</param>
    /// <param name="Sources">Sources and entity in the language.</param>
    /// <param name="Vars">The features in the language.</param>
    /// <param name="Observe">Where the cutoffs lie.</param>
    /// <param name="Columns">What is compared besides customer and cutoff.</param>
    /// <param name="ByHand">The best query known for them, into the table `by_hand`.</param>
    private sealed record Case(string Key, string Name, string Sources, string Vars, string Observe, string Columns, string ByHand);
}
