using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace SqlMl.Learning;

/// <summary>
/// Gradient boosting of histogram trees for binary classification (XGBoost's method and parameter names). One seed gives one model, byte
/// for byte, on any number of threads. A split is made only when its gain exceeds gamma, where XGBoost grows first and prunes afterwards.
/// </summary>
internal sealed class BoostedTreesTrainer : ITrainer
{
    public TrainerDefinition Definition { get; } = new(
        "xgboost",
        "Gradient-boosted trees; the model is an XGBoost model.",
        [
            new() { Name = "rounds", Aliases = ["num_boost_round", "n_estimators", "num_rounds"], Default = "200", IsWhole = true, Minimum = 1, Maximum = 100_000, Description = "The most trees." },
            new() { Name = "depth", Aliases = ["max_depth"], Default = "4", IsWhole = true, Minimum = 1, Maximum = 16, Description = "The most splits between a tree's root and a leaf." },
            new() { Name = "eta", Aliases = ["learning_rate"], Default = "0.05", Minimum = 0, AboveMinimum = true, Maximum = 1, Description = "The share of its best weight that each leaf gets." },
            new() { Name = "subsample", Default = "0.8", Minimum = 0, AboveMinimum = true, Maximum = 1, Description = "The share of rows that each tree sees." },
            new() { Name = "colsample", Aliases = ["colsample_bytree"], Default = "0.8", Minimum = 0, AboveMinimum = true, Maximum = 1, Description = "The share of columns that each tree may split on." },
            new() { Name = "lambda", Aliases = ["reg_lambda"], Default = "5", Minimum = 0, Maximum = 1e9, Description = "The L2 penalty on leaf weights." },
            new() { Name = "alpha", Aliases = ["reg_alpha"], Default = "0", Minimum = 0, Maximum = 1e9, Description = "The L1 penalty on leaf weights." },
            new() { Name = "gamma", Aliases = ["min_split_loss"], Default = "0", Minimum = 0, Maximum = 1e9, Description = "The gain that a split must exceed." },
            new() { Name = "min_child_weight", Default = "5", Minimum = 0, Maximum = 1e9, Description = "The least sum of hessians in a child." },
            new() { Name = "max_delta_step", Default = "0", Minimum = 0, Maximum = 1e9, Description = "The largest leaf weight before eta; 0 is no bound." },
            new() { Name = "max_bin", Default = "256", IsWhole = true, Minimum = 2, Maximum = 256, Description = "The most bins of a column." },
            new() { Name = "scale_pos_weight", Default = "1", Minimum = 0, AboveMinimum = true, Maximum = 1e9, Description = "A factor on the weight of positive rows." },
            new() { Name = "class_weight", Default = "none", Words = ["none", "balanced"], Description = "Whether both classes weigh the same in total." },
            new() { Name = "early_stopping", Aliases = ["early_stopping_rounds"], Default = "25", IsWhole = true, Minimum = 0, Maximum = 100_000, Description = "Stops after that many rounds without a better log loss on the validation part, and keeps the best; 0 never stops." },
            new() { Name = "seed", Aliases = ["random_state"], Default = "0", IsWhole = true, Minimum = 0, Maximum = int.MaxValue, Description = "Chooses rows and columns of each tree." },
            new() { Name = "threads", Aliases = ["nthread", "n_jobs"], Default = "0", IsWhole = true, Minimum = 0, Maximum = 1024, ShapesModel = false, Description = "The threads used, 0 for all cores; never changes the model." },
        ]);

    public IPredictor Train(TrainingData data)
    {
        var parameters = data.Parameters;
        var threads = parameters.Whole("threads");
        using var team = new WorkerTeam(threads == 0 ? Environment.ProcessorCount : threads);
        var balance = ClassWeights.From(parameters.Word("class_weight"), data.Labels);
        var weights = balance with { Positive = balance.Positive * parameters.Number("scale_pos_weight") };
        var columns = Bin(data.Matrix, parameters.Whole("max_bin"), team);
        var baseScore = Prior(data.Labels, weights);
        var empty = new BoostedTrees(
            baseScore,
            [.. data.Encoder.Columns.Select(column => column.Name)],
            [.. data.Encoder.Columns.Select(column => column.IsIndicator ? "i" : "float")],
            data.Matrix.ColumnCount,
            []);
        return empty with { Trees = Boost(data, columns, weights, empty.BaseMargin, team) };
    }

