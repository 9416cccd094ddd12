using System.Text.Json.Nodes;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning.Tests;

public class MultiClassTests
{
    private static TrainedModel Train(string trainer, FeatureTable table, string[] labels, params (string, string)[] parameters) =>
        Learner.Train(new TrainingRequest { Features = table, Labels = new ClassLabels(labels), Trainer = trainer, Seed = 7, Parameters = Synthetic.Set(parameters) });

    [Fact]
    public void The_first_trees_are_those_that_softmax_prescribes()
    {
        // Three classes by x alone: every probability is 1/3 at first, so g = 1/3 or -2/3 and h = 2 (1/3) (2/3) in each row.
        var x = Enumerable.Range(0, 60).Select(i => (double)(i / 20)).ToArray();
        var model = Train(
            "xgboost", new FeatureTable([new NumericColumn("x", x)]), Array.ConvertAll(x, value => $"c{value}"),
            ("rounds", "1"), ("depth", "1"), ("eta", "1"), ("subsample", "1"), ("lambda", "0"), ("min_child_weight", "0"));
        var trees = (BoostedTrees)model.Predictor;
        Assert.Equal((3, 3, 1), (trees.Groups, trees.Trees.Length, model.RoundCount));
        Assert.Equal(["c0", "c1", "c2"], model.Classes);
        Assert.Equal([1 / 3.0, 1 / 3.0, 1 / 3.0], model.ClassShares);
        var ofFirst = trees.Trees[0];
        Assert.Equal(0.5f, ofFirst.Condition[0]);
        Assert.Equal(20 * 2 / 3f / (20 * 4 / 9f), ofFirst.Condition[1], 1e-6f);
        Assert.Equal(-40 / 3f / (40 * 4 / 9f), ofFirst.Condition[2], 1e-6f);
        Assert.Equal(60 * 4 / 9f, ofFirst.Cover[0], 1e-4f);
    }

    [Theory]
    [InlineData("logistic", "newton")]
    [InlineData("logistic", "lbfgs")]
    [InlineData("xgboost", "")]
    public void Probabilities_sum_to_one_beat_the_shares_and_survive_storing(string trainer, string solver)
    {
        var (table, labels) = Synthetic.Classes(3_000);
        var parameters = solver.Length == 0 ? Synthetic.Set(("rounds", "60")) : Synthetic.Set(("solver", solver));
        var request = new TrainingRequest { Features = table, Labels = new ClassLabels(labels), Parts = Synthetic.Parts(3_000), Trainer = trainer, Parameters = parameters };
        var model = Learner.Train(request);
        Assert.True(model.Converged);
        int[] test = [.. Enumerable.Range(0, 3_000).Where(row => row % 10 == 9)];
        var probabilities = model.PredictClasses(table.Rows(test));
        Assert.All(probabilities, row => Assert.Equal(1, row.Sum(), 1e-12));
        string[] known = [.. test.Select(row => labels[row])];
        var metrics = MultiClassMetrics.Compute(model.Classes, known, probabilities);
        var constant = MultiClassMetrics.Compute(model.Classes, known, [.. known.Select(_ => model.ClassShares.ToArray())]);
        Assert.True(metrics.LogLoss < 0.8 * constant.LogLoss, $"{metrics.LogLoss}, {constant.LogLoss}");
        Assert.True(metrics.Accuracy > constant.Accuracy + 0.1);

        var bytes = Synthetic.Saved(model);
        Assert.Equal(bytes, Synthetic.Saved(Learner.Train(request)));
        var loaded = Synthetic.Loaded(bytes);
        Assert.Equal(probabilities, loaded.PredictClasses(table.Rows(test)));
        Assert.Equal((LearningTask.MultiClassClassification, model.Classes.Length, model.ClassShares.Length), (loaded.Task, loaded.Classes.Length, loaded.ClassShares.Length));
        Assert.Throws<InvalidOperationException>(() => model.Predict(table));
    }

    [Fact]
    public void The_multinomial_fit_is_the_optimum_and_that_of_two_classes_is_half_the_binary_one()
    {
        var (table, labels) = Synthetic.Classes(800);
        var matrix = FeatureEncoder.Fit(table, [.. Enumerable.Range(0, 800)]).Encode(table);
        var columns = matrix.Columns[..2].Select(column => Array.ConvertAll(column, value => double.IsNaN(value) ? 0 : value)).ToArray();
        var targets = Targets.Of(new ClassLabels(labels), Targets.ClassesOf(new ClassLabels(labels)));
        var objective = new MultinomialObjective(columns, targets, ClassWeights.From("none", targets), 1);
        var fit = new NewtonSolver(objective).Minimise(100, 1e-12, null, TestContext.Current.CancellationToken);
        Assert.True(fit.Converged);
        var value = objective.Value(fit.Parameters, objective.Margins(fit.Parameters));
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            double[] moved = [.. fit.Parameters.Select(parameter => parameter + (random.NextDouble() - 0.5) / 100)];
            Assert.True(objective.Value(moved, objective.Margins(moved)) > value);
        }

