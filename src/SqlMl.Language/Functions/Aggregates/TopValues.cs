namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The most frequent values that are not null, as many as stated, the most frequent first; of equally frequent ones the smaller, strings by bytes.</summary>
    public static AggregateDefinition TopValues { get; } = new(
        "top_values", 1, 1, ColumnRule.Any, ResultRule.Set, EmptyValue.Null,
        "The most frequent values that are not null, as many as stated, the most frequent first; of equally frequent ones the smaller, strings by bytes.")
    {
        Parameter = new AggregateParameter("n", IsWhole: true, Least: 1, Most: 1000, Example: "3"),
    };
}
