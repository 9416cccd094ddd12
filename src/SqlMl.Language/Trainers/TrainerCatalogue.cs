using System.Collections.Immutable;
using System.Globalization;

namespace SqlMl.Language.Trainers;

/// <summary>A parameter of a trainer: its names and the values it takes.</summary>
/// <param name="Name">As written in programs.</param>
/// <param name="Minimum">The smallest number allowed; null where the value is a word.</param>
/// <param name="Maximum">The largest number allowed; null where the value is a word.</param>
/// <param name="IsWhole">True when only whole numbers are allowed.</param>
/// <param name="Words">The words allowed; empty where the value is a number.</param>
/// <param name="Summary">What it does, and its default.</param>
public sealed record TrainerParameter(
    string Name, decimal? Minimum, decimal? Maximum, bool IsWhole, ImmutableArray<string> Words, string Summary)
{
    /// <summary>Other names that mean the same: XGBoost's and scikit-learn's spellings.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>True when <see cref="Minimum"/> itself is not allowed.</summary>
    public bool IsAboveMinimum { get; init; }

    /// <summary>True for a setting that says what holds anyway, so that programs written for another tool compile; no trainer is told of it.</summary>
    public bool IsForReadersOnly { get; init; }

    /// <summary>The labels for which the parameter says something; all, unless stated.</summary>
    public ImmutableArray<LearningTask> Tasks { get; init; } = AllTasks;

    internal static ImmutableArray<LearningTask> AllTasks { get; } =
        [LearningTask.BinaryClassification, LearningTask.Regression, LearningTask.MultiClassClassification];

    /// <summary>The allowed values in words.</summary>
    public string ValueWords => Words.Length > 0
        ? string.Join(" or ", Words)
        : string.Create(CultureInfo.InvariantCulture, $"a {(IsWhole ? "whole " : "")}number {(IsAboveMinimum ? "above" : "from")} {Minimum} to {Maximum}");

    /// <summary>True when the parameter goes by that name, case ignored.</summary>
    public bool IsCalled(string name) =>
        Name.Equals(name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The value in canonical form; null when the parameter does not take it.</summary>
    public string? Accept(string value)
    {
        if (Words.Length > 0) return Words.FirstOrDefault(word => word.Equals(value, StringComparison.OrdinalIgnoreCase));
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return null;
        var isInRange = (IsAboveMinimum ? number > Minimum : number >= Minimum) && number <= Maximum;
        return isInRange && (!IsWhole || number == decimal.Truncate(number)) ? number.ToString(CultureInfo.InvariantCulture) : null;
    }
}

/// <summary>A way to train a model.</summary>
/// <param name="Name">As written behind `train`.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Tasks">The labels that it learns.</param>
/// <param name="Parameters">What may stand in its braces.</param>
public sealed record TrainerDefinition(string Name, string Summary, ImmutableArray<LearningTask> Tasks, ImmutableArray<TrainerParameter> Parameters)
{
    /// <summary>
    /// The parameter of that name or alias, case ignored, where there are several the one that has something to say for the task; one that has not,
    /// where no other is called so. Null when there is none.
    /// </summary>
    public TrainerParameter? Find(string name, LearningTask task)
    {
        TrainerParameter? found = null;
        foreach (var parameter in Parameters)
        {
            if (!parameter.IsCalled(name)) continue;
            if (parameter.Tasks.Contains(task)) return parameter;
            found ??= parameter;
        }
        return found;
    }
}

/// <summary>The trainers of the language; each has one local engine, and a test holds the two catalogues against each other.</summary>
public static class TrainerCatalogue
{
    private static readonly ImmutableArray<LearningTask> Binary = [LearningTask.BinaryClassification];
    private static readonly ImmutableArray<LearningTask> Numbers = [LearningTask.Regression];
    private static readonly ImmutableArray<LearningTask> Classes = [LearningTask.MultiClassClassification];
    private static readonly ImmutableArray<LearningTask> BinaryAndClasses = [LearningTask.BinaryClassification, LearningTask.MultiClassClassification];

    /// <summary>All trainers that are compiled.</summary>
    public static ImmutableArray<TrainerDefinition> All { get; } =
    [
        new("logistic", "Logistic regression with an L2 penalty; multinomial for a label that is a string.", BinaryAndClasses,
        [
            Above("c", 0, 1e12m, "The inverse strength of the penalty, as in scikit-learn: smaller is smoother; 1."),
            Word("class_weight", ["none", "balanced"], "`balanced` gives all classes the same total weight; none."),
            Word("scale", ["standard", "none"], "Whether features are brought to mean 0 and deviation 1 first; standard."),
            Word("solver", ["newton", "lbfgs"], "`newton` finds the exact optimum, `lbfgs` stops where scikit-learn's default solver does; newton."),
            Whole("max_iterations", 1, 100_000, "The most steps of the solver; 100.", "max_iter"),
            Above("tolerance", 0, 1, "The largest gradient component, per unit of weight, at which `newton` takes the fit as exact; 1e-10.", "tol"),
            Seed("Accepted for symmetry: nothing in this trainer is random."),
        ]),
        new("linear", "Linear regression by least squares with an L2 penalty.", Numbers,
        [
            Number("alpha", 0, 1e12m, "The strength of the penalty, as in scikit-learn's `Ridge`: larger is smoother, 0 is plain least squares; 1."),
            Word("scale", ["standard", "none"], "Whether features are brought to mean 0 and deviation 1 first; standard."),
            Seed("Accepted for symmetry: nothing in this trainer is random."),
        ]),
        new("xgboost", "Gradient-boosted trees on histograms; the model file is XGBoost's JSON.", TrainerParameter.AllTasks,
        [
            Whole("rounds", 1, 100_000, "The most rounds, each a tree, or one a class; 200.", "num_boost_round", "n_estimators", "num_rounds"),
            Whole("depth", 1, 16, "The most splits between a tree's root and a leaf; 4.", "max_depth"),
            Above("eta", 0, 1, "The share of its best weight that each leaf gets; 0.05.", "learning_rate"),
            Above("subsample", 0, 1, "The share of rows that each tree sees; 0.8."),
            Above("colsample", 0, 1, "The share of columns that each tree may split on; 0.8.", "colsample_bytree"),
            Number("lambda", 0, 1e9m, "The L2 penalty on leaf weights; 5.", "reg_lambda"),
            Number("alpha", 0, 1e9m, "The L1 penalty on leaf weights; 0.", "reg_alpha"),
            Number("gamma", 0, 1e9m, "The gain that a split must exceed; 0.", "min_split_loss"),
            Number("min_child_weight", 0, 1e9m, "The least sum of hessians in a child; 5."),
            Number("max_delta_step", 0, 1e9m, "The largest leaf weight before eta; 0 is no bound; 0."),
            Whole("max_bin", 2, 256, "The most histogram bins of a column; 256."),
            Above("scale_pos_weight", 0, 1e9m, "A factor on the weight of positive rows; 1.") with { Tasks = Binary },
            Word("class_weight", ["none", "balanced"], "`balanced` gives all classes the same total weight; none.") with { Tasks = BinaryAndClasses },
            Whole("early_stopping", 0, 100_000, "Rounds without a better validation loss before stopping; 0 never stops; 25.", "early_stopping_rounds"),
            Seed("Chooses the rows and columns of each tree; 0."),
            Whole("threads", 0, 1024, "The threads used, 0 for all cores; never changes the model; 0.", "nthread", "n_jobs"),
            Word("eval_metric", ["logloss"], "What early stopping watches for a boolean label: always the log loss.") with { IsForReadersOnly = true, Tasks = Binary },
            Word("eval_metric", ["rmse"], "What early stopping watches for a number: always the root mean squared error.") with { IsForReadersOnly = true, Tasks = Numbers },
            Word("eval_metric", ["mlogloss"], "What early stopping watches for a string: always the log loss.") with { IsForReadersOnly = true, Tasks = Classes },
        ]),
    ];

    /// <summary>Trainers that programs may name but that are not compiled yet.</summary>
    public static ImmutableArray<string> Planned { get; } = ["cortex"];

    /// <summary>The trainer of that name, case ignored; null when there is none.</summary>
    public static TrainerDefinition? Find(string name) =>
        All.FirstOrDefault(definition => definition.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static TrainerParameter Number(string name, decimal minimum, decimal maximum, string summary, params ImmutableArray<string> aliases) =>
        new(name, minimum, maximum, false, [], summary) { Aliases = aliases };

    private static TrainerParameter Above(string name, decimal minimum, decimal maximum, string summary, params ImmutableArray<string> aliases) =>
        new(name, minimum, maximum, false, [], summary) { Aliases = aliases, IsAboveMinimum = true };

    private static TrainerParameter Whole(string name, decimal minimum, decimal maximum, string summary, params ImmutableArray<string> aliases) =>
        new(name, minimum, maximum, true, [], summary) { Aliases = aliases };

    private static TrainerParameter Word(string name, ImmutableArray<string> words, string summary) =>
        new(name, null, null, false, words, summary);

    private static TrainerParameter Seed(string summary) => Whole("seed", 0, int.MaxValue, summary, "random_state");
}
