using System.Globalization;
using SqlMl.DuckDb;

namespace SqlMl.Benchmarks;

/// <summary>
/// The tutorial of twenty features before each event of a website: counts and distinct counts over 7 and 30 days, first touches, and a label within the hour. The training
/// set we emit, split and sorted, against the same values (without split and order) as the tutorial joins them, with its conditions mended, and by hand.
/// </summary>
internal static class WebFeaturesBenchmark
{
    private const string Program = """
        source web { table web  entity visitor by domain_userid  time derived_tstamp
                     where domain_sessionid is not null and event_name not in ('application_error', 'web_vitals', 'link_click') }
        entity visitor
        var visitor.sessions      = count_distinct(web.domain_sessionid) over 7, 30 days
        var visitor.apps          = count_distinct(web.app_id) over 7, 30 days
        var visitor.views         = count(web where event_name = 'page_view') over 7, 30 days
        var visitor.pings         = count(web where event_name = 'page_ping') over 7, 30 days
        var visitor.pricing       = count(web where event_name = 'page_view' and page_url like '%pricing%') over 7, 30 days
        var visitor.converted     = exists(web where event_name = 'submit_form') over 7, 30 days
        var visitor.forms_7d      = exists(web where event_name in ('focus_form', 'change_form')) over 7 days
        var visitor.media_30d     = count(web where media_player is not null) over 30 days
        var visitor.campaigns_30d = count_distinct(web.mkt_campaign) over 30 days
        var visitor.refr_30d      = first(web.refr_medium where refr_medium is not null) over 30 days default ''
        var visitor.mkt_30d       = first(web.mkt_medium where mkt_medium is not null) over 30 days default ''
        predict prospect for visitor {
          label   exists(web where event_name = 'submit_form') in next 1 hour
          observe before each web
          var     app = anchor.app_id default ''
          var     weekday = dayofweekiso(cutoff)
          var     device = anchor.device_class default ''
          using   all
          allow immature
          split   random 80 / 20
          train   logistic
        }
        """;

    private const string Columns = "domain_userid, cutoff, app, weekday, device, sessions_7d, apps_7d, views_7d, pings_7d, pricing_7d, converted_7d, forms_7d, "
        + "sessions_30d, apps_30d, views_30d, pings_30d, pricing_30d, converted_30d, media_30d, refr_30d, mkt_30d, campaigns_30d, label";

    private const string Kept = "SELECT * FROM web WHERE domain_sessionid IS NOT NULL AND event_name NOT IN ('application_error', 'web_vitals', 'link_click')";

    /// <summary>The tutorial's two self-joins; how they bound the time of a row <c>h</c> of history and <c>f</c> of the future against <c>e</c> is what differs.</summary>
    private static string Joins(string table, string within30Days, string within7Days, string withinTheHour) => $"""
        CREATE OR REPLACE TABLE {table} AS
        WITH kept AS ({Kept}),
        outcomes AS (
          SELECT e.event_id, coalesce(count_if(f.event_name = 'submit_form'), 0) > 0 AS label
          FROM kept e LEFT JOIN kept f ON f.domain_userid = e.domain_userid AND f.derived_tstamp > e.derived_tstamp AND {withinTheHour}
          GROUP BY e.event_id
        ),
        histories AS (
          SELECT e.event_id, e.domain_userid, e.derived_tstamp AS cutoff, coalesce(e.app_id, '') AS app, isodow(e.derived_tstamp) AS weekday, coalesce(e.device_class, '') AS device,
            count(DISTINCT CASE WHEN {within7Days} THEN h.domain_sessionid END) AS sessions_7d,
            count(DISTINCT CASE WHEN {within7Days} THEN h.app_id END) AS apps_7d,
            coalesce(count_if({within7Days} AND h.event_name = 'page_view'), 0) AS views_7d,
            coalesce(count_if({within7Days} AND h.event_name = 'page_ping'), 0) AS pings_7d,
            coalesce(count_if({within7Days} AND h.event_name = 'page_view' AND h.page_url LIKE '%pricing%'), 0) AS pricing_7d,
            coalesce(count_if({within7Days} AND h.event_name = 'submit_form'), 0) > 0 AS converted_7d,
            coalesce(count_if({within7Days} AND h.event_name IN ('focus_form', 'change_form')), 0) > 0 AS forms_7d,
            count(DISTINCT h.domain_sessionid) AS sessions_30d,
            count(DISTINCT h.app_id) AS apps_30d,
            coalesce(count_if(h.event_name = 'page_view'), 0) AS views_30d,
            coalesce(count_if(h.event_name = 'page_ping'), 0) AS pings_30d,
            coalesce(count_if(h.event_name = 'page_view' AND h.page_url LIKE '%pricing%'), 0) AS pricing_30d,
            coalesce(count_if(h.event_name = 'submit_form'), 0) > 0 AS converted_30d,
            coalesce(count_if(h.media_player IS NOT NULL), 0) AS media_30d,
            coalesce(min_by(h.refr_medium, h.derived_tstamp), '') AS refr_30d,
            coalesce(min_by(h.mkt_medium, h.derived_tstamp), '') AS mkt_30d,
            count(DISTINCT h.mkt_campaign) AS campaigns_30d
          FROM kept e LEFT JOIN kept h ON h.domain_userid = e.domain_userid AND h.derived_tstamp < e.derived_tstamp AND {within30Days}
          GROUP BY ALL
        )
        SELECT h.*, o.label FROM histories h JOIN outcomes o ON o.event_id = h.event_id
        """;

