using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Learning;
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

    /// <summary>The probability from which a row counts as positive, and how it was chosen; null unless the label is boolean.</summary>
    public required OperatingChoice? Operating { get; init; }

    /// <summary>How log-odds became probabilities; null unless the label is boolean.</summary>
    public required CalibrationSummary? Calibration { get; init; }

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
public sealed record PartSummary(string Name, int Rows, LabelSummary Labels, DateTime? FirstCutoff, DateTime? LastCutoff);

/// <summary>The labels of a part in short.</summary>
public abstract record LabelSummary;

/// <summary>Truth values, of which <paramref name="Positives"/> are true.</summary>
public sealed record BooleanSummary(int Positives) : LabelSummary;

/// <summary>Numbers; all NaN for a part without rows.</summary>
public sealed record NumberSummary(double Mean, double Minimum, double Maximum) : LabelSummary;

/// <summary>One class of several, the commonest first, of equally many in ordinal order.</summary>
public sealed record ClassSummary(ImmutableArray<ClassCount> Classes) : LabelSummary;

/// <summary>How many rows a class has.</summary>
public sealed record ClassCount(string Class, int Rows);

/// <summary>The calibration of a model.</summary>
/// <param name="Method">`none`, `platt` or `isotonic`.</param>
/// <param name="Trials">What was tried on the validation part; empty for a run that only scored, and where the part has too few rows.</param>
public sealed record CalibrationSummary(string Method, ImmutableArray<CalibrationTrial> Trials);

/// <summary>The cut of the class (rule 51).</summary>
/// <param name="Threshold">Probabilities from here on count as positive.</param>
/// <param name="Reason">How it was chosen, to follow "the threshold is".</param>
public sealed record OperatingChoice(double Threshold, string Reason);

/// <summary>A feature's share of the model's influence, from 0 to 1; all shares sum to 1, or are 0 where nothing was learned.</summary>
public sealed record FeatureInfluence(string Feature, double Share, string Text);

/// <summary>What was predicted and for whom.</summary>
/// <param name="Rows">The number of predictions.</param>
/// <param name="Columns">The names of the entity's key columns.</param>
/// <param name="Top">The rows of highest score, at most ten.</param>
/// <param name="Histogram">How many scores fall in each of twenty equal ranges: from 0 to a round number above the highest for probabilities, between round numbers for numbers.</param>
/// <param name="File">The file written, relative to the run folder.</param>
public sealed record PredictionSummary(
    int Rows, ImmutableArray<string> Columns, ImmutableArray<PredictionRow> Top, ImmutableArray<CountBin> Histogram, string File);

/// <summary>One prediction.</summary>
/// <param name="Key">The parts of the row's key, as text.</param>
/// <param name="Cutoff">UTC.</param>
/// <param name="Score">The probability that the label is true, the predicted number, or the probability of the likeliest class.</param>
/// <param name="Percentile">The score's rank among the run's rows; null for several classes.</param>
/// <param name="Decile">Its decile; null for several classes.</param>
/// <param name="IsPositive">Whether the probability reaches the cut; null unless the label is boolean.</param>
/// <param name="Class">The likeliest of several classes; null elsewhere.</param>
/// <param name="IsOpen">Whether the label's window still runs.</param>
public sealed record PredictionRow(
    ImmutableArray<string> Key, DateTime Cutoff, double Score, double? Percentile, int? Decile, bool? IsPositive, string? Class, bool IsOpen);
