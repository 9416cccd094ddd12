namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The smallest value that is not null; strings compare by bytes.</summary>
    public static AggregateDefinition Min { get; } = new(
        "min", 1, 1, ColumnRule.Any, ResultRule.FirstColumn, EmptyValue.Null,
        "The smallest value that is not null; strings compare by bytes.");
}
