using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Benchmarks;

/// <summary>
/// Features before each event: the SQL we emit, the same with one frame a feature, as one range join a window, and the best form by hand; beside them the least that any
/// form must do, sorting the columns and writing as many. All on the same DuckDB, from the same table in memory, into a table of the same rows.
/// </summary>
internal static class EventAnchorsBenchmark
{
    internal static readonly Case[] Cases =
    [
        new("18 counts, sums and means over 7 days, 30 days and all", """
            var customer.n    = count(ev)
            var customer.n7   = count(ev) over 7 days
            var customer.n30  = count(ev) over 30 days
            var customer.p    = count(ev where typ = 3)
            var customer.p7   = count(ev where typ = 3) over 7 days
            var customer.p30  = count(ev where typ = 3) over 30 days
            var customer.s    = sum(ev.amt)
            var customer.s7   = sum(ev.amt) over 7 days
            var customer.s30  = sum(ev.amt) over 30 days
            var customer.q    = sum(ev.amt where typ < 5)
            var customer.q7   = sum(ev.amt where typ < 5) over 7 days
            var customer.q30  = sum(ev.amt where typ < 5) over 30 days
            var customer.a    = avg(ev.amt)
            var customer.a7   = avg(ev.amt) over 7 days
            var customer.a30  = avg(ev.amt) over 30 days
            var customer.b    = avg(ev.amt where typ < 5)
            var customer.b7   = avg(ev.amt where typ < 5) over 7 days
            var customer.b30  = avg(ev.amt where typ < 5) over 30 days
            """, "n, n7, n30, p, p7, p30, s, s7, s30, q, q7, q30, a, a7, a30, b, b7, b30", """
            CREATE OR REPLACE TABLE hand AS
            SELECT u, ts AS cutoff,
              c_n AS n, c_n - l7.n AS n7, c_n - l30.n AS n30, c_p AS p, c_p - l7.p AS p7, c_p - l30.p AS p30,
              c_s::DOUBLE AS s, (c_s - l7.s)::DOUBLE AS s7, (c_s - l30.s)::DOUBLE AS s30,
              c_q::DOUBLE AS q, (c_q - l7.q)::DOUBLE AS q7, (c_q - l30.q)::DOUBLE AS q30,
              c_s::DOUBLE / nullif(c_sn, 0) AS a, (c_s - l7.s)::DOUBLE / nullif(c_sn - l7.sn, 0) AS a7, (c_s - l30.s)::DOUBLE / nullif(c_sn - l30.sn, 0) AS a30,
              c_q::DOUBLE / nullif(c_qn, 0) AS b, (c_q - l7.q)::DOUBLE / nullif(c_qn - l7.qn, 0) AS b7, (c_q - l30.q)::DOUBLE / nullif(c_qn - l30.qn, 0) AS b30
            FROM (
              SELECT *,
                first_value(struct_pack(n := c_n, p := c_p, s := c_s, q := c_q, sn := c_sn, qn := c_qn)) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN 604800000000 PRECEDING AND CURRENT ROW) AS l7,
                first_value(struct_pack(n := c_n, p := c_p, s := c_s, q := c_q, sn := c_sn, qn := c_qn)) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN 2592000000000 PRECEDING AND CURRENT ROW) AS l30
              FROM (
                SELECT u, ts, k, count(*) OVER w AS c_n, count(CASE WHEN typ = 3 THEN 1 END) OVER w AS c_p,
                  coalesce(sum(amt) OVER w, 0) AS c_s, coalesce(sum(CASE WHEN typ < 5 THEN amt END) OVER w, 0) AS c_q,
                  count(amt) OVER w AS c_sn, count(CASE WHEN typ < 5 THEN amt END) OVER w AS c_qn
                FROM (SELECT u, ts, typ, amt, epoch_us(ts) AS k FROM ev)
                WINDOW w AS (PARTITION BY u ORDER BY k RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)))
            """),
        new("distinct values within 7 days, 30 days and all", """
            var customer.d7   = count_distinct(ev.x) over 7 days
            var customer.d30  = count_distinct(ev.x) over 30 days
            var customer.d    = count_distinct(ev.x)
            """, "d7, d30, d", """
            CREATE OR REPLACE TABLE hand AS
            SELECT u, ts AS cutoff, c_s7 - first_value(c_e7) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN 604800000000 PRECEDING AND CURRENT ROW) AS d7,
              c_s30 - first_value(c_e30) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN 2592000000000 PRECEDING AND CURRENT ROW) AS d30, c_s AS d
            FROM (
              SELECT u, ts, k, count(s7) OVER w AS c_s7, count(e7) OVER w AS c_e7, count(s30) OVER w AS c_s30, count(e30) OVER w AS c_e30, count(s) OVER w AS c_s
              FROM (
                SELECT u, ts, k,
                  CASE WHEN x IS NOT NULL AND (p IS NULL OR k - p > 604800000000) THEN 1 END AS s7, CASE WHEN x IS NOT NULL AND (n IS NULL OR n - k > 604800000000) THEN 1 END AS e7,
                  CASE WHEN x IS NOT NULL AND (p IS NULL OR k - p > 2592000000000) THEN 1 END AS s30, CASE WHEN x IS NOT NULL AND (n IS NULL OR n - k > 2592000000000) THEN 1 END AS e30,
                  CASE WHEN x IS NOT NULL AND p IS NULL THEN 1 END AS s
                FROM (
                  SELECT u, ts, k, x, lag(k) OVER (PARTITION BY u, x ORDER BY k) AS p, lead(k) OVER (PARTITION BY u, x ORDER BY k) AS n
                  FROM (SELECT u, ts, x, epoch_us(ts) AS k FROM ev)))
              WINDOW w AS (PARTITION BY u ORDER BY k RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
            """),
    ];

