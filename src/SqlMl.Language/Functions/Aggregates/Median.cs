namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The median of the values that are not null, interpolated (rule 36).</summary>
    public static AggregateDefinition Median { get; } = new(
        "median", 1, 1, ColumnRule.Numeric, ResultRule.Number, EmptyValue.Null,
        "The median of the values that are not null, interpolated (rule 36).");
}
