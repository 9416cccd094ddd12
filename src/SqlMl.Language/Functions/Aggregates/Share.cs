namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>Of the rows, the share for which a condition is true; null is not true (rule 33).</summary>
    public static AggregateDefinition Share { get; } = new(
        "share", 1, 1, ColumnRule.Boolean, ResultRule.Number, EmptyValue.Null,
        "Of the rows, the share for which a condition is true; null is not true (rule 33).");
}
