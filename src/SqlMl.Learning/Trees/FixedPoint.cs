using System.Runtime.Intrinsics;

namespace SqlMl.Learning;

/// <summary>
/// Gradient and hessian as one 128-bit vector of two fixed-point integers. Integer sums are exact, hence the same in any order and on any
/// number of threads, and a histogram minus a child's is the sibling's to the last bit.
/// </summary>
internal readonly struct FixedPoint
{
    private readonly double _scale;
    private readonly double _unit;

    /// <summary>Chooses the finest power of two for which the sums over all rows, each at most the row's weight, stay below 2^62.</summary>
    public FixedPoint(double totalWeight)
    {
        var bits = Math.Min(40, 61 - (int)Math.Ceiling(Math.Log2(Math.Max(totalWeight, 1))));
        _scale = Math.ScaleB(1, bits);
        _unit = Math.ScaleB(1, -bits);
    }

    public Vector128<long> Pack(double gradient, double hessian) =>
        Vector128.Create((long)Math.Round(gradient * _scale), (long)Math.Round(hessian * _scale));

    public double Gradient(Vector128<long> pair) => pair.GetElement(0) * _unit;

    public double Hessian(Vector128<long> pair) => pair.GetElement(1) * _unit;
}
