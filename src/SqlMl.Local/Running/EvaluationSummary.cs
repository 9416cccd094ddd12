using System.Collections.Immutable;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Running;

/// <summary>Metrics on the test part, by what is predicted; NaN where a metric is not defined.</summary>
public abstract record EvaluationSummary
{
    /// <summary>The number of test rows.</summary>
    public required int Rows { get; init; }
}

/// <summary>How good the probabilities of a boolean label are; AUC is NaN with one class.</summary>
public sealed record BinaryEvaluation : EvaluationSummary
{
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

    /// <summary>The mean over rows of the difference between predicted and observed in their bin, of ten of equal size.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>What <see cref="CalibrationError"/> would be by chance alone, with as many rows, were every probability right.</summary>
    public required double CalibrationErrorByChance { get; init; }

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

/// <summary>How good predicted numbers are.</summary>
public sealed record RegressionEvaluation : EvaluationSummary
{
    /// <summary>The square root of the mean squared error, in the label's unit.</summary>
    public required double Rmse { get; init; }

    /// <summary>The mean absolute error, in the label's unit.</summary>
    public required double Mae { get; init; }

    /// <summary>The share of the labels' variance that is explained; NaN when all labels are equal.</summary>
    public required double R2 { get; init; }

    /// <summary>The mean of |error| / |label|; NaN when a label is 0.</summary>
    public required double Mape { get; init; }

    /// <summary>The root mean squared error of predicting the training part's mean for every row.</summary>
    public required double ConstantRmse { get; init; }

    /// <summary>The mean absolute error of predicting the training part's mean for every row.</summary>
    public required double ConstantMae { get; init; }

    /// <summary>The mean label of the test rows.</summary>
    public required double Mean { get; init; }

    /// <summary>The mean prediction for the test rows.</summary>
    public required double MeanPredicted { get; init; }

    /// <summary>The mean label of the training rows: what a prediction without features would say.</summary>
    public required double TrainingMean { get; init; }

    /// <summary>Rows of similar prediction, by rising prediction.</summary>
    public required ImmutableArray<PredictionPoint> Points { get; init; }

    /// <summary>How many predictions miss by how much: prediction less label, what lies outside counted in the first and the last range.</summary>
    public required ImmutableArray<CountBin> Errors { get; init; }
}

/// <summary>Rows of similar prediction, about equally many a point.</summary>
/// <param name="Predicted">Their mean prediction.</param>
/// <param name="Observed">Their mean label.</param>
/// <param name="Rows">How many they are.</param>
public sealed record PredictionPoint(double Predicted, double Observed, int Rows);

/// <summary>How good the probabilities of several classes are.</summary>
public sealed record MultiClassEvaluation : EvaluationSummary
{
    /// <summary>The share of rows whose likeliest class is the right one.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean F1 over the classes.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Mean negative log likelihood, natural logarithm.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The accuracy of always saying the training part's commonest class.</summary>
    public required double ConstantAccuracy { get; init; }

    /// <summary>Log loss of predicting the training part's shares for every row.</summary>
    public required double ConstantLogLoss { get; init; }

    /// <summary>The classes of the model in its order, behind them those that only the test part has.</summary>
    public required ImmutableArray<ClassFigures> Classes { get; init; }

    /// <summary>How many rows of each class (first index) are called each class of the model (second index), both in the order of <see cref="Classes"/>.</summary>
    public required ImmutableArray<ImmutableArray<int>> Confusion { get; init; }

    /// <summary>Test rows of a class that training never saw: errors of the model (rule 52).</summary>
    public required int UnknownRows { get; init; }
}

/// <summary>How one class fares.</summary>
/// <param name="Class">The class.</param>
/// <param name="Rows">The test rows that are of it.</param>
/// <param name="Called">The test rows for which it is the likeliest.</param>
/// <param name="Precision">Of the rows called so, the share that is.</param>
/// <param name="Recall">Of the rows of the class, the share that is called so.</param>
/// <param name="F1">The harmonic mean of the two.</param>
public sealed record ClassFigures(string Class, int Rows, int Called, double Precision, double Recall, double F1);
