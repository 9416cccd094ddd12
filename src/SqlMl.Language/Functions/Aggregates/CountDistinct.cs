namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The number of different values that are not null.</summary>
    public static AggregateDefinition CountDistinct { get; } = new(
        "count_distinct", 1, 1, ColumnRule.Any, ResultRule.Integer, EmptyValue.Zero,
        "The number of different values that are not null.");
}
