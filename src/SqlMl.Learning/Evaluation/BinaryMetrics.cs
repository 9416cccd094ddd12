using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>Counts of a binary decision.</summary>
/// <param name="TruePositives">Called positive, and are.</param>
/// <param name="FalsePositives">Called positive, and are not.</param>
/// <param name="TrueNegatives">Called negative, and are.</param>
/// <param name="FalseNegatives">Called negative, and are not.</param>
public sealed record ConfusionMatrix(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives)
{
    /// <summary>The share of right decisions.</summary>
    public double Accuracy => Share(TruePositives + TrueNegatives, TruePositives + FalsePositives + TrueNegatives + FalseNegatives);

    /// <summary>The share of the called positive that are; 0 when none is called.</summary>
    public double Precision => Share(TruePositives, TruePositives + FalsePositives);

    /// <summary>The share of the positives that are called; 0 when there are none.</summary>
    public double Recall => Share(TruePositives, TruePositives + FalseNegatives);

    /// <summary>The harmonic mean of precision and recall; 0 when there is nothing to find and nothing called.</summary>
    public double F1 => Share(2 * (long)TruePositives, 2 * (long)TruePositives + FalsePositives + FalseNegatives);

    internal static ConfusionMatrix Of(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities, double threshold)
    {
        int truePositives = 0, falsePositives = 0, trueNegatives = 0, falseNegatives = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            switch (labels[row], probabilities[row] >= threshold)
            {
                case (true, true): truePositives++; break;
                case (false, true): falsePositives++; break;
                case (false, false): trueNegatives++; break;
                case (true, false): falseNegatives++; break;
            }
        }

        return new ConfusionMatrix(truePositives, falsePositives, trueNegatives, falseNegatives);
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}

/// <summary>How good probabilities are, against known labels. Rows weigh the same. Definitions are scikit-learn's; its undefined values are null here, its zero divisions 0.</summary>
public sealed record BinaryMetrics
{
    /// <summary>The number of rows, at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>The share of true labels.</summary>
    public required double BaseRate { get; init; }

    /// <summary>The area under the ROC curve, ties counting half; null when only one class occurs.</summary>
    public required double? Auc { get; init; }

    /// <summary>Average precision without interpolation; null when no label is true.</summary>
    public required double? AveragePrecision { get; init; }

    /// <summary>The mean negative log likelihood, natural logarithm, probabilities cut to [1e-15, 1 - 1e-15].</summary>
    public required double LogLoss { get; init; }

    /// <summary>The mean squared difference between probability and label.</summary>
    public required double Brier { get; init; }

    /// <summary>The cut that <see cref="Confusion"/> counts at: positive is a probability of at least this.</summary>
    public required double Threshold { get; init; }

    /// <summary>The decisions at <see cref="Threshold"/>.</summary>
    public required ConfusionMatrix Confusion { get; init; }

    /// <summary>The share of right decisions at <see cref="Threshold"/>.</summary>
    public double Accuracy => Confusion.Accuracy;

    /// <summary>Precision at <see cref="Threshold"/>; 0 when no row is called positive.</summary>
    public double Precision => Confusion.Precision;

    /// <summary>Recall at <see cref="Threshold"/>; 0 when no label is true.</summary>
    public double Recall => Confusion.Recall;

    /// <summary>F1 at <see cref="Threshold"/>.</summary>
    public double F1 => Confusion.F1;

    /// <summary>The ROC curve from (0, 0) to (1, 1), at most 200 points; empty when only one class occurs.</summary>
    public required ImmutableArray<RocPoint> Roc { get; init; }

    /// <summary>Precision by rising recall, at most 200 points; empty when no label is true.</summary>
    public required ImmutableArray<PrecisionRecallPoint> PrecisionRecall { get; init; }

    /// <summary>Up to ten bins of about equal row counts, by rising probability; rows of one probability share a bin.</summary>
    public required ImmutableArray<CalibrationBin> Calibration { get; init; }

    /// <summary>The expected calibration error: the mean over rows of their bin's difference between predicted and observed.</summary>
    public required double ExpectedCalibrationError { get; init; }

    /// <summary>
    /// What <see cref="ExpectedCalibrationError"/> would be on average if the probabilities were right: of n rows with probability p the share of true ones differs from p
    /// by sqrt(2 p (1 - p) / (pi n)) in the mean, the mean absolute deviation of a normal distribution.
    /// </summary>
    public double ErrorOfRightProbabilities => Calibration.Sum(bin => bin.Count * Math.Sqrt(2 * bin.MeanPredicted * (1 - bin.MeanPredicted) / (Math.PI * bin.Count))) / Count;

    /// <summary>Computes everything from labels and probabilities in the same order of rows.</summary>
    /// <exception cref="LearningException"><see cref="LearningFailure.TooFewRows"/>: there is no row.</exception>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public static BinaryMetrics Compute(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities, double threshold)
    {
        if (labels.IsEmpty)
            throw new LearningException(LearningFailure.TooFewRows, "there are no rows to evaluate");
        var ranked = RankedScores.Of(labels, probabilities);
        var calibration = CalibrationBin.Table(labels, probabilities);
        var (logLoss, brier) = Losses(labels, probabilities);
        return new BinaryMetrics
        {
            Count = labels.Length,
            BaseRate = ranked.Positives / (double)labels.Length,
            Auc = ranked.AreaUnderRoc(),
            AveragePrecision = ranked.AveragePrecision(),
            LogLoss = logLoss,
            Brier = brier,
            Threshold = threshold,
            Confusion = ConfusionMatrix.Of(labels, probabilities, threshold),
            Roc = Curves.Roc(ranked),
            PrecisionRecall = Curves.PrecisionRecall(ranked),
            Calibration = calibration,
            ExpectedCalibrationError = calibration.Sum(bin => bin.Count * Math.Abs(bin.MeanPredicted - bin.Observed)) / labels.Length,
        };
    }

    /// <summary>The negative log likelihood of one label.</summary>
    internal static double LossOf(bool label, double probability)
    {
        var cut = Math.Clamp(probability, 1e-15, 1 - 1e-15);
        return label ? -Math.Log(cut) : -Math.Log(1 - cut);
    }

    private static (double LogLoss, double Brier) Losses(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities)
    {
        double logLoss = 0, brier = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            logLoss += LossOf(labels[row], probabilities[row]);
            var miss = probabilities[row] - (labels[row] ? 1 : 0);
            brier += miss * miss;
        }

        return (logLoss / labels.Length, brier / labels.Length);
    }
}
