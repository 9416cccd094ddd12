namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>How evenly the values that are not null are spread, in bits: 0 where all are one value, 1 for two equally frequent ones (rule 36).</summary>
    public static AggregateDefinition Entropy { get; } = new(
        "entropy", 1, 1, ColumnRule.Any, ResultRule.Number, EmptyValue.Null,
        "How evenly the values that are not null are spread, in bits: 0 where all are one value, 1 for two equally frequent ones (rule 36).");
}
