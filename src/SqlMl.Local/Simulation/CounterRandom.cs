namespace SqlMl.Local.Simulation;

/// <summary>
/// A counter-based generator: draw <c>n</c> of a stream is a hash (splitmix64's finalizer) of seed, stream and <c>n</c>. It uses integer arithmetic and
/// correctly rounded operations only, so that a seed gives the same bytes on every platform and runtime, which <see cref="Random"/> does not promise.
/// </summary>
internal struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    public CounterRandom(ulong seed, ulong stream) => _state = Mix(Mix(seed + Golden) ^ (stream * Golden));

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(_state += Golden);

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with this probability.</summary>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>Exponentially distributed with mean 1.</summary>
    public double NextExponential() => -Log(1 - NextDouble());

    /// <summary>Poisson distributed with this mean: how many exponential waits fit into it.</summary>
    public int NextCount(double mean)
    {
        var count = 0;
        for (var time = NextExponential(); time < mean; time += NextExponential()) count++;
        return count;
    }

    /// <summary>An index drawn in proportion to non-negative weights that are not all 0.</summary>
    public int NextIndex(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights) total += weight;
        var rest = NextDouble() * total;
        for (var i = 0; i < weights.Length; i++)
        {
            rest -= weights[i];
            if (rest < 0) return i;
        }
        return weights.Length - 1;
    }

    /// <summary>A version 4 UUID in lower case.</summary>
    public string NextUuid()
    {
        var (high, low) = (NextBits(), NextBits());
        high = (high & ~0xF000UL) | 0x4000UL;
        low = (low & 0x3FFFFFFFFFFFFFFFUL) | 0x8000000000000000UL;
        return $"{high >> 32:x8}-{(high >> 16) & 0xFFFF:x4}-{high & 0xFFFF:x4}-{low >> 48:x4}-{low & 0xFFFFFFFFFFFFUL:x12}";
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The natural logarithm of a positive normal number by the series of 2 artanh; a platform's own library may differ in the last digit.</summary>
    internal static double Log(double x)
    {
        var bits = BitConverter.DoubleToUInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.UInt64BitsToDouble((bits & 0xFFFFFFFFFFFFFUL) | 0x3FF0000000000000UL);
        var y = (mantissa - 1) / (mantissa + 1);
        var power = y;
        var sum = 0.0;
        for (var k = 1; k < 41; k += 2)
        {
            sum += power / k;
            power *= y * y;
        }
        return (2 * sum) + (exponent * 0.69314718055994530942);
    }
}
