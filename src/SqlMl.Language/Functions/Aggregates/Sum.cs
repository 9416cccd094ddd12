namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The sum of the values that are not null, taken exactly in billionths; 0 for none (rule 32).</summary>
    public static AggregateDefinition Sum { get; } = new(
        "sum", 1, 1, ColumnRule.Numeric, ResultRule.Number, EmptyValue.Zero,
        "The sum of the values that are not null, taken exactly in billionths; 0 for none (rule 32).");
}