    private static readonly string AsWritten = Joins(
        "as_written",
        "datediff('second', h.derived_tstamp, e.derived_tstamp) <= 60 * 60 * 24 * 30",
        "datediff('second', h.derived_tstamp, e.derived_tstamp) <= 60 * 60 * 24 * 7",
        "datediff('second', e.derived_tstamp, f.derived_tstamp) <= 60 * 60");

    private static readonly string Mended = Joins(
        "mended",
        "h.derived_tstamp >= e.derived_tstamp - INTERVAL 30 DAY",
        "h.derived_tstamp >= e.derived_tstamp - INTERVAL 7 DAY",
        "f.derived_tstamp <= e.derived_tstamp + INTERVAL 1 HOUR");

    // Flags first, so that no wide text is sorted; runs of equal values for the distinct counts; counters three to a number, each below 2^20; one look-up a window.
    private const string ByHand = $"""
        CREATE OR REPLACE TABLE by_hand AS
        WITH flags AS (
          SELECT domain_userid AS u, derived_tstamp, epoch_us(derived_tstamp) AS k, app_id, device_class, domain_sessionid AS session, mkt_campaign AS campaign, refr_medium, mkt_medium,
            CASE WHEN event_name = 'page_view' THEN 1 ELSE 0 END + CASE WHEN event_name = 'page_ping' THEN 1048576 ELSE 0 END
              + CASE WHEN event_name = 'page_view' AND page_url LIKE '%pricing%' THEN 1099511627776 ELSE 0 END AS a,
            CASE WHEN event_name = 'submit_form' THEN 1 ELSE 0 END + CASE WHEN event_name IN ('focus_form', 'change_form') THEN 1048576 ELSE 0 END
              + CASE WHEN media_player IS NOT NULL THEN 1099511627776 ELSE 0 END AS b,
            event_name = 'submit_form' AS form
          FROM ({Kept})
        ),
        neighbours AS (
          SELECT *,
            k - lag(k) OVER session_order AS session_before, lead(k) OVER session_order - k AS session_after,
            k - lag(k) OVER app_order AS app_before, lead(k) OVER app_order - k AS app_after,
            k - lag(k) OVER campaign_order AS campaign_before, lead(k) OVER campaign_order - k AS campaign_after
          FROM flags
          WINDOW session_order AS (PARTITION BY u, session ORDER BY k), app_order AS (PARTITION BY u, app_id ORDER BY k), campaign_order AS (PARTITION BY u, campaign ORDER BY k)
        ),
        packed AS (
          SELECT u, derived_tstamp, k, app_id, device_class, refr_medium, mkt_medium, a, b, form,
            CASE WHEN coalesce(session_after > 604800000000, true) THEN 1 ELSE 0 END + CASE WHEN app_id IS NOT NULL AND coalesce(app_after > 604800000000, true) THEN 1048576 ELSE 0 END AS ends_7d,
            CASE WHEN coalesce(session_after > 2592000000000, true) THEN 1 ELSE 0 END + CASE WHEN app_id IS NOT NULL AND coalesce(app_after > 2592000000000, true) THEN 1048576 ELSE 0 END
              + CASE WHEN campaign IS NOT NULL AND coalesce(campaign_after > 2592000000000, true) THEN 1099511627776 ELSE 0 END AS ends_30d,
            CASE WHEN coalesce(session_before > 604800000000, true) THEN 1 ELSE 0 END + CASE WHEN app_id IS NOT NULL AND coalesce(app_before > 604800000000, true) THEN 1048576 ELSE 0 END AS begins_7d,
            CASE WHEN coalesce(session_before > 2592000000000, true) THEN 1 ELSE 0 END + CASE WHEN app_id IS NOT NULL AND coalesce(app_before > 2592000000000, true) THEN 1048576 ELSE 0 END
              + CASE WHEN campaign IS NOT NULL AND coalesce(campaign_before > 2592000000000, true) THEN 1099511627776 ELSE 0 END AS begins_30d
          FROM neighbours
        ),
        sums AS (
          SELECT u, derived_tstamp, k, app_id, device_class,
            coalesce(CAST(sum(a) OVER past AS BIGINT), 0) AS a, coalesce(CAST(sum(b) OVER past AS BIGINT), 0) AS b,
            coalesce(CAST(sum(ends_7d) OVER past AS BIGINT), 0) AS ends_7d, coalesce(CAST(sum(ends_30d) OVER past AS BIGINT), 0) AS ends_30d,
            coalesce(CAST(sum(begins_7d) OVER past AS BIGINT), 0) AS begins_7d, coalesce(CAST(sum(begins_30d) OVER past AS BIGINT), 0) AS begins_30d,
            first_value(refr_medium IGNORE NULLS) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN 2592000000000 PRECEDING AND 1 PRECEDING) AS refr,
            first_value(mkt_medium IGNORE NULLS) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN 2592000000000 PRECEDING AND 1 PRECEDING) AS mkt,
            count(CASE WHEN form THEN 1 END) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN 1 FOLLOWING AND 3600000000 FOLLOWING) > 0 AS label
          FROM packed
          WINDOW past AS (PARTITION BY u ORDER BY k RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ),
        ago AS (
          SELECT *,
            first_value(struct_pack(a := a, b := b, ends := ends_7d)) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN 604800000000 PRECEDING AND CURRENT ROW) AS w,
            first_value(struct_pack(a := a, b := b, ends := ends_30d)) OVER (PARTITION BY u ORDER BY k RANGE BETWEEN 2592000000000 PRECEDING AND CURRENT ROW) AS m
          FROM sums
        )
        SELECT u AS domain_userid, derived_tstamp AS cutoff, coalesce(app_id, '') AS app, isodow(derived_tstamp) AS weekday, coalesce(device_class, '') AS device,
          (begins_7d & 1048575) - (w.ends & 1048575) AS sessions_7d, (begins_7d >> 20) - (w.ends >> 20) AS apps_7d,
          a - w.a & 1048575 AS views_7d, (a - w.a >> 20) & 1048575 AS pings_7d, a - w.a >> 40 AS pricing_7d,
          (b - w.b & 1048575) > 0 AS converted_7d, ((b - w.b >> 20) & 1048575) > 0 AS forms_7d,
          (begins_30d & 1048575) - (m.ends & 1048575) AS sessions_30d, ((begins_30d >> 20) & 1048575) - ((m.ends >> 20) & 1048575) AS apps_30d,
          a - m.a & 1048575 AS views_30d, (a - m.a >> 20) & 1048575 AS pings_30d, a - m.a >> 40 AS pricing_30d,
          (b - m.b & 1048575) > 0 AS converted_30d, b - m.b >> 40 AS media_30d, coalesce(refr, '') AS refr_30d, coalesce(mkt, '') AS mkt_30d,
          (begins_30d >> 40) - (m.ends >> 40) AS campaigns_30d, label
        FROM ago
        """;

