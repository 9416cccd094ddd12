using SqlMl.Learning;

namespace SqlMl.AcceptanceTests;

/// <summary>The Snowplow tutorial said in the language: its rows, feature for feature, and its coefficients.</summary>
public sealed class SnowplowTests
{
    private const string Expected = "snowplow/expected_training.csv";

    private const string Program = """
        source events { file 'events.csv.gz'  entity visitor by domain_userid  time derived_tstamp
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
        }
        """;

    [Fact]
    public void The_training_set_has_the_tutorials_rows_and_features()
    {
        var expected = SharedData.Require(Expected);
        using var connection = SharedData.Build(SharedData.Compile(Program, ("events", "snowplow/sample_events.csv.gz")));
        var pairs = $"""
            FROM prospect_training t JOIN read_csv('{expected}') e ON e.DOMAIN_USERID = t.domain_userid AND e.DERIVED_TSTAMP = t.cutoff
            WHERE t.num_page_views = e.num_page_views AND t.num_pricing_views = e.num_pricing_views AND t.num_customers_views = e.num_customers_views
            """;

        Assert.Equal(3539, connection.Scalar<long>("SELECT COUNT(*) FROM prospect_training"));
        Assert.Equal(3539, connection.Scalar<long>($"SELECT COUNT(*) {pairs}"));
        Assert.Equal(384, connection.Scalar<long>("SELECT COUNT(*) FROM prospect_training WHERE label"));

        // The tutorial counts second boundaries, which lets one event in 3,600.501 s before its conversion count as within the hour.
        var different = connection.Query($"SELECT e.DERIVED_TSTAMP, t.label, e.target_had_submit_form_next1h {pairs} AND t.label <> e.target_had_submit_form_next1h").ReadRows();
        var row = Assert.Single(different);
        Assert.Equal(false, row[1]);
        Assert.Equal(true, row[2]);
    }

    [Fact]
    public void The_one_row_that_differs_from_the_tutorial_lies_half_a_second_beyond_the_hour()
    {
        var events = SharedData.Require("snowplow/sample_events.csv.gz");
        var expected = SharedData.Require(Expected);
        using var connection = SharedData.Build(SharedData.Compile(Program, ("events", "snowplow/sample_events.csv.gz")));

        var seconds = connection.Scalar<double>($"""
            SELECT MIN(epoch_us(c.DERIVED_TSTAMP) - epoch_us(t.cutoff)) / 1e6
            FROM prospect_training t
            JOIN read_csv('{expected}') x ON x.DOMAIN_USERID = t.domain_userid AND x.DERIVED_TSTAMP = t.cutoff AND x.target_had_submit_form_next1h <> t.label
            JOIN read_csv('{events}') c ON c.DOMAIN_USERID = t.domain_userid AND c.EVENT_NAME = 'submit_form' AND c.DERIVED_TSTAMP > t.cutoff
            """);

        Assert.Equal(3600.501, seconds, precision: 6);
    }

    [Fact]
    public void Logistic_regression_on_all_rows_gives_scikit_learns_coefficients()
    {
        var expected = SharedData.Require(Expected);
        using var connection = SqlMl.DuckDb.DuckDbConnection.Open(SqlMl.DuckDb.DuckDbConnection.InMemory);
        var table = connection.Query($"SELECT num_page_views, num_pricing_views, num_customers_views, target_had_submit_form_next1h AS label FROM read_csv('{expected}')").ReadColumns();
        string[] names = ["num_page_views", "num_pricing_views", "num_customers_views"];
        var model = Learner.Train(new TrainingRequest
        {
            Features = new FeatureTable(names.Select(name => new NumericColumn(name, table.Numbers(name)))),
            Labels = table.Numbers("label").Select(value => value > 0).ToArray(),
            Trainer = "logistic",
            Parameters = [new("class_weight", "balanced"), new("scale", "none"), new("solver", "lbfgs")],
        });

        Assert.Equal(3539, table.RowCount);
        var coefficients = model.Coefficients.ToDictionary(item => item.Name, item => item.Value);
        Assert.Equal(-0.1613583, coefficients["num_page_views"], 1e-6);
        Assert.Equal(-1.3244534, coefficients["num_pricing_views"], 1e-6);
        Assert.Equal(1.3934684, coefficients["num_customers_views"], 1e-6);
        Assert.Equal(-0.5756653, model.Intercept!.Value, 1e-6);
    }
}
