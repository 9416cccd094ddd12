using System.Collections.Immutable;
using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.Tasks.Meaning;

namespace SqlMl.OracleTests.Tasks;

/// <summary>Group (c) of the acceptance corpus: whole systems.</summary>
internal static class SystemTasks
{
    private const string Churn =
        """
        source events  { table rs.tracks  entity user by user_id  time timestamp }
        source orders  { table rs.orders  entity user by user_id  time ordered_at }
        source traits  { table rs.identifies  entity user by user_id  time timestamp }
        entity user
        var user.days_since_last_seen = days since last(events)      "Days since the user was last seen"
        var user.churn_30_days        = case when days_since_last_seen >= 30 then 1 else 0 end
        var user.is_churned_7_days    = not exists(events) over 7 days
        var user.country              = last(traits.country)
        var user.is_payer             = exists(orders)
        var user.name                 = last(traits.name)
        var user.gender               = last(traits.gender)
        var user.device_type          = last(traits.device_type)
        var user.orders               = count(orders) over 7, 30, 90 days
        predict shopify_churn for user {
          label    is_churned_7_days after 7 days
          when     country = 'US' and is_payer = true
          observe  every 14 days count 3
          using    all except name, gender, device_type
          sample   30000 rows
          split    random 60 / 20 / 20 seed 42 stratified
          train    best of logistic, xgboost by average_precision
          retrain  after 168 hours
          schedule score daily at '03:00'
          output {
            score       churn_score_7_days             "Probability of churning in 7 days"
            percentile  percentile_churn_score_7_days  "Percentile of churn score. Higher the percentile, higher the probability of churn"
            class       is_likely_to_churn
            keep        last 5 runs
          }
        }
        view customer360 for user { all, shopify_churn.score, shopify_churn.percentile }
        """;

    private const string Stitched =
        """
        entity user { id main_id from user_id, anonymous_id, email }
        source identifies { table rudder.identifies  ids user_id, anonymous_id, email  time timestamp }
        source tracks     { table rudder.tracks      entity user by anonymous_id       time timestamp }
        source tickets    { table zendesk.tickets    entity user by email              time created_at }
        source purchases  { table stripe.charges     entity user by email              time created }
        var user.ltv            = sum(purchases.amount)                                "Lifetime value"
        var user.active_days    = active_days(tracks) over 30, 365 days
        var user.tickets_90d    = count(tickets) over 90 days
        var user.last_purchase  = days since last(purchases)
        predict churn for user { label not exists(tracks) in next 30 days  when exists(tracks) over 60 days  observe every 7 days  train xgboost }
        view   user_features for user { all, churn.score }
        cohort valuable_at_risk for user = churn.percentile >= 90 and ltv > 500
        cohort winback          for user = valuable_at_risk and tickets_90d = 0
        """;

    private const string Snowplow =
        """
        param events_table = 'snowplow_tracker_db.atomic.events'
        source events { table param events_table
                        entity visitor by domain_userid  time derived_tstamp  key event_id
                        where domain_sessionid is not null and event_name not in ('application_error', 'web_vitals', 'link_click') }
        entity visitor
        var visitor.num_sessions          = count_distinct(events.domain_sessionid) over 7, 30 days
        var visitor.num_apps              = count_distinct(events.app_id) over 7, 30 days
        var visitor.num_page_views        = count(events where event_name = 'page_view') over 7, 30 days
        var visitor.num_page_pings        = count(events where event_name = 'page_ping') over 7, 30 days
        var visitor.num_pricing_views     = count(events where event_name = 'page_view' and page_url like '%pricing%') over 7, 30 days
        var visitor.had_conversions       = exists(events where event_name = 'submit_form') over 7, 30 days
        var visitor.had_form_engagements_7d = exists(events where event_name in ('focus_form', 'change_form')) over 7 days
        var visitor.num_media_events_30d  = count(events where contexts_com_snowplowanalytics_snowplow_media_player_2 is not null) over 30 days
        var visitor.first_refr_medium_30d = first(events.refr_medium) over 30 days default ''
        var visitor.first_mkt_medium_30d  = first(events.mkt_medium) over 30 days default ''
        var visitor.num_engaged_campaigns_30d = count_distinct(events.mkt_campaign) over 30 days
        predict prospect for visitor {
          label   exists(events where event_name = 'submit_form') in next 1 hour
          when    exists(events where app_id in ('website', 'hs-landing')) and days since first(events) <= 30
          observe before each events from as_of - 60 days until as_of - 30 days
          var     latest_app_id       = anchor.app_id default ''
          var     day_of_week         = dayofweekiso(cutoff)
          var     latest_device_class = anchor.contexts_nl_basjes_yauaa_context_1[0]:deviceClass::string default ''
          using   all
          split   random 80 / 20 seed 0 stratified
          train   xgboost { eval_metric logloss  seed 0 }
        }
        """;

