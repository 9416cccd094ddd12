namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The value in the earliest row, null or not; same instant: the smallest (rule 34).</summary>
    public static AggregateDefinition First { get; } = new(
        "first", 0, 1, ColumnRule.Any, ResultRule.FirstColumn, EmptyValue.Null,
        "The value in the earliest row, null or not; same instant: the smallest (rule 34).")
    {
        PicksRow = true,
    };
}
