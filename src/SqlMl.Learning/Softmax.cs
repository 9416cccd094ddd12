namespace SqlMl.Learning;

/// <summary>Probabilities of several classes from their margins.</summary>
internal static class Softmax
{
    /// <summary>Replaces margins by probabilities that sum to 1, without overflow.</summary>
    public static void Apply(Span<double> margins)
    {
        var largest = double.NegativeInfinity;
        foreach (var margin in margins)
            largest = Math.Max(largest, margin);
        var sum = 0.0;
        foreach (ref var margin in margins)
            sum += margin = Math.Exp(margin - largest);
        foreach (ref var margin in margins)
            margin /= sum;
    }

    /// <summary>The negative logarithm of the probability of one class.</summary>
    public static double LossOf(ReadOnlySpan<double> margins, int target)
    {
        var largest = double.NegativeInfinity;
        foreach (var margin in margins)
            largest = Math.Max(largest, margin);
        var sum = 0.0;
        foreach (var margin in margins)
            sum += Math.Exp(margin - largest);
        return largest + Math.Log(sum) - margins[target];
    }
}