    private const string Sample =
        """
        source events { file 'sample_events.csv.gz'  entity visitor by domain_userid  time derived_tstamp
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
          train   logistic { class_weight balanced  seed 42 }
          output { score likely_to_submit  class hot_prospect }
        }
        """;

    private const string External =
        """
        source payments { file 'payments.csv'  entity account by account_id  time paid_at }
        entity account
        var account.payments_90d = count(payments) over 90 days
        var account.revenue_90d  = sum(payments.amount) over 90 days
        predict upgrade for account {
          label   exists(payments where plan = 'pro') in next 30 days
          observe every 30 days
          using   payments_90d, revenue_90d
          train   external 'model.zip' { map n_payments = payments_90d  amount = revenue_90d }
          output  { score upgrade_score  class will_upgrade }
        }
        cohort hot for account = upgrade.score >= 0.8
        """;

    public static ImmutableArray<OracleTask> All { get; } =
    [
        new("S0", Churn, ChurnOf) { Refused = ["SML2900"], Changes = [("best of logistic, xgboost by average_precision", "xgboost")] },
        new("S1", Stitched, null) { Refused = ["SML2900", "SML2900"] },
        new("S2", Snowplow, SnowplowOf),
        new("S3", Sample, SampleOf),
        new("S4", External, UpgradeOf) { Refused = ["SML2900"], Changes = [("external 'model.zip' { map n_payments = payments_90d  amount = revenue_90d }", "logistic")] },
    ];

    private static OracleProgram ChurnOf(TaskRows rows) => Program(
        "user",
        Model("shopify_churn", new LaterExpression(Read("is_churned_7_days"), Days(7)), new GridObservation(Days(14), null, null, null, 3)) with
        {
            When = And(Compare(Read("country"), OracleOperator.Equal, Constant("US")), Compare(Read("is_payer"), OracleOperator.Equal, Constant(true))),
            Using = new FeatureSelection(true, ["name", "gender", "device_type"]),
            Sample = 30_000,
            Split = new OracleSplit(false, [60, 20, 20], 42, true),
        },
        [
            Var("days_since_last_seen", DaysSince(Last("events"))),
            Var("churn_30_days", new CaseExpression(
                [new CaseBranch(Compare(Read("days_since_last_seen"), OracleOperator.GreaterOrEqual, Constant(30m)), Constant(1m))], Constant(0m))),
            Var("is_churned_7_days", Not(Exists("events", window: Over(Days(7))))),
            Var("country", Take(AggregateKind.Last, "traits.country")),
            Var("is_payer", Exists("orders")),
            Var("name", Take(AggregateKind.Last, "traits.name")),
            Var("gender", Take(AggregateKind.Last, "traits.gender")),
            Var("device_type", Take(AggregateKind.Last, "traits.device_type")),
            Family("orders", Count("orders"), DurationUnit.Day, 7, 30, 90),
        ],
        rows.Source("events", 70, """
            user_id text u1 u2 u3 u4 u5 u6 4%
            timestamp instant in 90d 4%
            """).Of("user_id", "timestamp"),
        rows.Source("orders", 50, """
            user_id text u1 u2 u3 u4 u5 u7 4%
            ordered_at instant in 90d
            """).Of("user_id", "ordered_at"),
        rows.Source("traits", 40, """
            user_id text u1 u2 u3 u4 u5 u6
            timestamp instant in 60d
            country text US US US FR 5%
            name text Ann Bob 20%
            gender text f m 20%
            device_type text ios web 20%
            """).Of("user_id", "timestamp"));

    private static readonly ImmutableArray<string> Devices =
        ["""[{"deviceClass":"Phone"}]""", """[{"deviceClass":"Desktop"},{"deviceClass":"Phone"}]""", """[{"deviceClass":null}]""", """[{"other":1}]""", "[]"];

