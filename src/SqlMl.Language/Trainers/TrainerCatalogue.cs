using System.Collections.Immutable;

namespace SqlMl.Language.Trainers;

/// <summary>A parameter of a trainer: its name and the values it takes.</summary>
/// <param name="Name">As written in programs.</param>
/// <param name="Minimum">The smallest number allowed; null where the value is a word.</param>
/// <param name="Maximum">The largest number allowed; null where the value is a word.</param>
/// <param name="IsWhole">True when only whole numbers are allowed.</param>
/// <param name="Words">The words allowed; empty where the value is a number.</param>
/// <param name="Summary">What it does, and its default.</param>
public sealed record TrainerParameter(
    string Name, decimal? Minimum, decimal? Maximum, bool IsWhole, ImmutableArray<string> Words, string Summary)
{
    /// <summary>The allowed values in words.</summary>
    public string ValueWords =>
        Words.Length > 0 ? string.Join(" or ", Words) : $"a {(IsWhole ? "whole " : "")}number from {Minimum} to {Maximum}";
}

/// <summary>A way to train a model.</summary>
/// <param name="Name">As written behind `train`.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Parameters">What may stand in its braces.</param>
public sealed record TrainerDefinition(string Name, string Summary, ImmutableArray<TrainerParameter> Parameters);

/// <summary>The trainers of the language; each has one local engine.</summary>
public static class TrainerCatalogue
{
    /// <summary>All trainers that are compiled.</summary>
    public static ImmutableArray<TrainerDefinition> All { get; } =
    [
        new("logistic", "Logistic regression with an L2 penalty; features are standardized unless `scale none`.",
        [
            Number("c", 1e-6m, 1e6m, "Inverse strength of the penalty, as in scikit-learn; 1."),
            Word("class_weight", ["none", "balanced"], "`balanced` gives both classes equal weight; none."),
            Word("scale", ["standard", "none"], "Whether features are standardized before fitting; standard."),
            Whole("max_iterations", 1, 10_000, "Newton steps at most; 100."),
            Number("tolerance", 1e-14m, 1m, "Stops when the gradient is smaller; 1e-8."),
            Whole("seed", 0, 2147483647, "Accepted for symmetry; the fit has no chance in it."),
        ]),
        new("xgboost", "Gradient-boosted trees on histograms; the model file is XGBoost's JSON.",
        [
            Whole("rounds", 1, 100_000, "Trees at most."),
            Whole("depth", 1, 16, "Levels of a tree."),
            Number("eta", 1e-4m, 1m, "Shrinkage of each tree."),
            Number("subsample", 0.01m, 1m, "Share of rows a tree sees."),
            Number("colsample", 0.01m, 1m, "Share of features a tree sees."),
            Number("lambda", 0, 1e6m, "L2 penalty on leaves."),
            Number("alpha", 0, 1e6m, "L1 penalty on leaves."),
            Number("gamma", 0, 1e6m, "Smallest gain for a split."),
            Number("min_child_weight", 0, 1e9m, "Smallest hessian sum in a leaf."),
            Whole("max_bin", 2, 256, "Histogram bins a feature."),
            Whole("early_stopping", 0, 10_000, "Rounds without a better validation loss before stopping; 0 never stops."),
            Word("class_weight", ["none", "balanced"], "`balanced` gives both classes equal weight; none."),
            Number("scale_pos_weight", 1e-6m, 1e6m, "Weight of positive rows; 1."),
            Word("eval_metric", ["logloss"], "What early stopping watches; logloss."),
            Whole("seed", 0, 2147483647, "Seed of row and column sampling; 0."),
        ]),
    ];

    /// <summary>Trainers that programs may name but that are not compiled yet.</summary>
    public static ImmutableArray<string> Planned { get; } = ["linear", "cortex"];

    /// <summary>The trainer of that name, case ignored; null when there is none.</summary>
    public static TrainerDefinition? Find(string name) =>
        All.FirstOrDefault(definition => definition.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static TrainerParameter Number(string name, decimal minimum, decimal maximum, string summary) =>
        new(name, minimum, maximum, false, [], summary);

    private static TrainerParameter Whole(string name, decimal minimum, decimal maximum, string summary) =>
        new(name, minimum, maximum, true, [], summary);

    private static TrainerParameter Word(string name, ImmutableArray<string> words, string summary) =>
        new(name, null, null, false, words, summary);
}
