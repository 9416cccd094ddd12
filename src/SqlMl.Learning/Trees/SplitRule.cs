using System.Runtime.Intrinsics;

namespace SqlMl.Learning;

/// <summary>Where to split a node: rows whose bin is at most <paramref name="Bin"/> go left, missing ones by <paramref name="MissingLeft"/>.</summary>
/// <param name="Gain">Twice the decrease of the objective.</param>
/// <param name="Position">The column's position among the binned columns.</param>
/// <param name="Bin">The last bin of the left child.</param>
/// <param name="MissingLeft">Where missing values go.</param>
/// <param name="Left">The sums of the left child, missing rows included.</param>
internal readonly record struct Split(double Gain, int Position, int Bin, bool MissingLeft, Vector128<long> Left);

/// <summary>XGBoost's second-order objective of one node (Chen and Guestrin 2016, section 2.2), with L1 and a bound on the weight.</summary>
internal sealed record SplitRule(double Lambda, double Alpha, double Gamma, double MinChildWeight, double MaxDeltaStep, FixedPoint Units)
{
    /// <summary>A split must gain more than rounding could pretend: XGBoost's own bound, and a share of what is divided, which matters for labels that are large numbers.</summary>
    private const double LeastGain = 1e-6;
    private const double LeastShare = 1e-13;

    /// <summary>The best weight of a leaf with these sums.</summary>
    public double Weight(Vector128<long> sums) => Weight(Units.Gradient(sums), Units.Hessian(sums) + Lambda);

    /// <summary>Whether a node is heavy enough to have two children.</summary>
    public bool MaySplit(Vector128<long> sums) => Units.Hessian(sums) >= 2 * MinChildWeight && sums.GetElement(1) > 0;

    /// <summary>
    /// The best split of a node on one column: every bound between bins, with the missing rows on either side, and missing against known.
    /// Ties keep the lowest bin and, at one bin, missing on the right. Without missing rows in the node they would go with the heavier child. Gain 0 when nothing is worth it.
    /// </summary>
    public Split Best(ReadOnlySpan<Vector128<long>> histogram, BinnedColumn column, int position, Vector128<long> total)
    {
        var missing = column.HasMissing ? histogram[column.MissingBin] : Vector128<long>.Zero;
        var someMissing = missing != Vector128<long>.Zero;
        var (gradient, hessian) = (Units.Gradient(total), Units.Hessian(total));
        var parent = Score(gradient, hessian);
        var best = new Split(Math.Max(Math.Max(Gamma, LeastGain), LeastShare * parent), -1, 0, false, default);
        var left = Vector128<long>.Zero;
        for (var bin = 0; bin < column.UpperBounds.Length; bin++)
        {
            if (histogram[bin] == Vector128<long>.Zero)
                continue;
            left += histogram[bin];
            var gain = Gain(left);
            if (gain > best.Gain)
                best = new Split(gain, position, bin, MissingLeft: !someMissing && Units.Hessian(left) * 2 >= hessian, left);
            if (someMissing && Gain(left + missing) is var other && other > best.Gain)
                best = new Split(other, position, bin, MissingLeft: true, left + missing);
        }

        return best.Position < 0 ? default : best;

        double Gain(Vector128<long> sums)
        {
            var leftHessian = Units.Hessian(sums);
            var rightHessian = hessian - leftHessian;
            if (leftHessian <= 0 || rightHessian <= 0 || leftHessian < MinChildWeight || rightHessian < MinChildWeight)
                return 0;
            var leftGradient = Units.Gradient(sums);
            return Score(leftGradient, leftHessian) + Score(gradient - leftGradient, rightHessian) - parent;
        }
    }

    /// <summary>Twice what the best weight takes off the objective.</summary>
    private double Score(double gradient, double hessian)
    {
        var curvature = hessian + Lambda;
        if (curvature <= 0)
            return 0;
        var shrunk = Shrunk(gradient);
        if (MaxDeltaStep == 0)
            return shrunk * shrunk / curvature;
        var weight = Weight(gradient, curvature);
        return -(2 * shrunk * weight + curvature * weight * weight);
    }

    private double Weight(double gradient, double curvature)
    {
        if (curvature <= 0)
            return 0;
        var weight = -Shrunk(gradient) / curvature;
        return MaxDeltaStep > 0 ? Math.Clamp(weight, -MaxDeltaStep, MaxDeltaStep) : weight;
    }

    private double Shrunk(double gradient) =>
        gradient > Alpha ? gradient - Alpha : gradient < -Alpha ? gradient + Alpha : 0;
}
