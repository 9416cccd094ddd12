namespace SqlMl.Learning;

/// <summary>The cut between the classes: a row is positive when its probability is at least <paramref name="Threshold"/>.</summary>
/// <param name="Threshold">A probability.</param>
/// <param name="Rule">How it was chosen, as the language writes it: `best f1`, `0.5`, `recall 0.8`.</param>
public readonly record struct OperatingPoint(double Threshold, string Rule)
{
    /// <summary>The cut at one half.</summary>
    public static OperatingPoint Half { get; } = new(0.5, "0.5");

    /// <summary>A stated cut.</summary>
    public static OperatingPoint At(double threshold) => new(threshold, threshold.ToString("R", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The probability among <paramref name="probabilities"/> that gives the highest F1; of equal ones the highest. One half when no label is true.</summary>
    public static OperatingPoint BestF1(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities)
    {
        var ranked = RankedScores.Of(labels, probabilities);
        if (ranked.Positives == 0)
            return Half;
        return new OperatingPoint(ranked.Steps.MaxBy(step => step.F1(ranked.Positives)).Score, "best f1");
    }

    /// <summary>The highest probability among <paramref name="probabilities"/> at which at least that share of the true labels is found. One half when no label is true.</summary>
    public static OperatingPoint AtRecall(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities, double recall)
    {
        var ranked = RankedScores.Of(labels, probabilities);
        if (ranked.Positives == 0)
            return Half;
        var step = ranked.Steps.First(step => step.TruePositives >= recall * ranked.Positives - 1e-9);
        return new OperatingPoint(step.Score, $"recall {recall.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}");
    }
}

/// <summary>How a model's <see cref="OperatingPoint"/> is to be chosen on the validation part; without such a part every searching rule gives one half.</summary>
public abstract record OperatingRule
{
    /// <summary>The highest F1; the default.</summary>
    public static OperatingRule BestF1 { get; } = new BestF1Rule();

    /// <summary>A stated probability.</summary>
    public static OperatingRule At(double threshold) => new ThresholdRule(threshold);

    /// <summary>The highest cut with at least that recall.</summary>
    public static OperatingRule AtRecall(double recall) => new RecallRule(recall);

    internal abstract OperatingPoint Choose(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities);

    private sealed record BestF1Rule : OperatingRule
    {
        internal override OperatingPoint Choose(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities) =>
            OperatingPoint.BestF1(labels, probabilities);
    }

    private sealed record ThresholdRule(double Threshold) : OperatingRule
    {
        internal override OperatingPoint Choose(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities) =>
            OperatingPoint.At(Threshold);
    }

    private sealed record RecallRule(double Recall) : OperatingRule
    {
        internal override OperatingPoint Choose(ReadOnlySpan<bool> labels, ReadOnlySpan<double> probabilities) =>
            OperatingPoint.AtRecall(labels, probabilities, Recall);
    }
}
