namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The mean of the values that are not null.</summary>
    public static AggregateDefinition Average { get; } = new(
        "avg", 1, 1, ColumnRule.Numeric, ResultRule.Number, EmptyValue.Null,
        "The mean of the values that are not null.");
}
