namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The value below which a share of the values that are not null lies, interpolated between its neighbours (rule 36).</summary>
    public static AggregateDefinition Quantile { get; } = new(
        "quantile", 1, 1, ColumnRule.Numeric, ResultRule.Number, EmptyValue.Null,
        "The value below which a share of the values that are not null lies, interpolated between its neighbours (rule 36).")
    {
        Parameter = new AggregateParameter("p", IsWhole: false, Least: 0, Most: 1, Example: "0.9"),
    };
}
