using System.Collections.Immutable;
using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Sql;

namespace SqlMl.Compiler.Lowering;

/// <summary>Short ways to build SQL terms, so that the lowering reads like the SQL it makes.</summary>
internal static class SqlTerms
{
    /// <summary>An instant before every row: since when what never changes is known.</summary>
    internal static readonly SqlExpression BeforeAll = new SqlTimestamp(new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    internal static SqlName Name(string name) => new(name);

    internal static SqlColumn Column(string table, string name) => new(new SqlName(table), new SqlName(name));

    internal static SqlColumn Column(string name) => new(null, new SqlName(name));

    internal static SqlSelectItem As(this SqlExpression expression, string name) =>
        new(expression, expression is SqlColumn column && column.Name.Name == name && !column.Name.IsExact ? null : new SqlName(name));

    internal static SqlSelectItem AllOf(string table) => new(new SqlStar(new SqlName(table)), null);

    internal static SqlBinary Is(this SqlExpression left, SqlBinaryOperator op, SqlExpression right) => new(left, op, right);

    internal static SqlCast AsDouble(this SqlExpression expression) => new(expression, SqlType.Double);

    internal static SqlBinary EqualTo(this SqlExpression left, SqlExpression right) => new(left, SqlBinaryOperator.Equal, right);

    internal static SqlIsNull IsNotNull(this SqlExpression expression) => new(expression, IsNegated: true);

    internal static SqlInteger Integer(long value) => new(value);

    /// <summary>An instant in UTC, which one that was brought there already is.</summary>
    internal static SqlToUtc InUtc(SqlExpression instant) => instant as SqlToUtc ?? new SqlToUtc(instant);

    internal static SqlCall Call(SqlFunction function, params ImmutableArray<SqlExpression> arguments) => new(function, arguments);

    internal static SqlAggregate Aggregate(SqlAggregateFunction function, SqlExpression? argument) => new(function, argument);

    internal static SqlCase When(SqlExpression condition, SqlExpression value) => new([new SqlCaseBranch(condition, value)], null);

    internal static SqlExpression AnyOf(IReadOnlyList<SqlExpression> conditions) => Joined(conditions, SqlBinaryOperator.Or);

    internal static SqlExpression AllOf(IReadOnlyList<SqlExpression> conditions) =>
        conditions.Count == 0 ? new SqlBoolean(true) : Joined(conditions, SqlBinaryOperator.And);

    private static SqlExpression Joined(IReadOnlyList<SqlExpression> conditions, SqlBinaryOperator op)
    {
        var joined = conditions[0];
        for (var i = 1; i < conditions.Count; i++) joined = joined.Is(op, conditions[i]);
        return joined;
    }

    internal static SqlOrder Ascending(SqlExpression expression) => new(expression, IsDescending: false, NullsFirst: false);

    internal static SqlOrder Descending(SqlExpression expression) => new(expression, IsDescending: true, NullsFirst: false);

    internal static SqlNamedTable Table(string name, string? alias = null) =>
        new([new SqlName(name)], alias is null ? null : new SqlName(alias));

    internal static SqlJoin Join(this SqlTable left, SqlJoinKind kind, SqlTable right, params ImmutableArray<SqlExpression> on) => new(left, kind, right, on);

    /// <summary>An instant moved by a duration: exact lengths by microseconds, calendar steps by months (rule 9).</summary>
    internal static SqlExpression Shift(this SqlExpression instant, Duration? duration, bool isEarlier = false)
    {
        if (duration is null) return instant;
        return duration.IsCalendar
            ? new SqlShiftMonths(instant, Integer(isEarlier ? -duration.Months : duration.Months))
            : new SqlShift(instant, isEarlier ? -duration.Microseconds : duration.Microseconds);
    }

    /// <summary>An instant moved by one duration and then another; calendar steps are counted from the instant, never from one another (rule 9).</summary>
    internal static SqlExpression Shift(this SqlExpression instant, Duration? first, Duration? second, bool isEarlier = false)
    {
        if (first is not { IsCalendar: true } || second is not { IsCalendar: true }) return instant.Shift(first, isEarlier).Shift(second, isEarlier);
        var months = first.Months + second.Months;
        return new SqlShiftMonths(instant, Integer(isEarlier ? -months : months));
    }

    /// <summary>Where a window of the future ends, seen from a cutoff.</summary>
    internal static SqlExpression End(this SqlExpression cutoff, LogicalWindow window) => cutoff.Shift(window.Gap, window.Length);

    /// <summary>No window ends after an instant.</summary>
    internal static IEnumerable<SqlExpression> EndBy(this SqlExpression cutoff, IEnumerable<LogicalWindow> windows, SqlExpression instant) =>
        windows.Select(window => (SqlExpression)cutoff.End(window).Is(SqlBinaryOperator.LessOrEqual, instant));

    internal static SqlStep Step(string name, string comment, SqlQuery query) => new(new SqlName(name), [comment], query);
}
