namespace SqlMl.DuckDb.Columns;

/// <summary>DECIMAL as DuckDB stores it, an integer and a scale, turned into .NET's number types.</summary>
internal static class DecimalScaling
{
    private const long LargestExactDouble = 1L << 53;
    private const int LargestDecimalScale = 28;
    private static readonly Int128[] s_powersOfTen = PowersOfTen();

    /// <summary>The widest DECIMAL stored in 16, 32 and 64 bits; a wider one takes 128.</summary>
    public const int Int16Width = 4, Int32Width = 9, Int64Width = 18;

    /// <summary>
    /// <paramref name="unscaled"/> / 10^<paramref name="scale"/>: correctly rounded up to 2^53 and scale 22; else the whole and the
    /// fractional part are converted apart, as DuckDB's own cast to DOUBLE does, which is off by one unit in the last place at most.
    /// </summary>
    public static double ToDouble(long unscaled, int scale)
    {
        if (scale == 0 || unscaled is >= -LargestExactDouble and <= LargestExactDouble)
            return unscaled / (double)s_powersOfTen[scale];
        var (whole, fraction) = Math.DivRem(unscaled, (long)s_powersOfTen[scale]);
        return whole + (fraction / (double)s_powersOfTen[scale]);
    }

    /// <inheritdoc cref="ToDouble(long, int)"/>
    public static double ToDouble(Int128 unscaled, int scale)
    {
        if (scale == 0 || (unscaled >= -LargestExactDouble && unscaled <= LargestExactDouble))
            return (double)unscaled / (double)s_powersOfTen[scale];
        var (whole, fraction) = Int128.DivRem(unscaled, s_powersOfTen[scale]);
        return (double)whole + ((double)fraction / (double)s_powersOfTen[scale]);
    }

    /// <summary>The exact value, or <see langword="null"/> where <see cref="decimal"/> (96 bits, scale up to 28) cannot hold it.</summary>
    public static decimal? ToDecimal(Int128 unscaled, int scale)
    {
        var magnitude = UInt128.CreateTruncating(Int128.Abs(unscaled));
        // Zeros at the end of the fraction may be all that is too much.
        for (; scale > 0 && (scale > LargestDecimalScale || magnitude >> 96 != 0) && magnitude % 10 == 0; scale--)
            magnitude /= 10;
        if (scale > LargestDecimalScale || magnitude >> 96 != 0)
            return null;
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), Int128.IsNegative(unscaled), (byte)scale);
    }

    private static Int128[] PowersOfTen()
    {
        var powers = new Int128[39];
        powers[0] = 1;
        for (var exponent = 1; exponent < powers.Length; exponent++)
            powers[exponent] = powers[exponent - 1] * 10;
        return powers;
    }
}
