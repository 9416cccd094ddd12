namespace SqlMl.Learning;

/// <summary>The logistic function and its inverse.</summary>
internal static class Sigmoid
{
    /// <summary>The probability of a log-odds, without overflow at either end.</summary>
    public static double Of(double margin)
    {
        if (margin >= 0)
            return 1 / (1 + Math.Exp(-margin));
        var odds = Math.Exp(margin);
        return odds / (1 + odds);
    }
}