    public static int Run(string[] args)
    {
        var count = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        var repeats = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        var limit = TimeSpan.FromSeconds(args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 300);
        string[] once = args.Length > 3 ? args[3].Split(',') : ["written", "mended"];

        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 2 });
        Events.CreateWeb(connection, count);
        var ours = Programs.Compile(Program).Training.Sql;
        Console.WriteLine($"{count} events of {Events.Users(count)} visitors, DuckDB {DuckDbConnection.LibraryVersion}, 2 threads, {repeats} repeats in turn");
        connection.Execute(ours);
        connection.Execute(ByHand);
        if (Events.Different(connection, "prospect_training", "by_hand", Columns) is > 0 and var different)
        {
            Console.Error.WriteLine($"{different} rows differ from the form by hand");
            return 1;
        }
        var seconds = Measure.SideBySide(
            connection, repeats, ("emitted by sqlml, with its split", ours), ("by hand, without a split", ByHand), ("sorting the columns that are read", Floor));
        foreach (var (key, name, table, sql) in new[] { ("mended", "the tutorial, its bounds mended", "mended", Mended), ("written", "the tutorial as written", "as_written", AsWritten) })
        {
            if (!once.Contains(key) || !Measure.Once(connection, name, sql, seconds, limit)) continue;
            // The tutorial counts the seconds' boundaries between two instants, so that its windows are up to a second longer.
            Console.WriteLine($"{"",-34} rows that differ from ours: {Events.Different(connection, table, "prospect_training", Columns)}");
        }
        return 0;
    }

    private const string Floor = $"""
        CREATE OR REPLACE TABLE floor AS
        SELECT * EXCLUDE (k) FROM (
          SELECT domain_userid, derived_tstamp, epoch_us(derived_tstamp) AS k, app_id, device_class, domain_sessionid, mkt_campaign, refr_medium, mkt_medium, event_name, media_player IS NOT NULL AS media,
            page_url LIKE '%pricing%' AS pricing FROM ({Kept}))
        ORDER BY domain_userid, k
        """;
}
