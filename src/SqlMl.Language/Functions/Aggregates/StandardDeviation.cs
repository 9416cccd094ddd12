namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The standard deviation of the sample; null below two values (rule 36).</summary>
    public static AggregateDefinition StandardDeviation { get; } = new(
        "stddev", 1, 1, ColumnRule.Numeric, ResultRule.Number, EmptyValue.Null,
        "The standard deviation of the sample; null below two values (rule 36).");
}
