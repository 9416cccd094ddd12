using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Running;

/// <summary>All that a run learned about one model: what the terminal, `metrics.json` and `report.html` tell from. Holds no wall-clock time.</summary>
public sealed record ModelRun
{
    /// <summary>The program's model.</summary>
    public required CompiledModel Model { get; init; }

    /// <summary>Twelve hexadecimal digits that name the trained model: the beginning of its file's SHA-256.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>The run's instant in UTC, null where no source has a row.</summary>
    public required DateTime? AsOf { get; init; }

    /// <summary>What was read, a row a source.</summary>
    public required ImmutableArray<SourceSummary> Sources { get; init; }

    /// <summary>How many rows were left after each step from cutoffs to training set (rule 27).</summary>
    public required ImmutableArray<StepCount> Steps { get; init; }

    /// <summary>The parts of the training set in the order train, validation, test; empty for a run that only scored.</summary>
    public required ImmutableArray<PartSummary> Parts { get; init; }

    /// <summary>How good the model is on rows it never saw; null for a run that only scored, or where no test part exists.</summary>
    public required EvaluationSummary? Evaluation { get; init; }

    /// <summary>The probability from which a row counts as positive, and how it was chosen.</summary>
    public required OperatingChoice Operating { get; init; }

    /// <summary>The features by falling influence; empty for a run that only scored.</summary>
    public required ImmutableArray<FeatureInfluence> Influences { get; init; }

    /// <summary>What was predicted.</summary>
    public required PredictionSummary Predictions { get; init; }

    /// <summary>What a reader should know before trusting the figures, each a sentence.</summary>
    public required ImmutableArray<string> Cautions { get; init; }
}

/// <summary>One source as a run found it; times are UTC.</summary>
/// <param name="Name">The source.</param>
/// <param name="Rows">All its rows.</param>
/// <param name="RowsWithoutTime">Rows that never happened, because their time is null.</param>
/// <param name="RowsWithoutKey">Rows that belong to nobody, because the entity's key is null.</param>
/// <param name="RowsWithoutPartner">Rows for which a join finds no row: what they read through it is null.</param>
/// <param name="FirstTime">The first row's instant; null without rows or without a time.</param>
/// <param name="LastTime">The last row's instant.</param>
public sealed record SourceSummary(
    string Name, long Rows, long RowsWithoutTime, long RowsWithoutKey, long RowsWithoutPartner, DateTime? FirstTime, DateTime? LastTime);

/// <summary>Rows left after one step.</summary>
public sealed record StepCount(string Step, long Rows);

/// <summary>One part of the training set; cutoffs are UTC and null where the part is empty.</summary>
public sealed record PartSummary(string Name, int Rows, int Positives, DateTime? FirstCutoff, DateTime? LastCutoff);

/// <summary>The cut of the class (rule 51).</summary>
/// <param name="Threshold">Probabilities from here on count as positive.</param>
/// <param name="Reason">How it was chosen, to follow "the threshold is".</param>
public sealed record OperatingChoice(double Threshold, string Reason);

/// <summary>A feature's share of the model's influence, from 0 to 1; all shares sum to 1, or are 0 where nothing was learned.</summary>
public sealed record FeatureInfluence(string Feature, double Share, string Text);

/// <summary>Metrics on the test part; NaN where a metric is not defined, such as AUC with one class.</summary>
public sealed record EvaluationSummary
{
    /// <summary>The number of test rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of test rows whose label is true.</summary>
    public required int Positives { get; init; }

    /// <summary>The share of true labels among the training rows: what a prediction without features would say.</summary>
    public required double TrainingRate { get; init; }

    /// <summary>Area under the ROC curve.</summary>
    public required double Auc { get; init; }

    /// <summary>Average precision.</summary>
    public required double AveragePrecision { get; init; }

    /// <summary>Mean negative log likelihood, natural logarithm.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Mean squared error of the probability.</summary>
    public required double Brier { get; init; }

    /// <summary>Log loss of predicting the training rate for every row.</summary>
    public required double ConstantLogLoss { get; init; }

    /// <summary>Brier score of predicting the training rate for every row.</summary>
    public required double ConstantBrier { get; init; }

    /// <summary>True positives at the operating point.</summary>
    public required int TruePositives { get; init; }

    /// <summary>False positives at the operating point.</summary>
    public required int FalsePositives { get; init; }

    /// <summary>True negatives at the operating point.</summary>
    public required int TrueNegatives { get; init; }

    /// <summary>False negatives at the operating point.</summary>
    public required int FalseNegatives { get; init; }

    /// <summary>The curves behind the figures.</summary>
    public required EvaluationCurves Curves { get; init; }

    /// <summary>The share of true labels among the test rows.</summary>
    public double BaseRate => Rows == 0 ? double.NaN : (double)Positives / Rows;

    /// <summary>The share of rows whose class is right.</summary>
    public double Accuracy => Rows == 0 ? double.NaN : (double)(TruePositives + TrueNegatives) / Rows;

    /// <summary>Of the rows called positive, the share that is.</summary>
    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>Of the positive rows, the share that is called so.</summary>
    public double Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>The harmonic mean of precision and recall; 0 where nothing is found.</summary>
    public double F1 => Ratio(2 * TruePositives, (2 * TruePositives) + FalsePositives + FalseNegatives);

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}

/// <summary>What was predicted and for whom.</summary>
/// <param name="Rows">The number of predictions.</param>
/// <param name="Columns">The names of the entity's key columns.</param>
/// <param name="Top">The likeliest rows, highest first, at most ten.</param>
/// <param name="Histogram">How many predictions fall in each of twenty equal ranges from 0 to a round number above the highest.</param>
/// <param name="File">The file written, relative to the run folder.</param>
public sealed record PredictionSummary(
    int Rows, ImmutableArray<string> Columns, ImmutableArray<PredictionRow> Top, ImmutableArray<CountBin> Histogram, string File);

/// <summary>One prediction; <paramref name="Cutoff"/> is UTC.</summary>
public sealed record PredictionRow(ImmutableArray<string> Key, DateTime Cutoff, double Probability, double Percentile, int Decile, bool IsPositive, bool IsOpen);