        // Two classes: the softmax has twice the weights' difference, so twice the penalty strength for each gives the binary fit.
        var two = Array.ConvertAll(labels, label => label == "high");
        var ofTwo = Train("logistic", table, Array.ConvertAll(two, yes => yes ? "yes" : "no"), ("c", "1"));
        var binary = Learner.Train(new TrainingRequest { Features = table, Labels = two, Trainer = "logistic", Parameters = Synthetic.Set(("c", "2")) });
        Assert.Equal(binary.Predict(table), ofTwo.PredictClasses(table).Select(row => row[1]), (a, b) => Math.Abs(a - b) < 1e-8);
    }

    [Fact]
    public void Balanced_weights_raise_rare_classes()
    {
        var (table, labels) = Synthetic.Classes(2_000);
        foreach (var trainer in (string[])["logistic", "xgboost"])
        {
            double Mean(string weight) => Train(trainer, table, labels, ("class_weight", weight)).PredictClasses(table).Average(row => row[0]);
            Assert.True(Mean("balanced") > Mean("none") + 0.02);
        }
    }

    [Fact]
    public void Classes_known_to_validation_only_do_not_stop_training_and_are_errors_of_the_model()
    {
        var (table, labels) = Synthetic.Classes(1_000);
        labels[8] = "new";
        var model = Learner.Train(new TrainingRequest { Features = table, Labels = new ClassLabels(labels), Parts = Synthetic.Parts(1_000), Trainer = "xgboost" });
        Assert.DoesNotContain("new", model.Classes);
        var metrics = MultiClassMetrics.Compute(model.Classes, ["new", model.Classes[0]], [[1, 0, 0], [1, 0, 0]]);
        Assert.Equal((0.5, 1), (metrics.Accuracy, metrics.UnknownRows));
        Assert.Equal(-Math.Log(1e-15) / 2, metrics.LogLoss, 1e-9);
        Assert.Equal("new", metrics.Classes[^1].Class);
    }

    [Fact]
    public void Metrics_are_those_computed_by_hand()
    {
        var metrics = MultiClassMetrics.Compute(["a", "b", "c"], ["a", "a", "b", "b"], [[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.4, 0.4, 0.2], [0.1, 0.7, 0.2]]);
        Assert.Equal(0.5, metrics.Accuracy);
        Assert.Equal(-(Math.Log(0.8) + Math.Log(0.2) + Math.Log(0.4) + Math.Log(0.7)) / 4, metrics.LogLoss, 1e-12);
        Assert.Equal(0.5, metrics.MacroF1, 1e-12);
        Assert.Equal([new ClassMetrics("a", 2, 2, 1), new ClassMetrics("b", 2, 2, 1), new ClassMetrics("c", 0, 0, 0)], metrics.Classes);
        Assert.Equal([1, 1, 0], metrics.Confusion[0]);
        Assert.Equal((0.0, 0.0, 0.0), (metrics.Classes[2].Precision, metrics.Classes[2].Recall, metrics.Classes[2].F1));
        Assert.Throws<LearningException>(() => MultiClassMetrics.Compute(["a"], [], []));
        Assert.Throws<ArgumentException>(() => MultiClassMetrics.Compute(["a"], ["a"], []));
    }

    [Fact]
    public void What_cannot_be_learned_is_said_in_the_users_words()
    {
        var table = new FeatureTable([new NumericColumn("x", [.. Enumerable.Range(0, 210).Select(i => (double)i)])]);
        LearningException Fails(Func<int, string> label, string trainer = "xgboost") =>
            Assert.Throws<LearningException>(() => Train(trainer, table, [.. Enumerable.Range(0, 210).Select(label)]));
        Assert.Equal((LearningFailure.OneClassOnly, "the label is 'a' in all 210 training rows"), (Fails(_ => "a").Failure, Fails(_ => "a").Message));
        Assert.Equal((LearningFailure.TooManyClasses, "the label takes 105 values in 210 training rows"), (Fails(i => $"{i / 2}").Failure, Fails(i => $"{i / 2}").Message));
        Assert.Equal(LearningFailure.TooFewRows, Fails(i => i < 204 ? "a" : $"{i}").Failure);
        Assert.Equal(LearningFailure.TaskMismatch, Fails(i => $"{i % 3}", "linear").Failure);
    }

    [Fact]
    public void A_file_that_names_other_classes_than_it_has_is_refused()
    {
        var (table, labels) = Synthetic.Classes(300);
        foreach (var trainer in (string[])["logistic", "xgboost"])
        {
            var file = JsonNode.Parse(Synthetic.Saved(Train(trainer, table, labels)))!;
            file["classes"]!.AsArray().Add("more");
            Assert.Equal(LearningFailure.ModelFormat, Assert.Throws<LearningException>(() => Synthetic.Loaded(System.Text.Encoding.UTF8.GetBytes(file.ToJsonString()))).Failure);
        }
    }
}
