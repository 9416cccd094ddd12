using System.Text.Json.Nodes;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning.Tests;

public class RegressionTests
{
    private static TrainedModel Train(string trainer, FeatureTable table, double[] labels, params (string, string)[] parameters) =>
        Learner.Train(new TrainingRequest { Features = table, Labels = new NumberLabels(labels), Trainer = trainer, Seed = 7, Parameters = Synthetic.Set(parameters) });

    [Fact]
    public void One_split_is_the_one_that_squared_error_prescribes()
    {
        // 30 rows of 10 below 5, 10 rows of 50 above; their mean is 20, so g = 10 or -30 and h = 1 in each row.
        var x = Enumerable.Range(0, 40).Select(i => i < 30 ? i / 10.0 : i).ToArray();
        var model = Train(
            "xgboost", new FeatureTable([new NumericColumn("x", x)]), Array.ConvertAll(x, value => value >= 5 ? 50.0 : 10.0),
            ("rounds", "1"), ("depth", "3"), ("eta", "0.5"), ("subsample", "1"), ("lambda", "1"), ("min_child_weight", "0"));
        var trees = (BoostedTrees)model.Predictor;
        var tree = Assert.Single(trees.Trees);
        Assert.Equal((20f, 20f), (trees.BaseScore, trees.BaseMargin));
        Assert.Equal([1, -1, -1], tree.Left);
        Assert.Equal(-0.5f * 300 / 31, tree.Condition[1], 1e-5f);
        Assert.Equal(0.5f * 300 / 11, tree.Condition[2], 1e-5f);
        Assert.Equal((300f * 300 / 31) + (300f * 300 / 11), tree.Gain[0], 0.01f);
        Assert.Equal(40f, tree.Cover[0]);
        Assert.Equal((LearningTask.Regression, 20.0), (model.Task, model.LabelMean));
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1)]
    [InlineData(1e12)]
    public void Labels_of_any_size_are_fitted_alike(double unit)
    {
        var (table, labels) = Synthetic.Values(2_000);
        var scaled = Array.ConvertAll(labels, label => label * unit);
        var metrics = RegressionMetrics.Compute(scaled, Train("xgboost", table, scaled, ("rounds", "100"), ("eta", "0.1")).Predict(table));
        Assert.True(metrics.R2 > 0.8, $"R² {metrics.R2}");
    }

    [Fact]
    public void Least_squares_are_exact_on_a_line_and_the_penalty_shrinks()
    {
        var x = Enumerable.Range(0, 50).Select(i => (double)i).ToArray();
        var z = Array.ConvertAll(x, value => value * value % 7);
        var table = new FeatureTable([new NumericColumn("x", x), new NumericColumn("z", z)]);
        var labels = x.Zip(z, (a, b) => 3 + (2 * a) - (5 * b)).ToArray();
        var exact = Train("linear", table, labels, ("alpha", "0"));
        Assert.Equal([2, -5], exact.Coefficients.Select(item => item.Value), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(3, exact.Intercept!.Value, 1e-8);
        Assert.Equal(labels, exact.Predict(table), (a, b) => Math.Abs(a - b) < 1e-8);

        // One standardised column: the weight is x'y / (n + alpha).
        var alone = new FeatureTable([new NumericColumn("x", x)]);
        double Slope(string alpha) => Assert.Single(Train("linear", alone, x, ("alpha", alpha)).Coefficients).Value;
        Assert.Equal(50.0 / 60, Slope("10"), 1e-12);
        Assert.True(Slope("1000") < Slope("10"));
    }

    [Fact]
    public void Columns_that_say_the_same_and_gaps_do_no_harm()
    {
        var (table, labels) = Synthetic.Values(500);
        var doubled = new FeatureTable([.. table.Columns, new NumericColumn("again", ((NumericColumn)table.Columns[0]).Values), new NumericColumn("constant", new double[500])]);
        var metrics = RegressionMetrics.Compute(labels, Train("linear", doubled, labels, ("alpha", "0")).Predict(doubled));
        Assert.True(metrics.R2 > 0.5, $"R² {metrics.R2}");
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("xgboost")]
    public void Equal_requests_give_equal_bytes_and_a_stored_model_predicts_the_same_bits(string trainer)
    {
        var (table, labels) = Synthetic.Values(1_500);
        var request = new TrainingRequest { Features = table, Labels = new NumberLabels(labels), Parts = Synthetic.Parts(1_500), Trainer = trainer };
        var model = Learner.Train(request);
        var bytes = Synthetic.Saved(model);
        Assert.Equal(bytes, Synthetic.Saved(Learner.Train(request)));
        if (trainer == "xgboost") Assert.Equal(bytes, Synthetic.Saved(Learner.Train(request with { Parameters = Synthetic.Set(("threads", "3")) })));
        var loaded = Synthetic.Loaded(bytes);
        Assert.Equal(model.Predict(table), loaded.Predict(table));
        Assert.Equal((LearningTask.Regression, model.LabelMean), (loaded.Task, loaded.LabelMean));
        Assert.Null(JsonNode.Parse(bytes)!["operating_point"]);
        Assert.Throws<InvalidOperationException>(() => model.PredictClasses(table));
    }

    [Fact]
    public void Boosting_stops_at_the_least_squared_error_of_the_validation_part()
    {
        var (table, labels) = Synthetic.Values(1_000);
        TrainedModel With(string early) => Learner.Train(new TrainingRequest
        {
            Features = table, Labels = new NumberLabels(labels), Parts = Synthetic.Parts(1_000), Trainer = "xgboost",
            Parameters = Synthetic.Set(("rounds", "300"), ("eta", "0.3"), ("min_child_weight", "0"), ("lambda", "0"), ("early_stopping", early)),
        });
        var (all, stopped) = (With("0"), With("20"));
        Assert.Equal(300, all.TreeCount);
        Assert.InRange(stopped.TreeCount!.Value, 1, 280);
        var validation = Enumerable.Range(0, 1_000).Where(row => row % 10 == 8).ToArray();
        double Loss(int rounds) => RegressionMetrics.Compute(
            [.. validation.Select(row => labels[row])],
            ((BoostedTrees)all.Predictor with { Trees = ((BoostedTrees)all.Predictor).Trees[..rounds] }).Margins(all.Encoder.Encode(table.Rows(validation)))).Rmse;
        var best = stopped.TreeCount.Value;
        Assert.All(Enumerable.Range(1, best + 20), rounds => Assert.True(Loss(best) <= Loss(rounds) + 1e-9));
    }

    [Fact]
    public void What_cannot_be_learned_is_said_in_the_users_words()
    {
        var table = new FeatureTable([new NumericColumn("x", [.. Enumerable.Range(0, 30).Select(i => (double)i)])]);
        var constant = Assert.Throws<LearningException>(() => Train("linear", table, [.. Enumerable.Repeat(2.5, 30)]));
        Assert.Equal((LearningFailure.ConstantLabel, "the label is 2.5 in all 30 training rows"), (constant.Failure, constant.Message));
        var unfit = Assert.Throws<LearningException>(() => Train("logistic", table, [.. Enumerable.Range(0, 30).Select(i => (double)i)]));
        Assert.Equal((LearningFailure.TaskMismatch, "`logistic` does not learn a label that is a number"), (unfit.Failure, unfit.Message));
    }

    [Fact]
    public void Metrics_are_those_computed_by_hand()
    {
        var metrics = RegressionMetrics.Compute([1, 2, 4, 5], [1, 3, 4, 3]);
        Assert.Equal((4, 3.0, 2.75), (metrics.Count, metrics.MeanLabel, metrics.MeanPredicted));
        Assert.Equal(Math.Sqrt(5 / 4.0), metrics.Rmse, 1e-12);
        Assert.Equal(0.75, metrics.Mae);
        Assert.Equal(0.5, metrics.R2!.Value, 1e-12);
        Assert.Equal((0.5 + 0.4) / 4, metrics.Mape!.Value, 1e-12);
        Assert.Null(RegressionMetrics.Compute([0, 2], [1, 1]).Mape);
        Assert.Null(RegressionMetrics.Compute([2, 2], [1, 1]).R2);
        Assert.Equal([new PredictionBin(1, 1, 1), new PredictionBin(3, 3.5, 2), new PredictionBin(4, 4, 1)], metrics.Bins);
        Assert.Throws<LearningException>(() => RegressionMetrics.Compute([], []));
        Assert.Throws<ArgumentException>(() => RegressionMetrics.Compute([1], []));
    }
}
