using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>
/// Gradient boosting of histogram trees for classes and numbers (XGBoost's method and parameter names). One seed gives one model, byte
/// for byte, on any number of threads. A split is made only when its gain exceeds gamma, where XGBoost grows first and prunes afterwards.
/// </summary>
internal sealed class BoostedTreesTrainer : ITrainer
{
    public TrainerDefinition Definition { get; } = new(
        "xgboost",
        "Gradient-boosted trees; the model is an XGBoost model.",
        [LearningTask.BinaryClassification, LearningTask.Regression, LearningTask.MultiClassClassification],
        [
            new() { Name = "rounds", Aliases = ["num_boost_round", "n_estimators", "num_rounds"], Default = "200", IsWhole = true, Minimum = 1, Maximum = 100_000, Description = "The most rounds, each a tree, or one a class." },
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
            new() { Name = "class_weight", Default = "none", Words = ["none", "balanced"], Description = "Whether all classes weigh the same in total." },
            new() { Name = "early_stopping", Aliases = ["early_stopping_rounds"], Default = "25", IsWhole = true, Minimum = 0, Maximum = 100_000, Description = "Stops after that many rounds without a better loss on the validation part, and keeps the best; 0 never stops." },
            new() { Name = "seed", Aliases = ["random_state"], Default = "0", IsWhole = true, Minimum = 0, Maximum = int.MaxValue, Description = "Chooses rows and columns of each tree." },
            new() { Name = "threads", Aliases = ["nthread", "n_jobs"], Default = "0", IsWhole = true, Minimum = 0, Maximum = 1024, ShapesModel = false, Description = "The threads used, 0 for all cores; never changes the model." },
        ]);

    public IPredictor Train(TrainingData data)
    {
        var threads = data.Parameters.Whole("threads");
        using var team = new WorkerTeam(threads == 0 ? Environment.ProcessorCount : threads);
        var columns = Bin(data.Matrix, data.Parameters.Whole("max_bin"), team);
        var loss = BoostingLoss.For(data);
        var empty = new BoostedTrees(
            data.Targets.Task,
            loss.Groups,
            loss.BaseScore,
            [.. data.Encoder.Columns.Select(column => column.Name)],
            [.. data.Encoder.Columns.Select(column => column.IsIndicator ? "i" : "float")],
            data.Matrix.ColumnCount,
            []);
        return empty with { Trees = Boost(data, columns, loss, empty.BaseMargin, team) };
    }

    public IPredictor Read(JsonElement model, FeatureEncoder encoder, LearningTask task, int classCount)
    {
        var trees = XgBoostJson.Read(model);
        if (trees.Task != task || (task == LearningTask.MultiClassClassification && trees.Groups != classCount))
            throw new FormatException($"the trees predict {trees.Task.LabelWords()}{(trees.Groups == 1 ? "" : $" of {trees.Groups} classes")}, which the file does not say");
        return trees.FeatureCount == encoder.Columns.Length
            ? trees
            : throw new FormatException($"the trees use {trees.FeatureCount} columns, the features make {encoder.Columns.Length}");
    }

    private static ImmutableArray<RegressionTree> Boost(TrainingData data, BinnedColumn[] columns, BoostingLoss loss, float baseMargin, WorkerTeam team)
    {
        var parameters = data.Parameters;
        var rounds = parameters.Whole("rounds");
        var seed = (long)parameters.Number("seed");
        var rowCount = data.Targets.Values.Length;
        var rule = new SplitRule(
            parameters.Number("lambda"),
            parameters.Number("alpha"),
            parameters.Number("gamma"),
            parameters.Number("min_child_weight"),
            parameters.Number("max_delta_step"),
            loss.Units);
        var grower = new TreeGrower(columns, rowCount, rule, parameters.Whole("depth"), parameters.Number("eta"), team);
        var stopping = EarlyStopping.For(data, loss, baseMargin);
        var margins = new float[loss.Groups][];
        for (var group = 0; group < margins.Length; group++)
        {
            margins[group] = new float[rowCount];
            Array.Fill(margins[group], baseMargin);
        }

        var gradients = new Vector128<long>[rowCount];
        var sampled = new bool[rowCount];
        var trees = new List<RegressionTree>();
        for (var round = 0; round < rounds; round++)
        {
            data.Cancellation.ThrowIfCancellationRequested();
            loss.Begin(margins, team);
            rule = rule with { Units = loss.Units };
            for (var group = 0; group < margins.Length; group++)
            {
                var tree = round * margins.Length + group;
                PrepareRows(loss, group, gradients, sampled, parameters.Number("subsample"), seed, tree, team);
                trees.Add(grower.Grow(rule, gradients, sampled, SampleColumns(columns.Length, parameters.Number("colsample"), seed, tree), margins[group]));
            }

            data.Progress?.Report(new TrainingProgress(round + 1, rounds));
            if (stopping is not null && stopping.ShouldStopAfter(CollectionsMarshal.AsSpan(trees)[^margins.Length..]))
                break;
        }

        var kept = stopping is null ? trees.Count : stopping.BestRounds * margins.Length;
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

    private static void PrepareRows(
        BoostingLoss loss, int group, Vector128<long>[] gradients, bool[] sampled, double share, long seed, int tree, WorkerTeam team)
    {
        const int Chunk = 8192;
        var units = loss.Units;
        team.Run((gradients.Length + Chunk - 1) / Chunk, gradients.Length * 10L, chunk =>
        {
            for (var row = chunk * Chunk; row < Math.Min(gradients.Length, (chunk + 1) * Chunk); row++)
            {
                var (gradient, hessian) = loss.At(row, group);
                gradients[row] = units.Pack(gradient, hessian);
                sampled[row] = share >= 1 || CounterRandom.Uniform(seed, 2 * tree, row) < share;
            }
        });
    }

    /// <summary>The positions of the share of columns with the lowest draws, at least one of them, ascending.</summary>
    private static int[] SampleColumns(int count, double share, long seed, int tree)
    {
        var taken = Math.Min(count, Math.Max(1, (int)Math.Round(share * count)));
        return [.. Enumerable.Range(0, count)
            .OrderBy(position => CounterRandom.Uniform(seed, 2 * tree + 1, position))
            .Take(taken)
            .Order()];
    }
}
