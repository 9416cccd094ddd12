namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The first column in the row where the second is largest; ties: the largest; rows without the second are skipped.</summary>
    public static AggregateDefinition MaxBy { get; } = new(
        "max_by", 2, 2, ColumnRule.Any, ResultRule.FirstColumn, EmptyValue.Null,
        "The first column in the row where the second is largest; ties: the largest; rows without the second are skipped.")
    {
        PicksRow = true,
    };
}
