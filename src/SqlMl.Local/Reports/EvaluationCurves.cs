using System.Collections.Immutable;
using SqlMl.Learning;

namespace SqlMl.Local.Reports;

/// <summary>One bin of a calibration curve: rows of similar probability, about equally many a bin.</summary>
/// <param name="Predicted">Their mean probability.</param>
/// <param name="Observed">The share whose label is true.</param>
/// <param name="Rows">How many they are.</param>
public sealed record CalibrationPoint(double Predicted, double Observed, int Rows);

/// <summary>One bar of the score histogram: rows with a probability in [From, To), the last bar with its end.</summary>
public sealed record ScoreBin(double From, double To, int Negatives, int Positives);

/// <summary>The curves of a binary classifier on one set of rows.</summary>
/// <param name="Roc">False positive rate against true positive rate, from (0, 0) to (1, 1); empty with one class.</param>
/// <param name="PrecisionRecall">Recall against precision, by rising recall; empty without positives.</param>
/// <param name="Calibration">Bins by rising probability.</param>
/// <param name="Scores">Twenty equal ranges of probability.</param>
public sealed record EvaluationCurves(
    ImmutableArray<ChartPoint> Roc, ImmutableArray<ChartPoint> PrecisionRecall,
    ImmutableArray<CalibrationPoint> Calibration, ImmutableArray<ScoreBin> Scores)
{
    private const int HistogramBins = 20;

    /// <summary>The curves of these metrics, and the histogram of the probabilities that they were computed from.</summary>
    internal static EvaluationCurves Of(BinaryMetrics metrics, bool[] labels, double[] probabilities) => new(
        [.. metrics.Roc.Select(point => new ChartPoint(point.FalsePositiveRate, point.TruePositiveRate))],
        [.. metrics.PrecisionRecall.Select(point => new ChartPoint(point.Recall, point.Precision))],
        [.. metrics.Calibration.Select(bin => new CalibrationPoint(bin.MeanPredicted, bin.Observed, bin.Count))],
        Histogram(labels, probabilities));

    /// <summary>How many probabilities fall in each of twenty equal ranges.</summary>
    internal static ImmutableArray<int> CountByBin(ReadOnlySpan<double> probabilities)
    {
        var counts = new int[HistogramBins];
        foreach (var probability in probabilities) counts[Bin(probability)]++;
        return [.. counts];
    }

    private static ImmutableArray<ScoreBin> Histogram(bool[] labels, double[] probabilities)
    {
        var (negatives, positives) = (new int[HistogramBins], new int[HistogramBins]);
        for (var row = 0; row < labels.Length; row++)
        {
            var counts = labels[row] ? positives : negatives;
            counts[Bin(probabilities[row])]++;
        }
        return [.. Enumerable.Range(0, HistogramBins).Select(bin =>
            new ScoreBin((double)bin / HistogramBins, (bin + 1.0) / HistogramBins, negatives[bin], positives[bin]))];
    }

    private static int Bin(double probability) => Math.Clamp((int)(probability * HistogramBins), 0, HistogramBins - 1);
}
