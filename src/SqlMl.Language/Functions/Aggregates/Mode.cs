namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The most frequent value that is not null; of equally frequent ones the smallest, strings by bytes (rule 35).</summary>
    public static AggregateDefinition Mode { get; } = new(
        "mode", 1, 1, ColumnRule.Any, ResultRule.FirstColumn, EmptyValue.Null,
        "The most frequent value that is not null; of equally frequent ones the smallest, strings by bytes (rule 35).");
}
