namespace SqlMl.Learning;

/// <summary>A score's place among one run's rows.</summary>
public static class ScoreRanks
{
    /// <summary>100 (rank - 1) / (n - 1) for each score, in the order given: 0 the lowest, 100 the highest, ties at their mean rank; a single row is 50.</summary>
    public static double[] Percentiles(ReadOnlySpan<double> scores)
    {
        var order = new int[scores.Length];
        for (var row = 0; row < order.Length; row++)
            order[row] = row;
        Array.Sort(scores.ToArray(), order);

        var percentiles = new double[scores.Length];
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && scores[order[end]] == scores[order[start]];)
                end++;
            var meanRank = (start + 1 + end) / 2.0;
            foreach (var row in order.AsSpan(start, end - start))
                percentiles[row] = scores.Length == 1 ? 50 : 100 * (meanRank - 1) / (scores.Length - 1);
        }

        return percentiles;
    }

    /// <summary>The decile of a percentile, 1 to 10, 10 the highest: min(10, 1 + floor(percentile / 10)).</summary>
    public static int Decile(double percentile) => Math.Min(10, 1 + (int)Math.Floor(percentile / 10));
}
