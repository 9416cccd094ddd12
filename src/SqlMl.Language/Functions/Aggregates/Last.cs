namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The value in the latest row, null or not; same instant: the largest (rule 34).</summary>
    public static AggregateDefinition Last { get; } = new(
        "last", 0, 1, ColumnRule.Any, ResultRule.FirstColumn, EmptyValue.Null,
        "The value in the latest row, null or not; same instant: the largest (rule 34).")
    {
        PicksRow = true,
    };
}
