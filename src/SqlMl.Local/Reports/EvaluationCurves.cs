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

/// <summary>Rows with a probability in [From, To), the last range with its end.</summary>
public sealed record CountBin(double From, double To, int Rows);

/// <summary>What calling only the likeliest rows would bring.</summary>
/// <param name="Share">The share of all rows that is called.</param>
/// <param name="Rows">How many rows that is.</param>
/// <param name="Positives">How many of them have a true label; among rows of equal probability, as many as on average.</param>
public sealed record GainPoint(double Share, int Rows, double Positives);

/// <summary>The curves of a binary classifier on one set of rows.</summary>
/// <param name="Roc">False positive rate against true positive rate, from (0, 0) to (1, 1); empty with one class.</param>
/// <param name="PrecisionRecall">Recall against precision, by rising recall; empty without positives.</param>
/// <param name="Calibration">Bins by rising probability.</param>
/// <param name="Scores">Twenty equal ranges from 0 to a round number above the highest probability.</param>
/// <param name="Gains">What calling the likeliest 5, 10, 20, 30 and 50 % would bring.</param>
public sealed record EvaluationCurves(
    ImmutableArray<ChartPoint> Roc, ImmutableArray<ChartPoint> PrecisionRecall,
    ImmutableArray<CalibrationPoint> Calibration, ImmutableArray<ScoreBin> Scores, ImmutableArray<GainPoint> Gains)
{
    private const int HistogramBins = 20;

    /// <summary>The curves of these metrics, and the histogram of the probabilities that they were computed from.</summary>
    internal static EvaluationCurves Of(BinaryMetrics metrics, bool[] labels, double[] probabilities) => new(
        [.. metrics.Roc.Select(point => new ChartPoint(point.FalsePositiveRate, point.TruePositiveRate))],
        [.. metrics.PrecisionRecall.Select(point => new ChartPoint(point.Recall, point.Precision))],
        [.. metrics.Calibration.Select(bin => new CalibrationPoint(bin.MeanPredicted, bin.Observed, bin.Count))],
        Histogram(labels, probabilities),
        [.. ((double[])[0.05, 0.1, 0.2, 0.3, 0.5]).Select(share => Gain(labels, probabilities, share))]);

    /// <summary>How many probabilities fall in each of twenty equal ranges, from 0 to a round number above the highest.</summary>
    internal static ImmutableArray<CountBin> CountByBin(double[] probabilities)
    {
        var top = RoundTop(probabilities);
        var counts = new int[HistogramBins];
        foreach (var probability in probabilities) counts[Bin(probability, top)]++;
        return [.. counts.Select((count, bin) => new CountBin(From(bin, top), From(bin + 1, top), count))];
    }

    /// <summary>The least of some round numbers that is not below any value: a chart's end that does not crush small probabilities into a corner.</summary>
    internal static double RoundTop(IEnumerable<double> values)
    {
        var largest = values.DefaultIfEmpty(1).Max();
        foreach (var top in (ReadOnlySpan<double>)[0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8])
        {
            if (largest <= top) return top;
        }
        return 1;
    }

    private static ImmutableArray<ScoreBin> Histogram(bool[] labels, double[] probabilities)
    {
        var top = RoundTop(probabilities);
        var (negatives, positives) = (new int[HistogramBins], new int[HistogramBins]);
        for (var row = 0; row < labels.Length; row++)
        {
            var counts = labels[row] ? positives : negatives;
            counts[Bin(probabilities[row], top)]++;
        }
        return [.. negatives.Zip(positives, (no, yes) => (no, yes)).Select((count, bin) => new ScoreBin(From(bin, top), From(bin + 1, top), count.no, count.yes))];
    }

    private static GainPoint Gain(bool[] labels, double[] probabilities, double share)
    {
        var wanted = (int)Math.Ceiling(labels.Length * share);
        var (positives, left) = (0.0, wanted);
        // Ties at the cut share what is left, so that the order of rows does not matter.
        foreach (var tie in Enumerable.Range(0, labels.Length).GroupBy(row => probabilities[row]).OrderByDescending(tie => tie.Key))
        {
            var taken = Math.Min(left, tie.Count());
            positives += (double)tie.Count(row => labels[row]) * taken / tie.Count();
            left -= taken;
            if (left == 0) break;
        }
        return new GainPoint(share, wanted, positives);
    }

    private static double From(int bin, double top) => bin * top / HistogramBins;

    private static int Bin(double probability, double top) => Math.Clamp((int)(probability / top * HistogramBins), 0, HistogramBins - 1);
}