    /// <summary>Runs every case; the exit code says whether all forms gave equal rows.</summary>
    public static int Run(string[] args)
    {
        var count = args.Length > 0 ? long.Parse(args[0]) : 1_000_000;
        var repeats = args.Length > 1 ? int.Parse(args[1]) : 3;
        var withJoin = args.Length > 2 ? bool.Parse(args[2]) : count <= 1_000_000;
        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 2 });
        Events.Create(connection, count);
        Console.WriteLine($"{count} events of {Events.Users(count)} users, DuckDB {DuckDbConnection.LibraryVersion}, 2 threads, {repeats} repeats in turn");
        return Cases.Sum(item => Run(connection, item, repeats, withJoin)) == 0 ? 0 : 1;
    }

    private static int Run(DuckDbConnection connection, Case item, int repeats, bool withJoin)
    {
        Console.WriteLine($"\n{item.Name}");
        (string Name, string Sql)[] forms =
        [
            ("emitted by sqlml", Compile(item, [])),
            ("emitted without running sums", Compile(item, ["choose-running-sums"])),
            .. withJoin ? [("emitted as range joins", Compile(item, ["choose-running-sums", "choose-frames"]))] : Array.Empty<(string, string)>(),
            ("by hand", item.ByHand),
            ("sorting, and writing as many", Floor(item)),
        ];
        connection.Execute(item.ByHand);
        foreach (var (name, sql) in forms[..^2])
        {
            connection.Execute(sql);
            var columns = $"u, cutoff, {item.Columns}";
            if (Events.Different(connection, "task_candidates", "hand", columns) is > 0 and var different)
            {
                Console.WriteLine($"{name}: {different} rows differ from the form by hand");
                return 1;
            }
        }
        var seconds = Measure.Alternate(repeats, [.. forms.Select(form => (Action)(() => connection.Execute(form.Sql)))]);
        for (var i = 0; i < forms.Length; i++)
        {
            Measure.Print(forms[i].Name, seconds[i]);
            if (i > 0) Console.WriteLine($"{"",-34} ours is {Measure.Median(seconds[0].Zip(seconds[i], (ours, theirs) => ours / theirs)):0.00} times it (median, pair by pair)");
        }
        return 0;
    }

    /// <summary>Sorts what the features read as they need it, and writes a column for each.</summary>
    internal static string Floor(Case item) => $"""
        CREATE OR REPLACE TABLE floor AS
        SELECT u, ts, {string.Join(", ", item.Columns.Split(", ").Select((name, i) => $"r + {i} AS {name}"))}
        FROM (SELECT u, ts, typ, amt, x, row_number() OVER (PARTITION BY u ORDER BY k) AS r FROM (SELECT u, ts, typ, amt, x, epoch_us(ts) AS k FROM ev))
        """;

    internal static string Compile(Case item, string[] disabled)
    {
        var program = $$"""
            source ev { table ev  entity customer by u  time ts }
            entity customer
            {{item.Vars}}
            predict task for customer {
              label   exists(ev where typ = 0) in next 1 day
              observe before each ev
              split   random 80 / 20
              train   logistic
            }
            """;
        var compiled = SqlMlCompiler.Compile([new SourceText("task.sqlml", program)], new CompileOptions { Dialect = "duckdb", ForProof = true, DisabledPasses = [.. disabled] });
        return compiled.Succeeded ? compiled.Models.Single().Proof!.Candidates.Sql : throw new InvalidOperationException(DiagnosticText.Render(compiled.Diagnostics));
    }

    /// <param name="Name">What is computed.</param>
    /// <param name="Vars">The features in the language.</param>
    /// <param name="Columns">Their names.</param>
    /// <param name="ByHand">The best query known for them, into the table `hand` with the columns u, cutoff and those.</param>
    internal sealed record Case(string Name, string Vars, string Columns, string ByHand);
}