    private static OracleProgram SnowplowOf(TaskRows rows)
    {
        var submitted = Is("event_name", "submit_form");
        return Program(
            "visitor",
            Model("prospect", Exists("events", submitted, Next(Hours(1))),
                new EachObservation(true, new RowSelection("events", null), new ObservationBound(null, Days(60)), new ObservationBound(null, Days(30)))) with
            {
                When = And(
                    Exists("events", IsOneOf("app_id", "website", "hs-landing")),
                    Compare(DaysSince(First("events")), OracleOperator.LessOrEqual, Constant(30m))),
                Vars =
                [
                    Var("latest_app_id", Anchor("app_id"), ""),
                    Var("day_of_week", new CallExpression("dayofweekiso", [new CutoffExpression()])),
                    Var("latest_device_class", new CastExpression(new PathExpression(Anchor("contexts_nl_basjes_yauaa_context_1"), [0, "deviceClass"]), OracleType.String), ""),
                ],
                Split = new OracleSplit(false, [80, 20], 0, true),
            },
            [
                Family("num_sessions", Take(AggregateKind.CountDistinct, "events.domain_sessionid"), DurationUnit.Day, 7, 30),
                Family("num_apps", Take(AggregateKind.CountDistinct, "events.app_id"), DurationUnit.Day, 7, 30),
                Family("num_page_views", Count("events", Is("event_name", "page_view")), DurationUnit.Day, 7, 30),
                Family("num_page_pings", Count("events", Is("event_name", "page_ping")), DurationUnit.Day, 7, 30),
                Family("num_pricing_views", Count("events", And(Is("event_name", "page_view"), Like("page_url", "%pricing%"))), DurationUnit.Day, 7, 30),
                Family("had_conversions", Exists("events", submitted), DurationUnit.Day, 7, 30),
                Var("had_form_engagements_7d", Exists("events", IsOneOf("event_name", "focus_form", "change_form"), Over(Days(7)))),
                Var("num_media_events_30d", Count("events", IsKnown("contexts_com_snowplowanalytics_snowplow_media_player_2"), Over(Days(30)))),
                Var("first_refr_medium_30d", Take(AggregateKind.First, "events.refr_medium", Over(Days(30))), ""),
                Var("first_mkt_medium_30d", Take(AggregateKind.First, "events.mkt_medium", Over(Days(30))), ""),
                Var("num_engaged_campaigns_30d", Take(AggregateKind.CountDistinct, "events.mkt_campaign", Over(Days(30)))),
            ],
            rows.Source("events", 160, $"""
                domain_userid text u1 u2 u3 u4 u5 u6 u7 u8 u9 4%
                derived_tstamp instant in 90d 3%
                event_id integer serial
                domain_sessionid text s1 s2 s3 s4 5%
                event_name text page_view page_view page_ping submit_form submit_form focus_form web_vitals 3%
                app_id text website website hs-landing shop 10%
                page_url text /pricing /a/pricing/b /home 10%
                refr_medium text search social 30%
                mkt_medium text cpc mail 30%
                mkt_campaign text c1 c2 50%
                contexts_com_snowplowanalytics_snowplow_media_player_2 text [1] 60%
                contexts_nl_basjes_yauaa_context_1 text {string.Join(' ', Devices)} 15%
                """).Of("domain_userid", "derived_tstamp") with
            {
                UniqueBy = ["event_id"],
                Where = And(IsKnown("domain_sessionid"), new InExpression(Column("event_name"), [Constant("application_error"), Constant("web_vitals"), Constant("link_click")], true)),
            });
    }

    private static OracleProgram SampleOf(TaskRows rows)
    {
        var viewed = Is("event_name", "page_view");
        var submitted = Is("event_name", "submit_form");
        return Program(
            "visitor",
            Model("prospect", Exists("events", submitted, Next(Hours(1))), new EachObservation(true, new RowSelection("events", null), null, null)) with
            {
                Until = new RowSelection("events", submitted),
                AllowsImmature = true,
                Split = new OracleSplit(false, [80, 20], 42, true),
            },
            [
                Var("num_page_views", Count("events", viewed)),
                Var("num_pricing_views", Count("events", And(viewed, Like("page_url", "%pricing%")))),
                Var("num_customers_views", Count("events", And(viewed, Like("page_url", "%customers%")))),
            ],
            rows.Source("events", 100, """
                domain_userid text u1 u2 u3 u4 u5 u6 u7 u8 u9 u10 u11 u12 5%
                derived_tstamp instant in 5d 3%
                app_id text website website website shop 5%
                event_name text page_view page_view page_view submit_form page_ping 3%
                page_url text /pricing /customers /customers/pricing /home 10%
                """).Of("domain_userid", "derived_tstamp") with
            {
                IsParquet = false,
                Where = And(And(Is("app_id", "website"), IsKnown("domain_userid")), IsOneOf("event_name", "page_view", "submit_form")),
            });
    }

    private static OracleProgram UpgradeOf(TaskRows rows) => Program(
        "account",
        Model("upgrade", Exists("payments", Is("plan", "pro"), Next(Days(30))), Every(Days(30))) with { Using = new FeatureSelection(false, ["payments_90d", "revenue_90d"]) },
        [
            Var("payments_90d", Count("payments", window: Over(Days(90)))),
            Var("revenue_90d", Take(AggregateKind.Sum, "payments.amount", Over(Days(90)))),
        ],
        rows.Source("payments", 60, """
            account_id text a1 a2 a3 a4 4%
            paid_at instant in 240d 4%
            amount number 9.5 20 0.25 -3 10%
            plan text pro basic free 10%
            """).Of("account_id", "paid_at") with { IsParquet = false });
}
