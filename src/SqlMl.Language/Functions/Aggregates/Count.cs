namespace SqlMl.Language.Functions;

/// <summary>The aggregates, one a file; <see cref="AggregateCatalogue"/> lists them.</summary>
public static partial class Aggregates
{
    /// <summary>The number of rows; with a column, of rows where it is not null (rule 31).</summary>
    public static AggregateDefinition Count { get; } = new(
        "count", 0, 1, ColumnRule.Any, ResultRule.Integer, EmptyValue.Zero,
        "The number of rows; with a column, of rows where it is not null (rule 31).");
}
