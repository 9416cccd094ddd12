using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>One bin of rows of similar prediction.</summary>
/// <param name="MeanPredicted">The mean prediction of its rows.</param>
/// <param name="MeanLabel">Their mean label.</param>
/// <param name="Count">The number of rows, at least 1.</param>
public readonly record struct PredictionBin(double MeanPredicted, double MeanLabel, int Count)
{
    private const int MaxBins = 10;

    /// <summary>Ten bins of equal row counts by rising prediction; rows of one prediction go to the bin of their middle rank, so the table does not depend on the order of rows. Empty bins are left out.</summary>
    internal static ImmutableArray<PredictionBin> Table(ReadOnlySpan<double> labels, ReadOnlySpan<double> predictions)
    {
        var sorted = predictions.ToArray();
        var ordered = labels.ToArray();
        Array.Sort(sorted, ordered);
        var bins = new PredictionBin[MaxBins];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start];)
                end++;
            ref var bin = ref bins[(int)((start + end - 1) / 2.0 * MaxBins / sorted.Length)];
            var sum = 0.0;
            // Sorted, so that ties add up in one order.
            Array.Sort(ordered, start, end - start);
            foreach (var label in ordered.AsSpan(start, end - start))
                sum += label;
            bin = new PredictionBin(bin.MeanPredicted + sorted[start] * (end - start), bin.MeanLabel + sum, bin.Count + end - start);
        }

        return [.. bins.Where(bin => bin.Count > 0).Select(bin => new PredictionBin(bin.MeanPredicted / bin.Count, bin.MeanLabel / bin.Count, bin.Count))];
    }
}

/// <summary>How good predicted numbers are, against known labels. Rows weigh the same. Definitions are scikit-learn's; what is not defined is null.</summary>
public sealed record RegressionMetrics
{
    /// <summary>The number of rows, at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>The mean label.</summary>
    public required double MeanLabel { get; init; }

    /// <summary>The mean prediction.</summary>
    public required double MeanPredicted { get; init; }

    /// <summary>The square root of the mean squared error.</summary>
    public required double Rmse { get; init; }

    /// <summary>The mean absolute error.</summary>
    public required double Mae { get; init; }

    /// <summary>The share of the labels' variance that the predictions explain, below 0 where they are worse than the labels' own mean; null when all labels are equal.</summary>
    public required double? R2 { get; init; }

    /// <summary>The mean of |error| / |label|; null when a label is 0.</summary>
    public required double? Mape { get; init; }

    /// <summary>Up to ten bins of about equal row counts, by rising prediction.</summary>
    public required ImmutableArray<PredictionBin> Bins { get; init; }

    /// <summary>Computes everything from labels and predictions in the same order of rows.</summary>
    /// <exception cref="LearningException"><see cref="LearningFailure.TooFewRows"/>: there is no row.</exception>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public static RegressionMetrics Compute(ReadOnlySpan<double> labels, ReadOnlySpan<double> predictions)
    {
        if (labels.Length != predictions.Length)
            throw new ArgumentException($"{labels.Length} labels, {predictions.Length} predictions", nameof(predictions));
        if (labels.IsEmpty)
            throw new LearningException(LearningFailure.TooFewRows, "there are no rows to evaluate");
        double labelSum = 0, predictedSum = 0, squares = 0, absolutes = 0, relatives = 0;
        var isMapeDefined = true;
        for (var row = 0; row < labels.Length; row++)
        {
            var error = predictions[row] - labels[row];
            labelSum += labels[row];
            predictedSum += predictions[row];
            squares += error * error;
            absolutes += Math.Abs(error);
            isMapeDefined &= labels[row] != 0;
            relatives += isMapeDefined ? Math.Abs(error / labels[row]) : 0;
        }

        var mean = labelSum / labels.Length;
        var spread = 0.0;
        foreach (var label in labels)
            spread += (label - mean) * (label - mean);
        return new RegressionMetrics
        {
            Count = labels.Length,
            MeanLabel = mean,
            MeanPredicted = predictedSum / labels.Length,
            Rmse = Math.Sqrt(squares / labels.Length),
            Mae = absolutes / labels.Length,
            R2 = labels.ContainsAnyExcept(labels[0]) ? 1 - squares / spread : null,
            Mape = isMapeDefined ? relatives / labels.Length : null,
            Bins = PredictionBin.Table(labels, predictions),
        };
    }
}
