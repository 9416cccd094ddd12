using SqlMl.Language.Functions;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>How an aggregate is computed from the rows of its windows.</summary>
internal enum AggregateForm
{
    /// <summary>By aggregates of SQL over a group, or over a frame.</summary>
    Grouped,

    /// <summary>The value of one row (`first`, `last`, `min_by`, `max_by` of a column), which GROUP BY cannot give with a rule for ties.</summary>
    PickedRow,

    /// <summary>From how often each value occurs.</summary>
    ValueCounts,

    /// <summary>From the time between each row and the one before.</summary>
    Gaps,

    /// <summary>From the time between each row and the first.</summary>
    Slope,
}

/// <summary>Lowers one aggregate: what is computed over rows, and what stands in for null afterwards.</summary>
/// <param name="rows">Lowers expressions over the row.</param>
/// <param name="happenedAt">The row's instant.</param>
/// <param name="over">Turns an aggregate into a term of the query: itself under GROUP BY, or over a window.</param>
internal sealed class AggregateLowering(ExpressionLowering rows, SqlExpression happenedAt, Func<SqlAggregate, SqlExpression> over)
{
    internal static AggregateForm FormOf(LogicalAggregate aggregate) => aggregate.Definition.Name switch
    {
        "first" or "last" or "min_by" or "max_by" when !aggregate.Arguments.IsEmpty => AggregateForm.PickedRow,
        "mode" or "top_values" or "entropy" => AggregateForm.ValueCounts,
        "longest_gap" => AggregateForm.Gaps,
        "trend" => AggregateForm.Slope,
        _ => AggregateForm.Grouped,
    };

    /// <summary>The aggregate over the rows of a group or frame; null or 0 over none, as the engine has it.</summary>
    internal SqlExpression Lower(LogicalAggregate aggregate)
    {
        var filter = aggregate.Filter is null ? null : rows.Lower(aggregate.Filter);
        var argument = aggregate.Arguments.IsEmpty ? null : rows.Lower(aggregate.Arguments[0]);
        return aggregate.Definition.Name switch
        {
            "count" => Count(argument, filter),
            "exists" => Count(null, filter).Is(SqlBinaryOperator.Greater, Integer(0)),
            "count_distinct" => over(Aggregate(SqlAggregateFunction.CountDistinct, Filtered(argument!, filter))),
            "sum" => Sum(argument!, filter),
            "avg" => Sum(argument!, filter).Is(
                SqlBinaryOperator.Divide, Call(SqlFunction.NullIf, Count(argument, filter), Integer(0))),
            "min" => over(Aggregate(SqlAggregateFunction.Min, Filtered(argument!, filter))),
            "max" => over(Aggregate(SqlAggregateFunction.Max, Filtered(argument!, filter))),
            "first" => over(Aggregate(SqlAggregateFunction.Min, Filtered(happenedAt, filter))),
            "last" => over(Aggregate(SqlAggregateFunction.Max, Filtered(happenedAt, filter))),
            "stddev" => over(Aggregate(SqlAggregateFunction.StandardDeviation, Filtered(argument!.AsDouble(), filter))),
            "median" => over(Aggregate(SqlAggregateFunction.Median, Filtered(argument!.AsDouble(), filter))),
            "quantile" => new SqlQuantile(Filtered(argument!.AsDouble(), filter), (decimal)Constant(aggregate)),
            "share" => Count(null, filter is null ? argument : AllOf([filter, argument!])).AsDouble().Is(
                SqlBinaryOperator.Divide, Call(SqlFunction.NullIf, Count(null, filter), Integer(0))),
            "active_days" => over(Aggregate(SqlAggregateFunction.CountDistinct, Filtered(Distinct(aggregate, rows, happenedAt), filter))),
            var name => throw new InvalidOperationException($"No SQL for the aggregate {name}."),
        };
    }

    /// <summary>True for what counts values that differ.</summary>
    internal static bool IsDistinct(LogicalAggregate aggregate) => aggregate.Definition.Name is "count_distinct" or "active_days";

    /// <summary>What `count_distinct` and `active_days` tell apart, of a row that happened at an instant; null is not counted.</summary>
    internal static SqlExpression Distinct(LogicalAggregate aggregate, ExpressionLowering rows, SqlExpression happenedAt) =>
        aggregate.Definition.Name == "active_days" ? StartOfDay(happenedAt, aggregate.Zone) : rows.Lower(aggregate.Arguments[0]);

    /// <summary>How many counts an aggregate is made of; 0 where it is made of anything else, too.</summary>
    internal static int Counts(LogicalAggregate aggregate) => aggregate.Definition.Name switch { "count" or "exists" => 1, "share" => 2, _ => 0 };

    /// <summary>The constant behind the aggregate's columns.</summary>
    internal static object Constant(LogicalAggregate aggregate) => ((LogicalConstant)aggregate.Arguments[^1]).Value!;

    /// <summary>
    /// The value with the empty window's value in place of null. A stated default overrides the empty window's value:
    /// a count of 0 and an `exists` that is false are such values, a sum of 0 over rows is not.
    /// </summary>
    internal static SqlExpression Finish(LogicalAggregate aggregate, SqlExpression value)
    {
        var empty = aggregate.Definition.Empty switch
        {
            EmptyValue.Zero => Integer(0),
            EmptyValue.False => new SqlBoolean(false),
            _ => (SqlExpression?)null,
        };
        if (aggregate.Default is { } stated)
        {
            var fallback = new ExpressionLowering(_ => new SqlNull()).Lower(stated);
            var isNeverNull = empty is not null && aggregate.Definition.Name != "sum";
            return Call(SqlFunction.Coalesce, isNeverNull ? Call(SqlFunction.NullIf, value, empty!) : value, fallback);
        }
        return empty is null ? value : Call(SqlFunction.Coalesce, value, empty);
    }

    /// <summary>As <see cref="Finish"/> for a value that frames computed, where every row has a count.</summary>
    internal static SqlExpression FinishFrame(LogicalAggregate aggregate, SqlExpression value) =>
        aggregate.Default is null && aggregate.Definition.Name is ("count" or "exists" or "count_distinct" or "active_days") ? value : Finish(aggregate, value);

    private SqlExpression Count(SqlExpression? argument, SqlExpression? filter) =>
        over(Aggregate(SqlAggregateFunction.Count, filter is null ? argument : Filtered(argument ?? Integer(1), filter)));

    // Sums are taken over 38-digit decimals: exact, so the order in which threads meet the rows cannot show in the last digit.
    private SqlCast Sum(SqlExpression argument, SqlExpression? filter) =>
        over(Aggregate(SqlAggregateFunction.Sum, new SqlCast(Filtered(argument, filter), SqlType.Decimal))).AsDouble();

    /// <summary>The day of a row as the source's clock has it.</summary>
    private static SqlCall StartOfDay(SqlExpression happenedAt, string? zone) => Call(SqlFunction.StartOfDay, zone is null ? happenedAt : new SqlToZone(happenedAt, zone));

    private static SqlExpression Filtered(SqlExpression argument, SqlExpression? filter) => filter is null ? argument : When(filter, argument);
}
