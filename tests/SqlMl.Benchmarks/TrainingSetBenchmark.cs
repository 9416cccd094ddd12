using System.Globalization;
using SqlMl.DuckDb;

namespace SqlMl.Benchmarks;

/// <summary>
/// The Snowplow tutorial's training set on its sample replicated under new visitor ids: the SQL we emit against the tutorial's own joins, the same with their bounds mended,
/// and a window-function query that was tuned by hand for exactly this task, on the same DuckDB, from the same table in memory. Ours and one form by hand are split and
/// sorted; the tutorial leaves that to Python.
/// </summary>
internal static class TrainingSetBenchmark
{
    private const string Program = """
        source events { table events  entity visitor by domain_userid  time derived_tstamp
                        where app_id = 'website' and domain_userid is not null and event_name in ('page_view', 'submit_form') }
        entity visitor
        var visitor.num_page_views      = count(events where event_name = 'page_view')
        var visitor.num_pricing_views   = count(events where event_name = 'page_view' and page_url like '%pricing%')
        var visitor.num_customers_views = count(events where event_name = 'page_view' and page_url like '%customers%')
        predict prospect for visitor {
          label   exists(events where event_name = 'submit_form') in next 1 hour
          observe before each events
          until   first(events where event_name = 'submit_form')
          allow immature
          split   random 80 / 20 seed 42 stratified
          train   logistic
        }
        """;

    internal const string Columns = "domain_userid, cutoff, num_page_views, num_pricing_views, num_customers_views, label";

    private const string Kept = """
        kept AS (SELECT * FROM events WHERE app_id = 'website' AND domain_userid IS NOT NULL AND event_name IN ('page_view', 'submit_form'))
        """;

    /// <summary>The tutorial's self-joins; how they bound the future <c>f</c> of an event <c>e</c> is what differs.</summary>
    private static string Joins(string table, string withinTheHour) => $"""
        CREATE OR REPLACE TABLE {table} AS
        WITH {Kept},
        conversions AS (SELECT domain_userid, min(derived_tstamp) AS converted_at FROM kept WHERE event_name = 'submit_form' GROUP BY domain_userid),
        outcomes AS (
          SELECT e.event_id, coalesce(count_if(f.event_name = 'submit_form'), 0) > 0 AS label
          FROM kept e LEFT JOIN kept f ON f.domain_userid = e.domain_userid AND f.derived_tstamp > e.derived_tstamp AND {withinTheHour}
          GROUP BY e.event_id
        )
        SELECT e.domain_userid, e.derived_tstamp AS cutoff, e.event_name,
          coalesce(count_if(h.event_name = 'page_view'), 0) AS num_page_views,
          coalesce(count_if(h.event_name = 'page_view' AND h.page_url LIKE '%pricing%'), 0) AS num_pricing_views,
          coalesce(count_if(h.event_name = 'page_view' AND h.page_url LIKE '%customers%'), 0) AS num_customers_views,
          coalesce(o.label, false) AS label
        FROM kept e
        LEFT JOIN kept h ON h.domain_userid = e.domain_userid AND h.derived_tstamp < e.derived_tstamp
        LEFT JOIN outcomes o ON o.event_id = e.event_id
        LEFT JOIN conversions c ON c.domain_userid = e.domain_userid AND e.derived_tstamp >= c.converted_at
        WHERE c.domain_userid IS NULL
        GROUP BY ALL
        """;

    private static readonly string AsWritten = Joins("as_written", "datediff('second', e.derived_tstamp, f.derived_tstamp) <= 60 * 60");
    private static readonly string Mended = Joins("mended", "f.derived_tstamp <= e.derived_tstamp + INTERVAL 1 HOUR");

    // One pass: flags first, then frames on an integer key, all over one named window order.
    private const string Rows = """
        flags AS (
          SELECT domain_userid, derived_tstamp, epoch_us(derived_tstamp) AS k,
            event_name = 'page_view' AS pv,
            event_name = 'page_view' AND page_url LIKE '%pricing%' AS pr,
            event_name = 'page_view' AND page_url LIKE '%customers%' AS cu,
            event_name = 'submit_form' AS sf
          FROM kept
          WHERE derived_tstamp IS NOT NULL
        ),
        framed AS (
          SELECT domain_userid, derived_tstamp, k,
            count(*) FILTER (pv) OVER past AS num_page_views,
            count(*) FILTER (pr) OVER past AS num_pricing_views,
            count(*) FILTER (cu) OVER past AS num_customers_views,
            count(*) FILTER (sf) OVER (PARTITION BY domain_userid ORDER BY k RANGE BETWEEN 1 FOLLOWING AND 3600000000 FOLLOWING) > 0 AS label,
            min(CASE WHEN sf THEN k END) OVER (PARTITION BY domain_userid) AS first_sf
          FROM flags
          WINDOW past AS (PARTITION BY domain_userid ORDER BY k RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ),
        observed AS (SELECT * FROM framed WHERE first_sf IS NULL OR k < first_sf)
        """;

