using System.Collections.Immutable;
using System.Globalization;

namespace SqlMl.Learning;

/// <summary>One parameter of a trainer: its names, the values it takes, and its default.</summary>
public sealed record ParameterDefinition
{
    /// <summary>The name under which the model file records it.</summary>
    public required string Name { get; init; }

    /// <summary>Other names that mean the same (XGBoost's and scikit-learn's spellings).</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The default, as text in the invariant culture.</summary>
    public required string Default { get; init; }

    /// <summary>What it does, one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>The words it takes; empty when it takes a number.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>Whether its number must be whole.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The least number allowed.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>The greatest number allowed.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>Whether <see cref="Minimum"/> itself is excluded.</summary>
    public bool AboveMinimum { get; init; }

    /// <summary>Whether it may change a model; one that only changes how it is computed (threads) is not recorded in the model file.</summary>
    public bool ShapesModel { get; init; } = true;

    /// <summary>The values allowed, in words: `a whole number from 1 to 12`, `none or balanced`.</summary>
    public string Allowed
    {
        get
        {
            if (!Words.IsEmpty)
                return string.Join(" or ", Words);
            var kind = IsWhole ? "a whole number" : "a number";
            var low = double.IsInfinity(Minimum) ? "" : AboveMinimum ? $" above {Text(Minimum)}" : $" from {Text(Minimum)}";
            var high = double.IsInfinity(Maximum) ? (low.Length > 0 && !AboveMinimum ? " up" : "") : $" to {Text(Maximum)}";
            return kind + low + high;
        }
    }

    internal bool Accepts(string value)
    {
        if (!Words.IsEmpty)
            return Words.Contains(value, StringComparer.Ordinal);
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            && number <= Maximum
            && (AboveMinimum ? number > Minimum : number >= Minimum)
            && (!IsWhole || number == Math.Floor(number));
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
