namespace SqlMl.Language.Functions;

public static partial class Aggregates
{
    /// <summary>The number of days, in UTC, that have a row (rule 36).</summary>
    public static AggregateDefinition ActiveDays { get; } = new(
        "active_days", 0, 0, ColumnRule.Any, ResultRule.Integer, EmptyValue.Zero,
        "The number of days, in UTC, that have a row (rule 36).")
    {
        ReadsTime = true,
    };
}
