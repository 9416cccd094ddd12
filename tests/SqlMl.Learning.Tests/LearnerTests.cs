namespace SqlMl.Learning.Tests;

public class LearnerTests
{
    private static LearningException Fails(TrainingRequest request) => Assert.Throws<LearningException>(() => Learner.Train(request));

    private static TrainingRequest Request(int rows, Func<int, bool> label, string trainer = "xgboost", params (string, string)[] parameters) => new()
    {
        Features = new FeatureTable([new NumericColumn("x", [.. Enumerable.Range(0, rows).Select(i => (double)i)])]),
        Labels = Enumerable.Range(0, rows).Select(label).ToArray(),
        Trainer = trainer,
        Parameters = Synthetic.Set(parameters),
    };

    [Fact]
    public void What_cannot_be_learned_is_said_in_the_users_words()
    {
        var one = Fails(Request(100, _ => false));
        Assert.Equal((LearningFailure.OneClassOnly, "the label is false in all 100 training rows"), (one.Failure, one.Message));
        Assert.Equal("the label is true in all 100 training rows", Fails(Request(100, _ => true)).Message);
        var few = Fails(Request(19, i => i % 2 == 0));
        Assert.Equal((LearningFailure.TooFewRows, "there are 19 training rows"), (few.Failure, few.Message));
        var rare = Fails(Request(100, i => i < 4));
        Assert.Equal((LearningFailure.TooFewRows, "the label is true in only 4 of 100 training rows"), (rare.Failure, rare.Message));
        Assert.NotNull(rare.Help);
        Assert.Equal(LearningFailure.NoFeatures, Fails(new TrainingRequest { Features = new FeatureTable([]), Labels = Array.Empty<bool>(), Trainer = "logistic" }).Failure);
        Assert.Throws<ArgumentException>(() => Learner.Train(Request(30, i => i % 2 == 0) with { Labels = new[] { true } }));
        Learner.Train(Request(20, i => i % 4 == 0, parameters: ("rounds", "1")));
    }

    [Fact]
    public void Only_the_training_part_counts_for_the_guards()
    {
        var request = Request(100, i => i >= 50) with { Parts = [.. Enumerable.Range(0, 100).Select(i => i < 50 ? RowPart.Train : RowPart.Test)] };
        Assert.Equal("the label is false in all 50 training rows", Fails(request).Message);
    }

    [Theory]
    [InlineData("xgboost", "dept", "3", LearningFailure.UnknownParameter, "`xgboost` has no parameter `dept`")]
    [InlineData("xgboost", "depth", "0", LearningFailure.ParameterOutOfRange, "`depth` of `xgboost` cannot be 0")]
    [InlineData("xgboost", "depth", "2.5", LearningFailure.ParameterOutOfRange, "`depth` of `xgboost` cannot be 2.5")]
    [InlineData("xgboost", "eta", "0", LearningFailure.ParameterOutOfRange, "`eta` of `xgboost` cannot be 0")]
    [InlineData("xgboost", "lambda", "NaN", LearningFailure.ParameterOutOfRange, "`lambda` of `xgboost` cannot be NaN")]
    [InlineData("logistic", "class_weight", "heavy", LearningFailure.ParameterOutOfRange, "`class_weight` of `logistic` cannot be heavy")]
    [InlineData("logistic", "c", "one", LearningFailure.ParameterOutOfRange, "`c` of `logistic` cannot be one")]
    [InlineData("forest", "c", "1", LearningFailure.UnknownTrainer, "there is no trainer `forest`")]
    public void Wrong_parameters_and_trainers_are_named(string trainer, string name, string value, LearningFailure failure, string message)
    {
        var thrown = Fails(Request(100, i => i % 2 == 0, trainer, (name, value)));
        Assert.Equal((failure, message), (thrown.Failure, thrown.Message));
        Assert.NotNull(thrown.Help);
    }

    [Fact]
    public void Help_lists_what_is_valid()
    {
        Assert.Contains("`rounds`, `depth`, `eta`", Fails(Request(100, i => i % 2 == 0, "xgboost", ("dept", "3"))).Help, StringComparison.Ordinal);
        Assert.Equal("`max_depth` takes a whole number from 1 to 16", Fails(Request(100, i => i % 2 == 0, "xgboost", ("max_depth", "99"))).Help);
        Assert.Equal("`eta` takes a number above 0 to 1", Fails(Request(100, i => i % 2 == 0, "xgboost", ("eta", "2"))).Help);
        Assert.Equal("`class_weight` takes none or balanced", Fails(Request(100, i => i % 2 == 0, "logistic", ("class_weight", "x"))).Help);
        Assert.Equal("the trainers are `logistic`, `linear`, `xgboost`", Fails(Request(100, i => i % 2 == 0, "forest")).Help);
        var twice = Fails(Request(100, i => i % 2 == 0, "xgboost", ("eta", "0.1"), ("Learning_Rate", "0.2")));
        Assert.Equal((LearningFailure.ParameterGivenTwice, "`eta` of `xgboost` is set twice"), (twice.Failure, twice.Message));
    }

