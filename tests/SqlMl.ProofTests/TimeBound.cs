using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SqlMl.Sql;

namespace SqlMl.ProofTests;

/// <summary>
/// A place in the emitted SQL that bounds a time: a comparison of when a row happened, was known, or ended, an end of a window frame, or the
/// number of the first or last cutoff of a grid that sees a row. It is known by its step
/// and its own text, so that it is the same place in every script that has the step.
/// </summary>
/// <param name="Step">The step it stands in.</param>
/// <param name="Text">Its SQL, instants left out.</param>
/// <param name="Occurrence">Which of several alike in the step, from 0.</param>
internal sealed partial record TimeBound(string Step, string Text, int Occurrence)
{
    // What rows say of themselves; the steps carry these under the same names, whatever the source calls them.
    private static readonly HashSet<string> OfRows = ["happened_at", "known_at", "held_until", "exists_from", "stops_at", "first_at"];

    // How far the data reach, and where a part begins: a label's window must end by then.
    private static readonly HashSet<string> OfWindows = ["known_until", "starts_at", "last_instant"];

    /// <summary>The bounds of a query.</summary>
    public static ImmutableArray<TimeBound> Find(SqlWith query)
    {
        var found = new List<TimeBound>();
        Visit(query, (bound, node) =>
        {
            found.Add(bound);
            return node;
        });
        return [.. found];
    }

    /// <summary>The query with this bound dropped, or loosened by the least that there is; the same where it has no such bound.</summary>
    public SqlWith Weaken(SqlWith query, bool drop) => Visit(query, (bound, node) => bound != this ? node : drop ? Dropped(node) : Loosened(node), Step);

    private static SqlWith Visit(SqlWith query, Func<TimeBound, object, object> replace, string? only = null)
    {
        var steps = query.Steps.Select(step => only is null || step.Name.Name == only ? step with { Query = In(step.Name.Name, step.Query) } : step).ToImmutableArray();
        return query with { Steps = steps, Body = only is null or "" ? In("", query.Body) : query.Body };

        SqlQuery In(string step, SqlQuery body)
        {
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            return new TreeRewriter(node => node switch
            {
                SqlBinary binary when IsBound(binary) => replace(Bound(Instant().Replace(Dialect.Print(binary), "T")), binary),
                // The same number stands in several places of a query that groups by it.
                SqlCall { Function: SqlFunction.Highest or SqlFunction.Lowest } call => call with
                {
                    Arguments = [.. call.Arguments.Select(argument => IsNumber(argument)
                        ? ((RunEnd)replace(new TimeBound(step, $"{(call.Function == SqlFunction.Highest ? "first" : "last")} cutoff: {Dialect.Print(argument)}", 0),
                            new RunEnd(argument, call.Arguments[0], call.Function == SqlFunction.Highest))).Number
                        : argument)],
                },
                SqlFrame { IsRows: false } frame => frame with
                {
                    Start = frame.Start is SqlUnbounded ? frame.Start : End(frame, frame.Start, isStart: true),
                    End = frame.End is SqlUnbounded ? frame.End : End(frame, frame.End, isStart: false),
                },
                _ => node,
            }).Rewrite(body);

            SqlFrameBound End(SqlFrame frame, SqlFrameBound bound, bool isStart) =>
                ((FrameEnd)replace(Bound($"{(isStart ? "start" : "end")} of the frame from {frame.Start} to {frame.End}"), new FrameEnd(bound, isStart))).Bound;

            TimeBound Bound(string text)
            {
                counts.TryGetValue(text, out var count);
                counts[text] = count + 1;
                return new TimeBound(step, text, count);
            }
        }
    }

    private sealed record FrameEnd(SqlFrameBound Bound, bool IsStart);

    /// <summary>The number of the cutoff at which a run of them begins or ends: one of the grid's own ends if nothing bounds it.</summary>
    private sealed record RunEnd(SqlExpression Number, SqlExpression OfGrid, bool IsFirst);

    private static SqlDialect Dialect => SqlDialects.Find("duckdb")!;

    private static bool IsBound(SqlBinary binary)
    {
        if (binary.Operator is not (SqlBinaryOperator.Less or SqlBinaryOperator.LessOrEqual or SqlBinaryOperator.Greater or SqlBinaryOperator.GreaterOrEqual)) return false;
        // A rank compares rows with rows, whatever they are put in order by.
        if (Has<SqlRowNumber>(binary.Left)) return false;
        var (left, right) = (Columns(binary.Left), Columns(binary.Right));
        // Against the instant of the run as it was stated.
        if (binary.Right is SqlTimestamp) return left.Count > 0;
        if (left.Concat(right).Any(IsOfRow)) return true;
        return binary.Left is SqlShift or SqlShiftMonths && right.Any(OfWindows.Contains);
    }

    /// <summary>Counts the cutoffs up to an instant that a row states.</summary>
    private static bool IsNumber(SqlExpression argument) => Has<SqlCall>(argument, call => call.Function == SqlFunction.DivideWhole) && Columns(argument).Any(IsOfRow);

    private static bool Has<T>(SqlExpression expression, Func<T, bool>? that = null)
    {
        var found = false;
        new TreeRewriter(node =>
        {
            found |= node is T part && that?.Invoke(part) != false;
            return node;
        }).Rewrite(expression);
        return found;
    }

    private static bool IsOfRow(string column) => OfRows.Contains(column) || column.EndsWith("_known_at", StringComparison.Ordinal);

    private static List<string> Columns(SqlExpression expression)
    {
        var names = new List<string>();
        new TreeRewriter(node =>
        {
            if (node is SqlColumn column) names.Add(column.Name.Name);
            return node;
        }).Rewrite(expression);
        return names;
    }

    private static object Dropped(object node) => node switch
    {
        FrameEnd end => end with { Bound = new SqlUnbounded() },
        RunEnd end => end with { Number = end.OfGrid },
        _ => new SqlBoolean(true),
    };

    private static object Loosened(object node) => node switch
    {
        FrameEnd end => end with { Bound = Further(end) },
        RunEnd end => end with { Number = Further(end) },
        SqlBinary { Operator: SqlBinaryOperator.Less } binary => binary with { Operator = SqlBinaryOperator.LessOrEqual },
        SqlBinary { Operator: SqlBinaryOperator.Greater } binary => binary with { Operator = SqlBinaryOperator.GreaterOrEqual },
        SqlBinary { Operator: SqlBinaryOperator.LessOrEqual } binary => binary with { Right = new SqlShift(binary.Right, 1) },
        SqlBinary binary => binary with { Right = new SqlShift(binary.Right, -1) },
        _ => throw new InvalidOperationException($"{node.GetType().Name} bounds nothing"),
    };

    private static SqlFrameBound Further(FrameEnd end)
    {
        var distance = (end.Bound is SqlOffset offset ? offset.Distance : 0) + (end.IsStart ? -1 : 1);
        return end.Bound is SqlUnbounded ? end.Bound : distance == 0 ? new SqlCurrentRow() : new SqlOffset(distance);
    }

    /// <summary>Counted from a microsecond earlier, or up to one later.</summary>
    private static SqlExpression Further(RunEnd end) => new TreeRewriter(node => node is SqlCall { Function: SqlFunction.DivideWhole } steps
        ? steps with { Arguments = [new SqlBinary(steps.Arguments[0], end.IsFirst ? SqlBinaryOperator.Subtract : SqlBinaryOperator.Add, new SqlInteger(1)), steps.Arguments[1]] }
        : node).Rewrite(end.Number);

    [GeneratedRegex("TIMESTAMP '[^']*'")]
    private static partial Regex Instant();
}
