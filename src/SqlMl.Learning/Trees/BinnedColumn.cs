namespace SqlMl.Learning;

/// <summary>
/// One encoded column as byte bins: bin b holds the values in [<c>UpperBounds[b-1]</c>, <c>UpperBounds[b]</c>), so "bin at most b" and
/// "value &lt; UpperBounds[b]" are the same question. Missing values, if any, have the one bin after those.
/// </summary>
/// <param name="Column">The encoded column.</param>
/// <param name="Bins">The bin of each row.</param>
/// <param name="UpperBounds">Ascending exclusive upper bounds; the last is <see cref="float.MaxValue"/>, above every value.</param>
/// <param name="HasMissing">Whether a training value is missing.</param>
internal sealed record BinnedColumn(int Column, byte[] Bins, float[] UpperBounds, bool HasMissing)
{
    /// <summary>The bin of missing values.</summary>
    public int MissingBin => UpperBounds.Length;

    /// <summary>The bins in use; below 2 there is nothing to split.</summary>
    public int BinCount => UpperBounds.Length + (HasMissing ? 1 : 0);

    /// <summary>Bins a column by quantiles; with no more distinct values than <paramref name="maxBins"/> each has its own bin.</summary>
    public static BinnedColumn Of(int column, double[] values, int maxBins)
    {
        var sorted = new float[values.Length];
        var count = 0;
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
                sorted[count++] = (float)value;
        }

        var hasMissing = count < values.Length;
        Array.Sort(sorted, 0, count);
        var bounds = Bounds(sorted.AsSpan(0, count), Math.Min(maxBins, hasMissing ? 255 : 256));
        var bins = new byte[values.Length];
        for (var row = 0; row < bins.Length; row++)
            bins[row] = (byte)(double.IsNaN(values[row]) ? bounds.Length : BinOf((float)values[row], bounds));
        return new BinnedColumn(column, bins, bounds, hasMissing);
    }

    /// <summary>
    /// Upper bounds of bins of about equal row counts. A value never straddles bins; one frequent enough to fill a bin gets its own, and the
    /// rest is shared evenly over what remains, so that a column of mostly zeros still resolves its other values.
    /// </summary>
    private static float[] Bounds(ReadOnlySpan<float> sorted, int maxBins)
    {
        if (sorted.IsEmpty)
            return [];
        var values = new List<(float Value, int Count)>();
        foreach (var value in sorted)
        {
            if (values.Count > 0 && values[^1].Value == value)
                values[^1] = (value, values[^1].Count + 1);
            else
                values.Add((value, 1));
        }

        var everyValue = values.Count <= maxBins;
        var bounds = new List<float>();
        var rowsLeft = sorted.Length;
        var rowsInBin = 0;
        for (var i = 0; i < values.Count - 1 && bounds.Count < maxBins - 1; i++)
        {
            rowsInBin += values[i].Count;
            var share = (double)rowsLeft / (maxBins - bounds.Count);
            if (!everyValue && rowsInBin < share && values[i + 1].Count < share)
                continue;
            bounds.Add(Between(values[i].Value, values[i + 1].Value));
            rowsLeft -= rowsInBin;
            rowsInBin = 0;
        }

        bounds.Add(float.MaxValue);
        return [.. bounds];
    }

    /// <summary>A bound above <paramref name="low"/> and at most <paramref name="high"/>: their middle, where single precision has one.</summary>
    private static float Between(float low, float high)
    {
        var middle = (float)(((double)low + high) / 2);
        return middle > low ? middle : high;
    }

    private static int BinOf(float value, float[] bounds)
    {
        int low = 0, high = bounds.Length - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (value < bounds[middle])
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