    [Fact]
    public void Aliases_mean_the_same_model_and_every_default_is_allowed()
    {
        var a = Synthetic.Saved(Learner.Train(Request(100, i => i % 3 == 0, "xgboost", ("max_depth", "2"), ("learning_rate", "0.1"), ("n_estimators", "5"))));
        Assert.Equal(a, Synthetic.Saved(Learner.Train(Request(100, i => i % 3 == 0, "XGBoost", ("DEPTH", "2"), ("eta", "0.1"), ("rounds", "5")))));
        var parameters = TrainerCatalogue.Definitions.SelectMany(definition => definition.Parameters).ToList();
        Assert.True(parameters.Count > 20);
        Assert.All(parameters, parameter => Assert.True(parameter.Accepts(parameter.Default), parameter.Name));
    }

    [Fact]
    public void Test_rows_have_no_influence_on_the_model()
    {
        var (table, labels) = Synthetic.Mixed(600);
        var (other, otherLabels) = Synthetic.Mixed(600, seed: 2);
        var parts = Synthetic.Parts(600);
        int[] kept = [.. Enumerable.Range(0, 600).Where(row => parts[row] != RowPart.Test)];
        foreach (var trainer in (string[])["logistic", "xgboost"])
        {
            var with = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Parts = parts, Trainer = trainer });
            var without = Learner.Train(new TrainingRequest
            {
                Features = table.Rows(kept), Labels = kept.Select(row => labels[row]).ToArray(), Parts = [.. kept.Select(row => parts[row])], Trainer = trainer,
            });
            Assert.Equal(Synthetic.Saved(without), Synthetic.Saved(with));
            Assert.NotEqual(Synthetic.Saved(with), Synthetic.Saved(Learner.Train(new TrainingRequest { Features = other, Labels = otherLabels, Parts = parts, Trainer = trainer })));
        }
    }

    [Fact]
    public void The_operating_point_comes_from_validation_and_is_one_half_without_it()
    {
        var (table, labels) = Synthetic.Mixed(600);
        var request = new TrainingRequest { Features = table, Labels = labels, Parts = Synthetic.Parts(600), Trainer = "logistic" };
        var model = Learner.Train(request);
        int[] validation = [.. request.RowsOf(RowPart.Validation)];
        Assert.Equal(OperatingPoint.BestF1([.. validation.Select(row => labels[row])], model.Predict(table.Rows(validation))), model.OperatingPoint);
        Assert.Equal(60, model.ValidationMetrics!.Count);
        Assert.Equal(480, model.TrainingRows);

        var alone = Learner.Train(request with { Parts = [], OperatingRule = OperatingRule.AtRecall(0.8) });
        Assert.Equal(OperatingPoint.Half, alone.OperatingPoint);
        Assert.Null(alone.ValidationMetrics);
        Assert.Equal(new OperatingPoint(0.3, "0.3"), Learner.Train(request with { Parts = [], OperatingRule = OperatingRule.At(0.3) }).OperatingPoint);
    }

    [Fact]
    public void A_refit_fits_validation_rows_too_with_a_tenth_more_rounds_and_the_point_chosen_before()
    {
        var (table, labels) = Synthetic.Mixed(800);
        var request = new TrainingRequest { Features = table, Labels = labels, Parts = Synthetic.Parts(800), Trainer = "xgboost" };
        var first = Learner.Train(request);
        var refit = Learner.Train(request with { RefitOnValidation = true });
        Assert.Equal((640, 720), (first.TrainingRows, refit.TrainingRows));
        Assert.Equal((int)Math.Round(1.1 * first.TreeCount!.Value), refit.TreeCount);
        Assert.Equal(first.OperatingPoint, refit.OperatingPoint);
        Assert.Equal(first.ValidationMetrics!.LogLoss, refit.ValidationMetrics!.LogLoss);
    }

    [Fact]
    public void Progress_is_told_and_cancellation_ends_training_between_rounds()
    {
        foreach (var trainer in (string[])["logistic", "xgboost"])
        {
            using var source = new CancellationTokenSource();
            var seen = new List<TrainingProgress>();
            var progress = new Listener(step =>
            {
                seen.Add(step);
                if (seen.Count == 2)
                    source.Cancel();
            });
            var request = Request(100, i => i % 3 == 0 || i > 80, trainer) with { Progress = progress, Cancellation = source.Token };
            Assert.Throws<OperationCanceledException>(() => Learner.Train(request));
            Assert.Equal([1, 2], seen.Select(step => step.Round));
        }
    }

    [Fact]
    public void A_large_table_predicts_what_its_slices_do_and_an_empty_one_nothing()
    {
        var (table, labels) = Synthetic.Numbers(70_000, 3);
        var model = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Trainer = "xgboost", Parameters = Synthetic.Set(("rounds", "5")) });
        var all = model.Predict(table);
        Assert.Equal(all[65_000..66_000], model.Predict(table.Slice(65_000, 1_000)));
        Assert.Empty(model.Predict(table.Slice(0, 0)));
    }

    private sealed class Listener(Action<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told(value);
    }
}
