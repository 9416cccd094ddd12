using System.Security.Cryptography;
using SqlMl.DuckDb;
using SqlMl.Local.Running;

namespace SqlMl.Local.Tests;

public sealed class LocalRunnerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_leaves_scripts_model_metrics_report_log_and_predictions()
    {
        using var folder = new TemporaryFolder();
        var result = await LocalRunner.RunAsync(HandWrittenModel.Request(folder, HandWrittenModel.Simulate(folder)), null, Cancellation);

        Assert.Equal(RunOutcome.Succeeded, result.Outcome);
        Assert.Empty(result.Diagnostics);
        string[] expected =
        [
            "events.csv", "runs/0001/metrics.json", "runs/0001/prospect.counts.sql", "runs/0001/prospect.model.json",
            "runs/0001/prospect.predictions.parquet", "runs/0001/prospect.scoring.sql", "runs/0001/prospect.sources.sql",
            "runs/0001/prospect.training.sql", "runs/0001/prospect.xgboost.json", "runs/0001/report.html", "runs/0001/run.log", "runs/sqlml.duckdb",
        ];
        Assert.Equal(expected, folder.Files());
        var model = Assert.Single(result.Models);
        var evaluation = Assert.IsType<BinaryEvaluation>(model.Evaluation);
        Assert.True(evaluation.Auc > 0.6, $"AUC {evaluation.Auc}");
        Assert.Equal(1, model.Influences.Sum(influence => influence.Share), 9);
    }

    [Fact]
    public async Task Predictions_have_the_promised_columns_and_agree_with_each_other()
    {
        using var folder = new TemporaryFolder();
        var request = HandWrittenModel.Request(folder, HandWrittenModel.Simulate(folder));
        var result = await LocalRunner.RunAsync(request, null, Cancellation);

        using var database = DuckDbConnection.Open(request.DatabaseFile);
        using var shape = database.Query("SELECT * FROM prospect LIMIT 0");
        Assert.Equal(
            ["domain_userid", "cutoff", "as_of", "scored_at", "model", "model_version", "horizon", "percentile", "decile", "open", "submit_probability", "is_prospect"],
            shape.Columns.Select(column => column.Name));
        var threshold = result.Models[0].Operating!.Threshold.ToString("R");
        Assert.Equal(result.Models[0].Predictions.Rows, database.Scalar<long>("SELECT count(*) FROM prospect"));
        Assert.Equal(0, database.Scalar<long>($"SELECT count(*) FROM prospect WHERE is_prospect <> (submit_probability >= {threshold})"));
        Assert.Equal(0, database.Scalar<long>("SELECT count(*) FROM prospect WHERE decile <> least(10, 1 + floor(percentile / 10))"));
        Assert.Equal(0, database.Scalar<long>("SELECT count(*) FROM prospect a JOIN prospect b ON a.submit_probability < b.submit_probability AND a.percentile >= b.percentile"));
        Assert.Equal(
            database.Scalar<double>("SELECT sum(submit_probability) FROM prospect"),
            database.Scalar<double>($"SELECT sum(submit_probability) FROM read_parquet('{result.Folder}/prospect.predictions.parquet')"), 9);
    }

    [Fact]
    public async Task Equal_input_gives_equal_bytes_but_for_the_log_and_scored_at()
    {
        using var first = new TemporaryFolder();
        var csv = HandWrittenModel.Simulate(first);
        var request = HandWrittenModel.Request(first, csv);
        await LocalRunner.RunAsync(request, null, Cancellation);
        await LocalRunner.RunAsync(request, null, Cancellation);

        foreach (var file in (string[])["metrics.json", "report.html", "prospect.model.json", "prospect.xgboost.json", "prospect.training.sql"])
            Assert.Equal(Hash(first.File($"runs/0001/{file}")), Hash(first.File($"runs/0002/{file}")));
    }

    [Fact]
    public async Task The_training_export_is_the_same_twice_and_has_its_columns_in_order()
    {
        using var folder = new TemporaryFolder();
        var request = HandWrittenModel.Request(folder, HandWrittenModel.Simulate(folder)) with { Format = TableFormat.Csv };
        var model = request.Program.Models[0];
        var one = await LocalRunner.ExportAsync(request, model, folder.File("one.csv"), null, Cancellation);
        await LocalRunner.ExportAsync(request, model, folder.File("two.csv"), null, Cancellation);

        Assert.Equal(RunOutcome.Succeeded, one.Outcome);
        var lines = File.ReadAllLines(folder.File("one.csv"));
        Assert.Equal("domain_userid,cutoff,views_7d,pricing_7d,demo_1h,last_path,seen_before,label,split", lines[0]);
        Assert.Matches(@"^[0-9a-f-]{36},2025-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6},\d+,", lines[1]);
        Assert.Equal(Hash(folder.File("one.csv")), Hash(folder.File("two.csv")));
        Assert.Equal(["events.csv", "one.csv", "two.csv"], folder.Files());
    }

    [Fact]
    public async Task Scoring_uses_the_stored_model_and_gives_the_same_probabilities()
    {
        using var folder = new TemporaryFolder();
        var request = HandWrittenModel.Request(folder, HandWrittenModel.Simulate(folder));
        var run = await LocalRunner.RunAsync(request, null, Cancellation);
        var score = await LocalRunner.ScoreAsync(request, null, Cancellation);

        Assert.Equal(RunOutcome.Succeeded, score.Outcome);
        Assert.Equal(run.Models[0].ModelVersion, score.Models[0].ModelVersion);
        Assert.Equal(run.Models[0].Predictions.Top.Select(row => row.Score), score.Models[0].Predictions.Top.Select(row => row.Score));
        Assert.EndsWith("0002", score.Folder, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scoring_before_any_run_says_that_the_model_was_never_trained()
    {
        using var folder = new TemporaryFolder();
        var result = await LocalRunner.ScoreAsync(HandWrittenModel.Request(folder, HandWrittenModel.Simulate(folder)), null, Cancellation);

        Expect.Failure(result, RunOutcome.WrongInput, "SML7011");
        Assert.Equal(["events.csv"], folder.Files());
    }

    [Fact]
    public async Task The_report_escapes_what_comes_from_outside()
    {
        using var folder = new TemporaryFolder();
        var result = await LocalRunner.RunAsync(HandWrittenModel.Request(folder, HandWrittenModel.Simulate(folder)), null, Cancellation);

        var html = await File.ReadAllTextAsync(Path.Combine(result.Folder!, "report.html"), Cancellation);
        Assert.Contains("test &lt;project&gt;", html, StringComparison.Ordinal);
        Assert.Contains("Pages &lt;viewed&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<project>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
}
