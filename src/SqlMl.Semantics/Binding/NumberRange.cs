namespace SqlMl.Semantics.Binding;

/// <summary>The numbers that a value can be; an open end is not one of them.</summary>
internal readonly record struct NumberRange(decimal Low, bool IsLowOpen, decimal High, bool IsHighOpen)
{
    /// <summary>What a count can be.</summary>
    internal static NumberRange NotNegative { get; } = new(0, false, decimal.MaxValue, false);

    /// <summary>The numbers for which a comparison with a constant holds; null for an operator that makes no range.</summary>
    internal static NumberRange? Where(BoundOperator comparison, decimal constant) => comparison switch
    {
        BoundOperator.Less => new(decimal.MinValue, false, constant, true),
        BoundOperator.LessOrEqual => new(decimal.MinValue, false, constant, false),
        BoundOperator.Greater => new(constant, true, decimal.MaxValue, false),
        BoundOperator.GreaterOrEqual => new(constant, false, decimal.MaxValue, false),
        BoundOperator.Equal => new(constant, false, constant, false),
        _ => null,
    };

    /// <summary>True when every number of this range is one of the other.</summary>
    internal bool IsWithin(NumberRange other) =>
        (Low > other.Low || (Low == other.Low && (IsLowOpen || !other.IsLowOpen))) &&
        (High < other.High || (High == other.High && (IsHighOpen || !other.IsHighOpen)));

    /// <summary>True when the ranges have no number in common.</summary>
    internal bool IsApartFrom(NumberRange other) => IsBelow(this, other) || IsBelow(other, this);

    private static bool IsBelow(NumberRange lower, NumberRange upper) =>
        lower.High < upper.Low || (lower.High == upper.Low && (lower.IsHighOpen || upper.IsLowOpen));
}
