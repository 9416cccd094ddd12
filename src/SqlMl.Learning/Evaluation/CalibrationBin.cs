using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>One bin of the calibration table.</summary>
/// <param name="MeanPredicted">The mean probability of its rows.</param>
/// <param name="Observed">The share of true labels among them.</param>
/// <param name="Count">The number of rows, at least 1.</param>
public readonly record struct CalibrationBin(double MeanPredicted, double Observed, int Count)
{
    private const int MaxBins = 10;

    /// <summary>Ten bins of equal row counts; rows of one probability go to the bin of their middle rank, so the table does not depend on the order of rows. Empty bins are left out.</summary>
    internal static ImmutableArray<CalibrationBin> Table(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities)
    {
        var order = new int[labels.Length];
        for (var row = 0; row < order.Length; row++)
            order[row] = row;
        Array.Sort(probabilities.ToArray(), order);

        var sums = new (double Predicted, int Positives, int Count)[MaxBins];
        for (int start = 0, end; start < order.Length; start = end)
        {
            var probability = probabilities[order[start]];
            for (end = start + 1; end < order.Length && probabilities[order[end]] == probability;)
                end++;
            var middle = (start + end - 1) / 2.0;
            ref var bin = ref sums[(int)(middle * MaxBins / order.Length)];
            bin.Predicted += probability * (end - start);
            bin.Count += end - start;
            for (var i = start; i < end; i++)
                bin.Positives += labels[order[i]] ? 1 : 0;
        }

        return [.. sums.Where(bin => bin.Count > 0).Select(bin => new CalibrationBin(bin.Predicted / bin.Count, bin.Positives / (double)bin.Count, bin.Count))];
    }
}
