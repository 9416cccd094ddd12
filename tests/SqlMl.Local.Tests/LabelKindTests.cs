using System.Globalization;
using System.Text;
using System.Text.Json;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Text;
using SqlMl.Language.Trainers;
using SqlMl.Local.Running;

namespace SqlMl.Local.Tests;

/// <summary>Labels that are numbers and classes, from program to prediction and back from the stored model.</summary>
public sealed class LabelKindTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("linear")]
    [InlineData("xgboost { rounds 30 }")]
    public async Task A_number_is_trained_on_reported_and_scored(string trainer)
    {
        using var folder = new TemporaryFolder();
        var request = Request(folder, $"label sum(orders.amount) in next 7 days  train {trainer}  output {{ score spend  percentile spend_rank \"Rank\" }}");
        var run = await LocalRunner.RunAsync(request, null, Cancellation);
        Assert.Equal((RunOutcome.Succeeded, 0), (run.Outcome, run.Diagnostics.Length));
        var model = Assert.Single(run.Models);
        Assert.Equal(LearningTask.Regression, model.Model.Task);
        Assert.Null(model.Operating);
        var test = Assert.IsType<RegressionEvaluation>(model.Evaluation);
        Assert.True(test.Rmse < 0.9 * test.ConstantRmse, $"RMSE {test.Rmse}, without features {test.ConstantRmse}");
        Assert.True(test.R2 > 0.2);
        Assert.Equal(test.Rows, test.Errors.Sum(bin => bin.Rows));
        Assert.Equal(test.Rows, test.Points.Sum(point => point.Rows));
        Assert.All(model.Parts, part => Assert.IsType<NumberSummary>(part.Labels));
        Assert.All(model.Predictions.Top, row => Assert.Equal((null, null), (row.IsPositive, row.Class)));

        using (var database = DuckDbConnection.Open(request.DatabaseFile))
        {
            using var shape = database.Query("SELECT * FROM target_predictions LIMIT 0");
            Assert.Equal(
                ["customer_id", "cutoff", "as_of", "scored_at", "model", "model_version", "horizon", "decile", "open", "spend", "spend_rank"],
                shape.Columns.Select(column => column.Name));
            Assert.Equal(model.Predictions.Top[0].Score, database.Scalar<double>("SELECT max(spend) FROM target_predictions"));
        }

        var metrics = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run.Folder!, "metrics.json"), Cancellation)).RootElement[0];
        Assert.Equal("regression", metrics.GetProperty("task").GetString());
        Assert.Equal(test.Rmse, metrics.GetProperty("test").GetProperty("rmse").GetDouble());
        Assert.False(metrics.TryGetProperty("threshold", out _));
        var report = await File.ReadAllTextAsync(Path.Combine(run.Folder!, "report.html"), Cancellation);
        Assert.Contains("RMSE", report, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", report, StringComparison.Ordinal);
        Assert.Equal(trainer.StartsWith('x'), File.Exists(Path.Combine(run.Folder!, "target.xgboost.json")));

        var score = await LocalRunner.ScoreAsync(request, null, Cancellation);
        Assert.Equal(model.Predictions.Top.Select(row => row.Score), Assert.Single(score.Models).Predictions.Top.Select(row => row.Score));
    }

    [Fact]
    public async Task Probabilities_of_weighted_classes_are_calibrated_and_handed_over_beside_the_raw_ones()
    {
        using var folder = new TemporaryFolder();
        var request = Request(folder, "label exists(orders) in next 1 day  observe every 1 day  train logistic { class_weight balanced }  output { score s  raw before  decile tenth }");
        var run = await LocalRunner.RunAsync(request, null, Cancellation);
        Assert.Equal(RunOutcome.Succeeded, run.Outcome);
        var model = Assert.Single(run.Models);
        Assert.Equal("platt", model.Calibration!.Method);
        Assert.Equal(["none", "platt"], model.Calibration.Trials.Select(trial => trial.Name));
        using (var database = DuckDbConnection.Open(request.DatabaseFile))
        {
            Assert.Equal(0, database.Scalar<long>("SELECT count(*) FROM target_predictions WHERE tenth <> least(10, 1 + floor(percentile / 10))"));
            Assert.True(database.Scalar<bool>("SELECT count(*) > 0 AND corr(s, before) > 0.8 AND avg(abs(s - before)) > 0.02 FROM target_predictions"));
            Assert.Equal(0, database.Scalar<long>("SELECT count(*) FROM target_predictions a JOIN target_predictions b ON a.before < b.before AND a.s > b.s"));
        }
        var metrics = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run.Folder!, "metrics.json"), Cancellation)).RootElement[0];
        Assert.Equal("platt", metrics.GetProperty("calibration").GetProperty("method").GetString());
        Assert.Equal(((BinaryEvaluation)model.Evaluation!).CalibrationError, metrics.GetProperty("test").GetProperty("calibration_error").GetDouble());
        Assert.Contains("put right by a logistic curve (Platt)", await File.ReadAllTextAsync(Path.Combine(run.Folder!, "report.html"), Cancellation), StringComparison.Ordinal);
        var score = await LocalRunner.ScoreAsync(request, null, Cancellation);
        Assert.Equal(("platt", true), (score.Models[0].Calibration!.Method, score.Models[0].Calibration!.Trials.IsEmpty));
        Assert.Equal(model.Predictions.Top.Select(row => row.Score), score.Models[0].Predictions.Top.Select(row => row.Score));
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("xgboost { rounds 30 }")]
    public async Task One_class_of_several_is_trained_on_reported_and_scored(string trainer)
    {
        using var folder = new TemporaryFolder();
        var request = Request(folder, $"label mode(orders.channel::string) in next 7 days default 'no-one'  train {trainer}  output {{ class next }}");
        var run = await LocalRunner.RunAsync(request, null, Cancellation);
        Assert.Equal((RunOutcome.Succeeded, 0), (run.Outcome, run.Diagnostics.Length));
        var model = Assert.Single(run.Models);
        var test = Assert.IsType<MultiClassEvaluation>(model.Evaluation);
        Assert.True(test.LogLoss < 0.9 * test.ConstantLogLoss, $"log loss {test.LogLoss}, without features {test.ConstantLogLoss}");
        Assert.True(test.Accuracy > test.ConstantAccuracy);
        Assert.Equal(test.Rows, test.Confusion.Sum(row => row.Sum()));
        Assert.Equal(["Web", "no-one", "shop"], test.Classes.Select(figures => figures.Class));

        using (var database = DuckDbConnection.Open(request.DatabaseFile))
        {
            using var shape = database.Query("SELECT * FROM target_predictions LIMIT 0");
            Assert.Equal(
                ["customer_id", "cutoff", "as_of", "scored_at", "model", "model_version", "horizon", "score", "open", "next", "score_web", "score_no_one", "score_shop"],
                shape.Columns.Select(column => column.Name));
            Assert.Equal(0, database.Scalar<long>("SELECT count(*) FROM target_predictions WHERE abs(score_web + score_no_one + score_shop - 1) > 1e-9"));
            Assert.Equal(0, database.Scalar<long>("SELECT count(*) FROM target_predictions WHERE score <> greatest(score_web, score_no_one, score_shop)"));
            Assert.Equal(0, database.Scalar<long>("SELECT count(*) FROM target_predictions WHERE (next = 'Web') <> (score = score_web)"));
        }

        var report = await File.ReadAllTextAsync(Path.Combine(run.Folder!, "report.html"), Cancellation);
        Assert.Contains("Which is taken for which", report, StringComparison.Ordinal);

        var score = await LocalRunner.ScoreAsync(request, null, Cancellation);
        Assert.Equal(model.Predictions.Top.Select(row => (row.Score, row.Class)), Assert.Single(score.Models).Predictions.Top.Select(row => (row.Score, row.Class)));
    }

    [Fact]
    public async Task Two_runs_of_one_program_give_the_same_model()
    {
        using var folder = new TemporaryFolder();
        foreach (var label in (string[])["sum(orders.amount) in next 7 days", "mode(orders.channel::string) in next 7 days"])
        {
            var request = Request(folder, $"label {label}  train xgboost {{ rounds 20 }}");
            var first = await LocalRunner.RunAsync(request, null, Cancellation);
            var second = await LocalRunner.RunAsync(request, null, Cancellation);
            Assert.Equal(first.Models[0].ModelVersion, second.Models[0].ModelVersion);
        }
    }

    [Fact]
    public async Task A_model_of_another_kind_of_label_must_be_trained_again()
    {
        using var folder = new TemporaryFolder();
        await LocalRunner.RunAsync(Request(folder, "label sum(orders.amount) in next 7 days  train xgboost { rounds 5 }"), null, Cancellation);
        var error = Expect.Failure(
            await LocalRunner.ScoreAsync(Request(folder, "label sum(orders.amount) in next 7 days > 10  train xgboost"), null, Cancellation), RunOutcome.WrongInput, "SML7012");
        Assert.Equal("it learned a label that is a number, and the program has a boolean label", Assert.Single(error.Notes));
    }

    [Theory]
    [InlineData("sum(orders.amount where amount < 0) in next 7 days", "SML7061")]
    [InlineData("max(orders.huge::number) in next 7 days", "SML7060")]
    [InlineData("min(orders.id::string) in next 7 days", "SML7062")]
    [InlineData("last(orders.kind) in next 7 days", "SML7008")]
    public async Task A_label_that_cannot_be_learned_ends_the_run(string label, string code)
    {
        using var folder = new TemporaryFolder();
        Expect.Failure(await LocalRunner.RunAsync(Request(folder, $"label {label}  train xgboost"), null, Cancellation), RunOutcome.WrongInput, code);
    }

    [Fact]
    public async Task Numbers_keep_their_type_in_an_export()
    {
        using var folder = new TemporaryFolder();
        var request = Request(folder, "label count(orders) in next 7 days  train xgboost");
        var file = folder.File("training.parquet");
        Assert.Equal(RunOutcome.Succeeded, (await LocalRunner.ExportAsync(request, request.Program.Models[0], file, null, Cancellation)).Outcome);
        using var database = DuckDbConnection.Open(DuckDbConnection.InMemory);
        Assert.Equal("BIGINT", database.Scalar<string>($"SELECT DISTINCT typeof(label) FROM '{file}'"));
    }

    /// <summary>Customers who differ in how often, how much, and through which channel they buy.</summary>
    private static RunRequest Request(TemporaryFolder folder, string clauses)
    {
        var text = new StringBuilder("customer_id,ordered_at,amount,channel,id,huge\n");
        for (var day = 0; day < 120; day++)
        {
            for (var customer = 0; customer < 40; customer++)
            {
                if ((day * 7 + customer * 5) % (3 + customer % 17) != 0) continue;
                var channel = (day + customer) % 5 == 0 ? "shop" : customer % 3 == 0 ? "shop" : "Web";
                var at = new DateTime(2024, 1, 1).AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                text.Append(CultureInfo.InvariantCulture, $"c{customer},{at},{5 + customer + day % 4},{channel},o{day}-{customer},{(day == 60 ? "inf" : "1")}\n");
            }
        }
        File.WriteAllText(folder.File("orders.csv"), text.ToString());
        var program = SqlMlCompiler.Compile(
            [new SourceText("labels.sqlml", $$"""
                source orders {
                  file   '{{folder.File("orders.csv")}}'
                  entity customer by customer_id
                  time   ordered_at
                  column kind = 'order'
                }
                entity customer
                var customer.orders  = count(orders) over 7, 28 days
                var customer.spent   = sum(orders.amount) over 7, 28 days
                var customer.channel = mode(orders.channel::string)
                var customer.silent  = days since last(orders)
                predict target for customer { observe every 7 days  split by time 60 / 20 / 20  {{clauses}} }
                """)],
            new CompileOptions { Dialect = "duckdb" });
        Assert.True(program.Succeeded, string.Join('\n', program.Diagnostics.Select(diagnostic => diagnostic.Message)));
        return new RunRequest { Project = "labels", Program = program, OutputFolder = folder.File("runs") };
    }
}
