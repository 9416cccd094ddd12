using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Benchmarks;

/// <summary>
/// The Snowplow tutorial's training set on its sample replicated under new visitor ids: the SQL we emit against a window-function query
/// that was tuned by hand for exactly this task, on the same DuckDB, from the same table in memory.
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

    // One pass: flags first, then frames on an integer key, all over one named window order; the split by hash as in the language.
    private const string HandTuned = """
        CREATE OR REPLACE TABLE hand_tuned AS
        WITH flags AS (
          SELECT domain_userid, derived_tstamp, epoch_us(derived_tstamp) AS k,
            event_name = 'page_view' AS pv,
            event_name = 'page_view' AND page_url LIKE '%pricing%' AS pr,
            event_name = 'page_view' AND page_url LIKE '%customers%' AS cu,
            event_name = 'submit_form' AS sf
          FROM events
          WHERE app_id = 'website' AND domain_userid IS NOT NULL AND event_name IN ('page_view', 'submit_form') AND derived_tstamp IS NOT NULL
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
        kept AS (SELECT * FROM framed WHERE first_sf IS NULL OR k < first_sf),
        shuffled AS (
          SELECT *, row_number() OVER (PARTITION BY label ORDER BY md5('42|' || domain_userid || '|' || k), domain_userid, derived_tstamp) - 1 AS position,
            count(*) OVER (PARTITION BY label) AS total
          FROM kept
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
            Console.Error.WriteLine("usage: training-set <sample_events.csv.gz> [copies = 100] [repeats = 5] [threads = 2]");
            return 2;
        }
        var copies = args.Length > 1 ? int.Parse(args[1]) : 100;
        var repeats = args.Length > 2 ? int.Parse(args[2]) : 5;
        var threads = args.Length > 3 ? int.Parse(args[3]) : 2;

        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = threads });
        connection.Execute($"""
            CREATE TABLE events AS
            SELECT app_id, event_id || '-' || n AS event_id, domain_userid || '-' || n AS domain_userid, derived_tstamp, event_name, page_url
            FROM read_csv('{args[0].Replace("'", "''", StringComparison.Ordinal)}'), range({copies}) AS copies(n)
            """);
        var model = Compile();
        Console.WriteLine($"{connection.Scalar<long>("SELECT COUNT(*) FROM events")} events, DuckDB {DuckDbConnection.LibraryVersion}, {threads} threads, {repeats} repeats in turn");
        var seconds = Measure.Alternate(repeats, () => connection.Execute(model.Training.Sql), () => connection.Execute(HandTuned));
        Measure.Print("emitted by sqlml", seconds[0]);
        Measure.Print("hand-tuned window functions", seconds[1]);
        var ratios = seconds[0].Zip(seconds[1], (ours, theirs) => ours / theirs).ToArray();
        Console.WriteLine($"ratio, pair by pair: min {ratios.Min():0.00}, median {Measure.Median(ratios):0.00}, max {ratios.Max():0.00}");

        var different = connection.Scalar<long>("""
            SELECT (SELECT COUNT(*) FROM (SELECT * FROM prospect_training EXCEPT ALL SELECT * FROM hand_tuned))
                 + (SELECT COUNT(*) FROM (SELECT * FROM hand_tuned EXCEPT ALL SELECT * FROM prospect_training))
            """);
        Console.WriteLine($"rows: {connection.Scalar<long>("SELECT COUNT(*) FROM prospect_training")}, rows that differ: {different}");
        return different == 0 ? 0 : 1;
    }

    private static CompiledModel Compile()
    {
        var compiled = SqlMlCompiler.Compile([new SourceText("prospect.sqlml", Program)], new CompileOptions { Dialect = "duckdb" });
        return compiled.Succeeded ? compiled.Models.Single() : throw new InvalidOperationException(DiagnosticText.Render(compiled.Diagnostics));
    }
}
