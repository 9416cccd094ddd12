namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The largest value that is not null; strings compare by bytes.</summary>
    public static AggregateDefinition Max { get; } = new(
        "max", 1, 1, ColumnRule.Any, ResultRule.FirstColumn, EmptyValue.Null,
        "The largest value that is not null; strings compare by bytes.");
}