    private const string ByHand = $"""
        CREATE OR REPLACE TABLE by_hand AS
        WITH {Kept}, {Rows}
        SELECT domain_userid, derived_tstamp AS cutoff, num_page_views, num_pricing_views, num_customers_views, label FROM observed
        """;

    // The split by hash as in the language.
    private const string ByHandSplit = $"""
        CREATE OR REPLACE TABLE by_hand_split AS
        WITH {Kept}, {Rows},
        shuffled AS (
          SELECT *, row_number() OVER (PARTITION BY label ORDER BY md5('42|' || domain_userid || '|' || k), domain_userid, derived_tstamp) - 1 AS position,
            count(*) OVER (PARTITION BY label) AS total
          FROM observed
        )
        SELECT domain_userid, derived_tstamp AS cutoff, num_page_views, num_pricing_views, num_customers_views, label,
          CASE WHEN position * 100 < total * 80 THEN 'train' ELSE 'test' END AS split
        FROM shuffled
        ORDER BY domain_userid, derived_tstamp
        """;

    public static int Run(string[] args)
    {
        if (args.Length < 1 || !File.Exists(args[0]))
        {
            Console.Error.WriteLine("usage: training-set <sample_events.csv.gz> [copies = 100] [repeats = 5] [threads = 2] [seconds for the tutorial's own form = 0, which leaves it out]");
            return 2;
        }
        var copies = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100;
        var repeats = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;
        var threads = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 2;
        var limit = args.Length > 4 ? double.Parse(args[4], CultureInfo.InvariantCulture) : 0;

        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = threads });
        CreateEvents(connection, args[0], copies);
        var ours = Compile();
        Console.WriteLine($"{connection.Scalar<long>("SELECT COUNT(*) FROM events")} events, DuckDB {DuckDbConnection.LibraryVersion}, {threads} threads, {repeats} repeats in turn");
        foreach (var sql in (string[])[ours, Mended, ByHand, ByHandSplit]) connection.Execute(sql);
        if (Different(connection, "by_hand_split", Columns + ", split") + Different(connection, "by_hand", Columns) + Different(connection, "mended", Columns) is > 0 and var different)
        {
            Console.Error.WriteLine($"{different} rows differ");
            return 1;
        }
        Console.WriteLine($"{connection.Scalar<long>("SELECT COUNT(*) FROM prospect_training")} rows, equal in all forms");
        var seconds = Measure.SideBySide(
            connection, repeats, ("emitted by sqlml", ours), ("by hand, split and sorted", ByHandSplit), ("by hand, features and label", ByHand), ("the tutorial, its bound mended", Mended));
        if (limit > 0 && Measure.Once(connection, "the tutorial as written", AsWritten, seconds, TimeSpan.FromSeconds(limit)))
        {
            // The tutorial counts the seconds' boundaries between two instants: it has one positive more, 3,600.501 s ahead.
            Console.WriteLine($"{"",-34} its rows that ours does not have: {connection.Scalar<long>($"SELECT COUNT(*) FROM (SELECT {Columns} FROM as_written EXCEPT ALL SELECT {Columns} FROM prospect_training)")}");
        }
        return 0;
    }

    /// <summary>The sample, each copy under visitor ids of its own.</summary>
    internal static void CreateEvents(DuckDbConnection connection, string path, int copies) => connection.Execute($"""
        CREATE TABLE events AS
        SELECT app_id, event_id || '-' || n AS event_id, domain_userid || '-' || n AS domain_userid, derived_tstamp, event_name, page_url
        FROM read_csv('{path.Replace("'", "''", StringComparison.Ordinal)}'), range({copies}) AS copies(n)
        """);

    /// <summary>Fills `prospect_training`.</summary>
    internal static string Compile() => Programs.Compile(Program).Training.Sql;

    private static long Different(DuckDbConnection connection, string table, string columns) => Events.Different(connection, table, "prospect_training", columns);
}
