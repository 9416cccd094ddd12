using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>Labels grouped by equal score, highest score first: what every ranking measure and every threshold is computed from, so that ties are treated alike.</summary>
internal sealed class RankedScores
{
    private RankedScores(ImmutableArray<ScoreStep> steps, int positives, int negatives) =>
        (Steps, Positives, Negatives) = (steps, positives, negatives);

    /// <summary>One step a distinct score, descending, with the counts at or above it.</summary>
    public ImmutableArray<ScoreStep> Steps { get; }

    public int Positives { get; }

    public int Negatives { get; }

    public static RankedScores Of(ReadOnlySpan<bool> labels, ReadOnlySpan<double> scores)
    {
        if (labels.Length != scores.Length)
            throw new ArgumentException($"{labels.Length} labels, {scores.Length} scores", nameof(scores));
        var sorted = scores.ToArray();
        var sortedLabels = labels.ToArray();
        Array.Sort(sorted, sortedLabels);
        var steps = ImmutableArray.CreateBuilder<ScoreStep>();
        int truePositives = 0, falsePositives = 0;
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            if (sortedLabels[i])
                truePositives++;
            else
                falsePositives++;
            if (i == 0 || sorted[i - 1] != sorted[i])
                steps.Add(new ScoreStep(sorted[i], truePositives, falsePositives));
        }

        return new RankedScores(steps.ToImmutable(), truePositives, falsePositives);
    }

    /// <summary>The area under the ROC curve: the share of (positive, negative) pairs ranked rightly, a tie counting half; null with one class.</summary>
    public double? AreaUnderRoc()
    {
        if (Positives == 0 || Negatives == 0)
            return null;
        var pairs = 0.0;
        var above = default(ScoreStep);
        foreach (var step in Steps)
        {
            pairs += (step.FalsePositives - above.FalsePositives) * ((step.TruePositives + (double)above.TruePositives) / 2);
            above = step;
        }

        return pairs / ((double)Positives * Negatives);
    }

    /// <summary>The sum over thresholds of (recall gained) * precision, without interpolation (scikit-learn's average_precision_score); null without positives.</summary>
    public double? AveragePrecision()
    {
        if (Positives == 0)
            return null;
        var sum = 0.0;
        var above = 0;
        foreach (var step in Steps)
        {
            sum += (step.TruePositives - above) * step.Precision;
            above = step.TruePositives;
        }

        return sum / Positives;
    }
}

/// <summary>The counts when every row with at least this score is called positive.</summary>
internal readonly record struct ScoreStep(double Score, int TruePositives, int FalsePositives)
{
    public double Precision => TruePositives / (double)(TruePositives + FalsePositives);

    public double F1(int positives) => 2.0 * TruePositives / (positives + TruePositives + FalsePositives);
}
