using System.Text;
using System.Text.Json;

namespace SqlMl.Learning.Tests;

public class BoostedTreesTests
{
    private static TrainedModel Train(FeatureTable table, bool[] labels, params (string, string)[] parameters) =>
        Learner.Train(new TrainingRequest { Features = table, Labels = labels, Trainer = "xgboost", Seed = 7, Parameters = Synthetic.Set(parameters) });

    [Fact]
    public void One_split_is_the_one_that_second_order_boosting_prescribes()
    {
        // 30 rows of 40 below 5 are false, 10 above are true; prior 1/4, so g = 1/4 or -3/4 and h = 3/16 in each row.
        var x = Enumerable.Range(0, 40).Select(i => i < 30 ? i / 10.0 : i).ToArray();
        var model = Train(
            new FeatureTable([new NumericColumn("x", x)]), Array.ConvertAll(x, value => value >= 5),
            ("rounds", "1"), ("depth", "3"), ("eta", "0.5"), ("subsample", "1"), ("lambda", "1"), ("min_child_weight", "0"), ("alpha", "0.5"));
        var trees = (BoostedTrees)model.Predictor;
        var tree = Assert.Single(trees.Trees);
        Assert.Equal(0.25f, trees.BaseScore);
        Assert.Equal([1, -1, -1], tree.Left);
        Assert.Equal((2.9f + 30) / 2, tree.Condition[0], 1e-5f);
        Assert.Equal(-0.5f * (7.5f - 0.5f) / (30 * 0.1875f + 1), tree.Condition[1], 1e-6f);
        Assert.Equal(0.5f * (7.5f - 0.5f) / (10 * 0.1875f + 1), tree.Condition[2], 1e-6f);
        Assert.Equal(7 * 7 / 6.625f + 7 * 7 / 2.875f, tree.Gain[0], 1e-4f);
        Assert.Equal(7.5f, tree.Cover[0], 1e-6f);
    }

