using SqlMl.Language.Functions;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Lowers one aggregate: what is computed over rows, and what stands in for null afterwards.</summary>
/// <param name="rows">Lowers expressions over the row.</param>
/// <param name="happenedAt">The row's instant.</param>
/// <param name="over">Turns an aggregate into a term of the query: itself under GROUP BY, or over a window.</param>
internal sealed class AggregateLowering(ExpressionLowering rows, SqlExpression happenedAt, Func<SqlAggregate, SqlExpression> over)
{
    /// <summary>True for the value of one row of the window (`first`, `last`, `min_by`, `max_by` of a column), which GROUP BY cannot give with a rule for ties.</summary>
    internal static bool PicksRow(LogicalAggregate aggregate) =>
        !aggregate.Arguments.IsEmpty && aggregate.Definition.Name is "first" or "last" or "min_by" or "max_by";

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
            "stddev" => over(Aggregate(SqlAggregateFunction.StandardDeviation, Filtered(Double(argument!), filter))),
            "median" => over(Aggregate(SqlAggregateFunction.Median, Filtered(Double(argument!), filter))),
            var name => throw new InvalidOperationException($"No SQL for the aggregate {name}."),
        };
    }

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
        aggregate.Default is null && aggregate.Definition.Name is ("count" or "exists") ? value : Finish(aggregate, value);

    private SqlExpression Count(SqlExpression? argument, SqlExpression? filter) =>
        over(Aggregate(SqlAggregateFunction.Count, filter is null ? argument : Filtered(argument ?? Integer(1), filter)));

    // Sums are taken over 38-digit decimals: exact, so the order in which threads meet the rows cannot show in the last digit.
    private SqlCast Sum(SqlExpression argument, SqlExpression? filter) =>
        new(over(Aggregate(SqlAggregateFunction.Sum, new SqlCast(Filtered(argument, filter), SqlType.Decimal))), SqlType.Double);

    private static SqlCast Double(SqlExpression argument) => new(argument, SqlType.Double);

    private static SqlExpression Filtered(SqlExpression argument, SqlExpression? filter) => filter is null ? argument : When(filter, argument);
}
