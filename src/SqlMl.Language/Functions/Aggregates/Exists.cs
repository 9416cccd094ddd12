namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>True when there is a row.</summary>
    public static AggregateDefinition Exists { get; } = new(
        "exists", 0, 0, ColumnRule.Any, ResultRule.Boolean, EmptyValue.False,
        "True when there is a row.");
}
