using System.Runtime.Intrinsics;

namespace SqlMl.Learning;

/// <summary>
/// Gradient and hessian as one 128-bit vector of two fixed-point integers. Integer sums are exact, hence the same in any order and on any
/// number of threads, and a histogram minus a child's is the sibling's to the last bit.
/// </summary>
internal readonly struct FixedPoint
{
    private readonly (double Scale, double Unit) _gradient;
    private readonly (double Scale, double Unit) _hessian;

    /// <summary>Chooses for each the finest power of two for which sums over all rows stay below 2^62.</summary>
    /// <param name="gradients">What the absolute gradients of all rows together cannot exceed.</param>
    /// <param name="hessians">The same of the hessians.</param>
    public FixedPoint(double gradients, double hessians) => (_gradient, _hessian) = (Choose(gradients), Choose(hessians));

    public Vector128<long> Pack(double gradient, double hessian) =>
        Vector128.Create((long)Math.Round(gradient * _gradient.Scale), (long)Math.Round(hessian * _hessian.Scale));

    public double Gradient(Vector128<long> pair) => pair.GetElement(0) * _gradient.Unit;

    public double Hessian(Vector128<long> pair) => pair.GetElement(1) * _hessian.Unit;

    private static (double Scale, double Unit) Choose(double total)
    {
        var bits = Math.Min(40, 61 - (int)Math.Ceiling(Math.Log2(Math.Max(total, 1))));
        return (Math.ScaleB(1, bits), Math.ScaleB(1, -bits));
    }
}
