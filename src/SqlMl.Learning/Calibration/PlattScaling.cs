namespace SqlMl.Learning;

/// <summary>
/// Fits a logistic curve to log-odds and labels by maximum likelihood, the labels drawn in a little as if a row of each class had been seen before
/// (J. Platt, Probabilistic outputs for support vector machines, 1999; the steps by H.-T. Lin, C.-J. Lin and R. C. Weng, A note on Platt's probabilistic outputs, 2007).
/// </summary>
internal static class PlattScaling
{
    private const int MostSteps = 100;
    private const double SmallestStep = 1e-10;
    private const double Ridge = 1e-12;

    /// <summary>The curve; null where the log-odds do not rise with the labels, or one class is missing.</summary>
    public static PlattCalibrator? Fit(ReadOnlySpan<bool> labels, ReadOnlySpan<double> margins)
    {
        var positives = labels.Count(true);
        var negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0) return null;
        var (high, low) = ((positives + 1.0) / (positives + 2.0), 1 / (negatives + 2.0));
        var (slope, offset) = (0.0, Math.Log((positives + 1.0) / (negatives + 1.0)));
        var loss = Loss(labels, margins, slope, offset, high, low);
        for (var step = 0; step < MostSteps; step++)
        {
            double h11 = Ridge, h22 = Ridge, h21 = 0, g1 = 0, g2 = 0;
            for (var row = 0; row < margins.Length; row++)
            {
                var probability = Sigmoid.Of((slope * margins[row]) + offset);
                var weight = probability * (1 - probability);
                var miss = probability - (labels[row] ? high : low);
                h11 += margins[row] * margins[row] * weight;
                h21 += margins[row] * weight;
                h22 += weight;
                g1 += margins[row] * miss;
                g2 += miss;
            }
            if (Math.Abs(g1) < 1e-9 && Math.Abs(g2) < 1e-9) break;
            var determinant = (h11 * h22) - (h21 * h21);
            var (toSlope, toOffset) = (-((h22 * g1) - (h21 * g2)) / determinant, -((h11 * g2) - (h21 * g1)) / determinant);
            var descent = (g1 * toSlope) + (g2 * toOffset);
            var size = 1.0;
            for (; size >= SmallestStep; size /= 2)
            {
                var tried = Loss(labels, margins, slope + (size * toSlope), offset + (size * toOffset), high, low);
                if (tried > loss + (1e-4 * size * descent)) continue;
                (slope, offset, loss) = (slope + (size * toSlope), offset + (size * toOffset), tried);
                break;
            }
            if (size < SmallestStep) break;
        }
        return slope > 0 && double.IsFinite(slope) && double.IsFinite(offset) ? new PlattCalibrator(slope, offset) : null;
    }

    private static double Loss(ReadOnlySpan<bool> labels, ReadOnlySpan<double> margins, double slope, double offset, double high, double low)
    {
        var sum = 0.0;
        for (var row = 0; row < margins.Length; row++)
        {
            var odds = (slope * margins[row]) + offset;
            var target = labels[row] ? high : low;
            // log(1 + e^odds) - target * odds, without overflow.
            sum += (odds > 0 ? odds + Math.Log(1 + Math.Exp(-odds)) : Math.Log(1 + Math.Exp(odds))) - (target * odds);
        }
        return sum;
    }
}
