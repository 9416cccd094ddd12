using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>How the log-odds that a model gives become a probability. Never falling: the order of rows stays, though rows may become equal.</summary>
public abstract record Calibrator
{
    /// <summary>The log-odds as they are.</summary>
    public static Calibrator None { get; } = new RawCalibrator();

    /// <summary>`none`, `platt` or `isotonic`.</summary>
    public abstract string Name { get; }

    /// <summary>The probability at finite log-odds.</summary>
    public abstract double Of(double margin);

    private sealed record RawCalibrator : Calibrator
    {
        public override string Name => "none";

        public override double Of(double margin) => Sigmoid.Of(margin);
    }
}

/// <summary>A logistic curve over the log-odds.</summary>
/// <param name="Slope">Positive.</param>
/// <param name="Offset">Added to the stretched log-odds.</param>
public sealed record PlattCalibrator(double Slope, double Offset) : Calibrator
{
    /// <inheritdoc />
    public override string Name => "platt";

    /// <inheritdoc />
    public override double Of(double margin) => Sigmoid.Of((Slope * margin) + Offset);
}

/// <summary>Straight lines between points, level before the first and behind the last.</summary>
/// <param name="Margins">Log-odds, rising, at least one.</param>
/// <param name="Probabilities">What they become, never falling; as many.</param>
public sealed record IsotonicCalibrator(ImmutableArray<double> Margins, ImmutableArray<double> Probabilities) : Calibrator
{
    /// <inheritdoc />
    public override string Name => "isotonic";

    /// <inheritdoc />
    public override double Of(double margin)
    {
        var found = Margins.AsSpan().BinarySearch(margin);
        if (found >= 0) return Probabilities[found];
        var next = ~found;
        if (next == 0) return Probabilities[0];
        if (next == Margins.Length) return Probabilities[^1];
        var share = (margin - Margins[next - 1]) / (Margins[next] - Margins[next - 1]);
        return Probabilities[next - 1] + (share * (Probabilities[next] - Probabilities[next - 1]));
    }

    /// <inheritdoc />
    public bool Equals(IsotonicCalibrator? other) => other is not null && Margins.SequenceEqual(other.Margins) && Probabilities.SequenceEqual(other.Probabilities);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Margins.Length, Margins[0], Probabilities[^1]);
}
