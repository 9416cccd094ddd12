namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The slope of the least-squares line through the values that are not null, a day; null below two distinct instants (rule 36).</summary>
    public static AggregateDefinition Trend { get; } = new(
        "trend", 1, 1, ColumnRule.Numeric, ResultRule.Number, EmptyValue.Null,
        "The slope of the least-squares line through the values that are not null, a day; null below two distinct instants (rule 36).")
    {
        ReadsTime = true,
    };
}