    public IPredictor Read(JsonElement model, FeatureEncoder encoder)
    {
        var trees = XgBoostJson.Read(model);
        return trees.FeatureCount == encoder.Columns.Length
            ? trees
            : throw new FormatException($"the trees use {trees.FeatureCount} columns, the features make {encoder.Columns.Length}");
    }

    private static ImmutableArray<RegressionTree> Boost(TrainingData data, BinnedColumn[] columns, ClassWeights weights, float baseMargin, WorkerTeam team)
    {
        var parameters = data.Parameters;
        var rounds = parameters.Whole("rounds");
        var seed = (long)parameters.Number("seed");
        var rowCount = data.Labels.Length;
        var totalWeight = Array.ConvertAll(data.Labels, weights.Of).Sum();
        var rule = new SplitRule(
            parameters.Number("lambda"),
            parameters.Number("alpha"),
            parameters.Number("gamma"),
            parameters.Number("min_child_weight"),
            parameters.Number("max_delta_step"),
            new FixedPoint(totalWeight));
        var grower = new TreeGrower(columns, rowCount, rule, parameters.Whole("depth"), parameters.Number("eta"), team);
        var stopping = EarlyStopping.For(data, weights, baseMargin);
        var margins = new float[rowCount];
        Array.Fill(margins, baseMargin);
        var gradients = new Vector128<long>[rowCount];
        var sampled = new bool[rowCount];
        var trees = ImmutableArray.CreateBuilder<RegressionTree>();
        for (var round = 0; round < rounds; round++)
        {
            data.Cancellation.ThrowIfCancellationRequested();
            PrepareRows(data.Labels, weights, margins, gradients, sampled, rule.Units, parameters.Number("subsample"), seed, round, team);
            trees.Add(grower.Grow(gradients, sampled, SampleColumns(columns.Length, parameters.Number("colsample"), seed, round), margins));
            data.Progress?.Report(new TrainingProgress(round + 1, rounds));
            if (stopping is not null && stopping.ShouldStopAfter(trees[^1]))
                break;
        }

        var kept = stopping?.BestRounds ?? trees.Count;
        return [.. trees.Take(kept)];
    }

    /// <summary>Bins the columns that vary; the others can split nothing, and would only waste the columns' sample.</summary>
    private static BinnedColumn[] Bin(EncodedMatrix matrix, int maxBins, WorkerTeam team)
    {
        var columns = new BinnedColumn[matrix.ColumnCount];
        team.Run(columns.Length, (long)matrix.RowCount * columns.Length, column =>
            columns[column] = BinnedColumn.Of(column, matrix.Columns[column], maxBins));
        return Array.FindAll(columns, column => column.BinCount > 1);
    }

    private static float Prior(bool[] labels, ClassWeights weights)
    {
        var positive = weights.Positive * labels.Count(label => label);
        var negative = weights.Negative * labels.Count(label => !label);
        return (float)Math.Clamp(positive / (positive + negative), 1e-6, 1 - 1e-6);
    }

    private static void PrepareRows(
        bool[] labels, ClassWeights weights, float[] margins, Vector128<long>[] gradients, bool[] sampled, FixedPoint units, double share, long seed, int round, WorkerTeam team)
    {
        const int Chunk = 8192;
        team.Run((labels.Length + Chunk - 1) / Chunk, labels.Length * 10L, chunk =>
        {
            for (var row = chunk * Chunk; row < Math.Min(labels.Length, (chunk + 1) * Chunk); row++)
            {
                var weight = weights.Of(labels[row]);
                var probability = Sigmoid.Of(margins[row]);
                gradients[row] = units.Pack(
                    weight * (probability - (labels[row] ? 1 : 0)),
                    weight * Math.Max(probability * (1 - probability), 1e-16));
                sampled[row] = share >= 1 || CounterRandom.Uniform(seed, 2 * round, row) < share;
            }
        });
    }

    /// <summary>The positions of the share of columns with the lowest draws, at least one of them, ascending.</summary>
    private static int[] SampleColumns(int count, double share, long seed, int round)
    {
        var taken = Math.Min(count, Math.Max(1, (int)Math.Round(share * count)));
        return [.. Enumerable.Range(0, count)
            .OrderBy(position => CounterRandom.Uniform(seed, 2 * round + 1, position))
            .Take(taken)
            .Order()];
    }
}