    [Fact]
    public void Missing_values_learn_their_direction_and_may_be_split_off_alone()
    {
        var x = Enumerable.Range(0, 120).Select(i => i % 3 == 0 ? double.NaN : i % 3 == 1 ? 1.0 : 2.0).ToArray();
        foreach (var together in (double[])[1, 2])
        {
            var model = Train(new FeatureTable([new NumericColumn("x", x)]), Array.ConvertAll(x, v => double.IsNaN(v) || v == together), ("rounds", "20"), ("min_child_weight", "0"));
            var p = model.Predict(new FeatureTable([new NumericColumn("x", [double.NaN, together, 3 - together])]));
            Assert.Equal(p[0], p[1]);
            Assert.True(p[0] > 0.7 && p[2] < 0.45, $"{p[0]}, {p[2]}");
        }

        var alone = Train(new FeatureTable([new NumericColumn("x", x)]), Array.ConvertAll(x, double.IsNaN), ("rounds", "20"), ("min_child_weight", "0"))
            .Predict(new FeatureTable([new NumericColumn("x", [double.NaN, 1, 2, 1e30, -1e300])]));
        Assert.True(alone[0] > 0.6 && alone[1..].All(p => p < 0.3));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_any_number_of_threads_and_another_seed_another_model()
    {
        // Enough rows and columns for the loops to be shared among the threads at all.
        var (table, labels) = Synthetic.Numbers(40_000, 12);
        byte[] Model(string threads, string seed) =>
            Synthetic.Saved(Train(table, labels, ("rounds", "6"), ("depth", "6"), ("threads", threads), ("seed", seed), ("subsample", "0.7")));
        var one = Model("1", "7");
        Assert.Equal(one, Model("1", "7"));
        Assert.Equal(one, Model("2", "7"));
        Assert.Equal(one, Model("5", "7"));
        Assert.NotEqual(one, Model("1", "8"));
    }

    [Fact]
    public void Training_margins_are_those_that_prediction_gives()
    {
        var (table, labels) = Synthetic.Mixed(2_000);
        var five = (BoostedTrees)Train(table, labels, ("rounds", "5"), ("subsample", "0.5")).Predictor;
        var ten = (BoostedTrees)Train(table, labels, ("rounds", "10"), ("subsample", "0.5")).Predictor;

        // The sixth tree depends on the margins after five; had any row's been wrong, its root could not fit what prediction leaves over.
        for (var tree = 0; tree < 5; tree++)
            Assert.Equal(five.Trees[tree].Condition, ten.Trees[tree].Condition);
        var matrix = FeatureEncoder.Fit(table, [.. Enumerable.Range(0, 2_000)]).Encode(table);
        var hessian = five.Margins(matrix).Where((_, row) => CounterRandom.Uniform(7, 10, row) < 0.5).Sum(m => Sigmoid.Of(m) * (1 - Sigmoid.Of(m)));
        Assert.Equal(hessian, ten.Trees[5].Cover[0], 1e-3);
    }

    [Fact]
    public void Structural_limits_hold_in_every_tree()
    {
        var (table, labels) = Synthetic.Numbers(3_000, 8);
        var trees = ((BoostedTrees)Train(table, labels, ("rounds", "15"), ("depth", "3"), ("min_child_weight", "40"), ("gamma", "2"), ("max_delta_step", "0.3"), ("eta", "1")).Predictor).Trees;
        Assert.Equal(15, trees.Length);
        foreach (var tree in trees)
        {
            Assert.True(tree.NodeCount <= 15);
            for (var node = 0; node < tree.NodeCount; node++)
            {
                Assert.True(node == 0 || tree.Cover[node] >= 40 - 1e-3);
                Assert.True(tree.Left[node] < 0 ? Math.Abs(tree.Condition[node]) <= 0.3f : tree.Gain[node] > 2);
            }
        }
    }

    [Fact]
    public void Early_stopping_keeps_the_trees_with_the_best_validation_loss()
    {
        var (table, labels) = Synthetic.Numbers(1_000, 10);
        TrainedModel With(string early) => Learner.Train(new TrainingRequest
        {
            Features = table, Labels = labels, Parts = Synthetic.Parts(1_000), Trainer = "xgboost",
            Parameters = Synthetic.Set(("rounds", "400"), ("eta", "0.3"), ("min_child_weight", "0"), ("lambda", "0"), ("early_stopping", early)),
        });
        var all = With("0");
        var stopped = With("20");
        Assert.Equal(400, all.TreeCount);
        Assert.InRange(stopped.TreeCount!.Value, 1, 300);
        Assert.True(stopped.ValidationMetrics!.LogLoss < all.ValidationMetrics!.LogLoss);

        // No prefix within the patience is better.
        var trees = (BoostedTrees)all.Predictor;
        var validation = Enumerable.Range(0, 1_000).Where(row => row % 10 == 8).ToArray();
        var matrix = all.Encoder.Encode(table.Rows(validation));
        double Loss(int rounds) => BinaryMetrics.Compute(
            [.. validation.Select(row => labels[row])],
            [.. (trees with { Trees = trees.Trees[..rounds] }).Margins(matrix).Select(Sigmoid.Of)], 0.5).LogLoss;
        var best = stopped.TreeCount.Value;
        Assert.All(Enumerable.Range(1, best + 20), rounds => Assert.True(Loss(best) <= Loss(rounds) + 1e-12));
    }

    [Fact]
    public void A_frequent_value_has_a_bin_of_its_own_and_few_values_have_one_each()
    {
        var zeros = Enumerable.Range(0, 10_000).Select(i => i < 9_000 ? 0.0 : i).ToArray();
        var binned = BinnedColumn.Of(0, zeros, 32);
        Assert.InRange(binned.UpperBounds.Length, 25, 32);
        Assert.Equal(9_000, binned.Bins.Count(bin => bin == binned.Bins[0]));
        var few = BinnedColumn.Of(0, [3, double.NaN, 1, 2, 2, 1], 256);
        Assert.Equal([1.5f, 2.5f, float.MaxValue], few.UpperBounds);
        Assert.Equal([2, 3, 0, 1, 1, 0], few.Bins);
        var adjacent = BinnedColumn.Of(0, [1f, MathF.BitIncrement(1f)], 256);
        Assert.Equal([0, 1], adjacent.Bins);
        Assert.Equal(256, BinnedColumn.Of(0, [.. Enumerable.Range(0, 100_000).Select(i => (double)i)], 256).BinCount);
    }

    [Fact]
    public void Balanced_weights_centre_the_probabilities_and_scale_pos_weight_raises_them()
    {
        var (table, labels) = Synthetic.Numbers(2_000, 4);
        labels = [.. labels.Select((label, row) => label && row % 5 == 0)];
        double Mean(params (string, string)[] parameters) => Train(table, labels, [.. parameters, ("rounds", "30")]).Predict(table).Average();
        var plain = Mean();
        Assert.Equal(labels.Count(label => label) / 2_000.0, plain, 0.02);
        Assert.InRange(Mean(("class_weight", "balanced")), 0.35, 0.6);
        Assert.True(Mean(("scale_pos_weight", "3")) > plain + 0.05);
    }

    [Fact]
    public void A_saved_model_reads_back_to_the_same_bytes_and_predictions()
    {
        var (table, labels) = Synthetic.Mixed(1_000);
        var model = Train(table, labels, ("rounds", "30"));
        var file = Synthetic.Saved(model);
        var loaded = Synthetic.Loaded(file);
        Assert.Equal(file, Synthetic.Saved(loaded));
        Assert.Equal(Synthetic.SavedTrees(model), Synthetic.SavedTrees(loaded));
        Assert.Equal(model.Predict(table), loaded.Predict(table));
        using var document = JsonDocument.Parse(file);
        Assert.Equal(Encoding.UTF8.GetString(Synthetic.SavedTrees(model)), document.RootElement.GetProperty("model").GetRawText());
        Assert.DoesNotContain("threads", Encoding.UTF8.GetString(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Importance_adds_a_features_columns_and_names_every_feature()
    {
        var (table, labels) = Synthetic.Mixed(1_500);
        var model = Train(table, labels, ("rounds", "40"));
        Assert.Equal(["channel", "member", "recency", "spend", "tags"], model.Importance.Select(importance => importance.Feature).Order());
        Assert.Equal("recency", model.Importance[0].Feature);
        Assert.Equal(1, model.Importance.Sum(importance => importance.Share), 1e-12);
        Assert.Equal(
            model.ColumnImportance.Where(column => column.Feature.StartsWith("channel=", StringComparison.Ordinal)).Sum(column => column.Value),
            model.Importance.Single(importance => importance.Feature == "channel").Value, 1e-9);
        Assert.Contains("channel=été", model.ColumnImportance.Select(column => column.Feature));
    }
}
