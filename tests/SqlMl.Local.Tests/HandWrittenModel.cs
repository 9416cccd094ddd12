using SqlMl.Compiler;
using SqlMl.Language.Text;
using SqlMl.Local.Running;
using SqlMl.Local.Simulation;

namespace SqlMl.Local.Tests;

/// <summary>A model whose scripts are written by hand, so that the runner is tested apart from the compiler: will a visitor submit a form within the hour?</summary>
internal static class HandWrittenModel
{
    public static readonly SourceText Text = new("prospect.sqlml", "source events { file 'events.csv' }\npredict prospect for visitor { }\n");

    public static readonly SourceSpan SourceSpan = new(Text, 16, 17);

    /// <summary>A request over a CSV file with the columns of the simulator.</summary>
    public static RunRequest Request(TemporaryFolder folder, string csv, Func<CompiledModel, CompiledModel>? change = null)
    {
        var model = Create(csv);
        return new RunRequest
        {
            Project = "test <project>",
            Program = new CompiledProgram("duckdb", [], [change is null ? model : change(model)], new StageTexts(new Lazy<string>(""), null, null, null), []),
            Sources = [new ProgramSource("events", new FileBinding(csv), SourceSpan)],
            OutputFolder = folder.File("runs"),
        };
    }

    /// <summary>Writes simulated events and returns the file.</summary>
    public static string Simulate(TemporaryFolder folder, int events = 1500, long seed = 7)
    {
        var file = folder.File("events.csv");
        AtomicFile.WriteText(file, writer => WebEventCsv.WriteEvents(WebSessionSimulator.Simulate(events, seed), writer));
        return file;
    }

    private static CompiledModel Create(string csv)
    {
        var read = $"read_csv('{csv}')";
        return new CompiledModel
        {
            Name = "prospect",
            Entity = "visitor",
            Span = new SourceSpan(Text, 37, 16),
            Keys = ["domain_userid"],
            Features =
            [
                Feature("views_7d", FeatureKind.Number, "Pages <viewed>"), Feature("pricing_7d", FeatureKind.Number, null),
                Feature("demo_1h", FeatureKind.FromData, null), Feature("last_path", FeatureKind.Category, "The previous page"),
                Feature("seen_before", FeatureKind.Boolean, null),
            ],
            LabelText = "exists(events where event_name = 'submit_form') in next 1 hour",
            HorizonText = "1 hour",
            IsEventMode = true,
            Trainer = new CompiledTrainer("xgboost", [new("rounds", "40"), new("depth", "3")], SourceSpan.None),
            Split = new CompiledSplit("time", [60, 20, 20], 0, false),
            Outputs =
            [
                new CompiledOutput("score", "submit_probability", "Probability of a form", null),
                new CompiledOutput("class", "is_prospect", null, new ClassCut("f1", null)),
            ],
            Sources = ["events"],
            Training = new CompiledScript("prospect.training.sql", $"""
                CREATE OR REPLACE TABLE prospect_training AS
                WITH {Common(read)},
                cutoffs AS (
                    SELECT f.*, coalesce(c.converted_at <= cutoff + INTERVAL 1 HOUR, false) AS label
                    FROM features AS f LEFT JOIN conversions AS c USING (domain_userid)
                    WHERE (c.converted_at IS NULL OR cutoff < c.converted_at) AND cutoff + INTERVAL 1 HOUR <= (SELECT max(derived_tstamp) FROM events)
                ),
                ranked AS (SELECT *, percent_rank() OVER (ORDER BY cutoff) AS place FROM cutoffs)
                SELECT * EXCLUDE (place), CASE WHEN place < 0.6 THEN 'train' WHEN place < 0.8 THEN 'validation' ELSE 'test' END AS split
                FROM ranked ORDER BY domain_userid, cutoff;
                """),
            Scoring = new CompiledScript("prospect.scoring.sql", $"""
                CREATE OR REPLACE TABLE prospect_scoring AS
                WITH {Common(read)}
                SELECT domain_userid, cutoff, (SELECT max(derived_tstamp) FROM events) AS as_of,
                    cutoff + INTERVAL 1 HOUR > (SELECT max(derived_tstamp) FROM events) AS open, * EXCLUDE (domain_userid, cutoff)
                FROM features WHERE domain_userid NOT IN (SELECT domain_userid FROM conversions WHERE domain_userid IS NOT NULL)
                QUALIFY row_number() OVER (PARTITION BY domain_userid ORDER BY cutoff DESC) = 1
                ORDER BY domain_userid, cutoff;
                """),
            Counts = new CompiledScript("prospect.counts.sql", $"""
                SELECT 2 AS ordinal, 'label' AS step, (SELECT count(*) FROM prospect_training) AS rows_left
                UNION ALL SELECT 1, 'cutoffs', count(*) FROM {read};
                """),
            SourceReport = new CompiledScript("prospect.sources.sql", $"""
                SELECT 'events' AS source, count(*) AS row_count, count(*) - count(derived_tstamp) AS rows_without_time,
                    count(*) - count(domain_userid) AS rows_without_key, 0 AS rows_without_partner, min(CAST(derived_tstamp AS TIMESTAMP)) AS first_time,
                    max(CAST(derived_tstamp AS TIMESTAMP)) AS last_time, max(CAST(derived_tstamp AS TIMESTAMP)) AS as_of
                FROM {read};
                """),
            TrainingTable = "prospect_training",
            ScoringTable = "prospect_scoring",
            PredictionTable = "prospect",
        };
    }

    private static CompiledFeature Feature(string name, FeatureKind kind, string? description) =>
        new(name, kind, description, $"definition of {name}", SourceSpan.None);

    private static string Common(string read) => $"""
        events AS (SELECT * REPLACE (CAST(derived_tstamp AS TIMESTAMP) AS derived_tstamp) FROM {read}),
        conversions AS (SELECT domain_userid, min(derived_tstamp) AS converted_at FROM events WHERE event_name = 'submit_form' GROUP BY domain_userid),
        features AS (
            SELECT domain_userid, derived_tstamp AS cutoff,
                count(*) OVER week AS views_7d,
                count(*) FILTER (WHERE page_url LIKE '%/pricing') OVER week AS pricing_7d,
                count(*) FILTER (WHERE page_url LIKE '%/get-started%') OVER
                    (PARTITION BY domain_userid ORDER BY derived_tstamp RANGE BETWEEN INTERVAL 1 HOUR PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING) AS demo_1h,
                lag(page_url) OVER (PARTITION BY domain_userid ORDER BY derived_tstamp) AS last_path,
                count(*) OVER week > 0 AS seen_before
            FROM events WHERE domain_userid IS NOT NULL AND derived_tstamp IS NOT NULL
            WINDOW week AS (PARTITION BY domain_userid ORDER BY derived_tstamp RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)
        )
        """;
}
