using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>A point of the ROC curve.</summary>
/// <param name="FalsePositiveRate">The share of negatives called positive.</param>
/// <param name="TruePositiveRate">The share of positives called positive.</param>
/// <param name="Threshold">The cut that gives it; positive infinity at (0, 0).</param>
public readonly record struct RocPoint(double FalsePositiveRate, double TruePositiveRate, double Threshold);

/// <summary>A point of the precision-recall curve.</summary>
/// <param name="Recall">The share of positives called positive.</param>
/// <param name="Precision">The share of the called positive that are.</param>
/// <param name="Threshold">The cut that gives it.</param>
public readonly record struct PrecisionRecallPoint(double Recall, double Precision, double Threshold);

/// <summary>Draws the curves; the points kept are evenly spaced among the thresholds, ends included.</summary>
internal static class Curves
{
    private const int MaxPoints = 200;

    public static ImmutableArray<RocPoint> Roc(RankedScores ranked)
    {
        if (ranked.Positives == 0 || ranked.Negatives == 0)
            return [];
        var points = ranked.Steps.Select(step => new RocPoint(
            step.FalsePositives / (double)ranked.Negatives, step.TruePositives / (double)ranked.Positives, step.Score));
        return Thin([new RocPoint(0, 0, double.PositiveInfinity), .. points]);
    }

    public static ImmutableArray<PrecisionRecallPoint> PrecisionRecall(RankedScores ranked)
    {
        if (ranked.Positives == 0)
            return [];
        var points = ranked.Steps.Select(step => new PrecisionRecallPoint(
            step.TruePositives / (double)ranked.Positives, step.Precision, step.Score));
        return Thin([.. points]);
    }

    private static ImmutableArray<T> Thin<T>(T[] points)
    {
        if (points.Length <= MaxPoints)
            return [.. points];
        var kept = ImmutableArray.CreateBuilder<T>(MaxPoints);
        for (var i = 0; i < MaxPoints; i++)
            kept.Add(points[(int)((long)i * (points.Length - 1) / (MaxPoints - 1))]);
        return kept.MoveToImmutable();
    }
}
