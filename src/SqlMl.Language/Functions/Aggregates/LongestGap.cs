namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The longest time between neighbouring rows, in days; null below two rows (rule 36).</summary>
    public static AggregateDefinition LongestGap { get; } = new(
        "longest_gap", 0, 0, ColumnRule.Any, ResultRule.Number, EmptyValue.Null,
        "The longest time between neighbouring rows, in days; null below two rows (rule 36).")
    {
        ReadsTime = true,
    };
}
