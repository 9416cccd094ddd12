using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>A way to calibrate, tried on rows that it was not fitted on.</summary>
/// <param name="Name">As <see cref="Calibrator.Name"/>.</param>
/// <param name="LogLoss">The mean negative log likelihood of the validation rows, each row's curve fitted without it.</param>
public sealed record CalibrationTrial(string Name, double LogLoss);

/// <summary>
/// Chooses none, Platt or isotonic on the validation part. Each is fitted on four fifths of its rows and judged by log loss on the other fifth, in turn; one replaces
/// the one before it only where it is better by more than a standard error of the difference, since boosting that stops at the best log loss is calibrated as it is. What is chosen is fitted on all rows.
/// </summary>
public static class CalibrationChoice
{
    /// <summary>The fewest rows of each class for any curve.</summary>
    public const int MinimumRowsOfClass = 20;

    /// <summary>The fewest rows for isotonic regression, which follows chance where there are fewer.</summary>
    public const int MinimumIsotonicRows = 5_000;

    private const int Folds = 5;

    /// <summary>The curve, and what was tried; none, and nothing tried, where a class has too few rows.</summary>
    /// <param name="labels">The labels of the validation part.</param>
    /// <param name="margins">The log-odds that the model gives its rows, in the same order.</param>
    public static (Calibrator Calibrator, ImmutableArray<CalibrationTrial> Trials) Choose(bool[] labels, double[] margins)
    {
        var positives = labels.AsSpan().Count(true);
        if (Math.Min(positives, labels.Length - positives) < MinimumRowsOfClass) return (Calibrator.None, []);
        var folds = FoldsOf(margins);
        Calibrator chosen = Calibrator.None;
        var best = LossesApart(labels, margins, folds, (_, _) => Calibrator.None);
        var trials = ImmutableArray.Create(new CalibrationTrial(Calibrator.None.Name, best.Average()));
        Try((rows, odds) => PlattScaling.Fit(rows, odds));
        if (labels.Length >= MinimumIsotonicRows) Try((rows, odds) => IsotonicRegression.Fit(rows, odds));
        return (chosen, trials);

        void Try(Func<bool[], double[], Calibrator?> fit)
        {
            if (fit(labels, margins) is not { } curve) return;
            var losses = LossesApart(labels, margins, folds, fit);
            trials = trials.Add(new CalibrationTrial(curve.Name, losses.Average()));
            if (IsClearlyLess(losses, best)) (chosen, best) = (curve, losses);
        }
    }

    /// <summary>Rows in the order of their log-odds go to the folds in turn, so that each fold has all of their range.</summary>
    private static int[] FoldsOf(double[] margins)
    {
        var order = Enumerable.Range(0, margins.Length).ToArray();
        // Equal ones in the order of the rows: an unstable sort must not decide.
        Array.Sort(order, (left, right) => margins[left].CompareTo(margins[right]) is not 0 and var sign ? sign : left.CompareTo(right));
        var folds = new int[margins.Length];
        for (var rank = 0; rank < order.Length; rank++) folds[order[rank]] = rank % Folds;
        return folds;
    }

    /// <summary>The negative log likelihood of each row under the curve that the other folds give.</summary>
    private static double[] LossesApart(bool[] labels, double[] margins, int[] folds, Func<bool[], double[], Calibrator?> fit)
    {
        var losses = new double[labels.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var others = Enumerable.Range(0, labels.Length).Where(row => folds[row] != fold).ToArray();
            var curve = fit(Array.ConvertAll(others, row => labels[row]), Array.ConvertAll(others, row => margins[row])) ?? Calibrator.None;
            for (var row = 0; row < labels.Length; row++)
            {
                if (folds[row] == fold) losses[row] = BinaryMetrics.LossOf(labels[row], curve.Of(margins[row]));
            }
        }
        return losses;
    }

    private static bool IsClearlyLess(double[] losses, double[] others)
    {
        var gains = losses.Zip(others, (loss, other) => other - loss).ToArray();
        var mean = gains.Average();
        var variance = gains.Sum(gain => (gain - mean) * (gain - mean)) / (gains.Length - 1);
        return mean > Math.Sqrt(variance / gains.Length);
    }
}
