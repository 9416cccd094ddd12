using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SqlMl.Learning;

/// <summary>Sums over rows whose bits do not depend on the machine.</summary>
internal static class VectorSums
{
    /// <summary>Eight partial sums in a fixed order, whatever the width of the machine's vectors.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        Vector256<double> even = default, odd = default;
        var row = 0;
        for (; row <= a.Length - 8; row += 8)
        {
            even += Vector256.LoadUnsafe(ref left, (nuint)row) * Vector256.LoadUnsafe(ref right, (nuint)row);
            odd += Vector256.LoadUnsafe(ref left, (nuint)row + 4) * Vector256.LoadUnsafe(ref right, (nuint)row + 4);
        }

        var sum = Vector256.Sum(even + odd);
        for (; row < a.Length; row++)
            sum += Unsafe.Add(ref left, row) * Unsafe.Add(ref right, row);
        return sum;
    }
}
