namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The first column in the row where the second is smallest; ties: the smallest; rows without the second are skipped.</summary>
    public static AggregateDefinition MinBy { get; } = new(
        "min_by", 2, 2, ColumnRule.Any, ResultRule.FirstColumn, EmptyValue.Null,
        "The first column in the row where the second is smallest; ties: the smallest; rows without the second are skipped.")
    {
        PicksRow = true,
    };
}
