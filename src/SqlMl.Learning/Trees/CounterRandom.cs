namespace SqlMl.Learning;

/// <summary>Random numbers that are a function of their address (seed, stream, position) and not of what was drawn before: the same on any number of threads.</summary>
internal static class CounterRandom
{
    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public static double Uniform(long seed, int stream, int position) =>
        (Mix(Mix((ulong)seed) ^ (((ulong)(uint)stream << 32) | (uint)position)) >> 11) * (1.0 / (1L << 53));

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood 2014), after its own increment.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
