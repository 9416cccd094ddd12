using System.Collections.Immutable;
using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The instants of a grid (rules 23 and 24).</summary>
internal sealed class GridStep(ModelContext context, string run)
{
    private const string First = "first_instant";
    private const string Last = "last_instant";
    private const string Anchor = "anchor_instant";
    private const string Step = "step";

    /// <summary>Adds the steps and returns the name of the last: one column, the cutoff.</summary>
    internal string Add(LogicalGrid grid)
    {
        var bounds = context.Add("grid_bounds", "the first and last instant that may be on the grid, and one that it passes through", Bounds(grid));
        var cutoff = grid.Step.IsCalendar
            ? new SqlShiftMonths(Column("b", Anchor), grid.Step.Months == 1 ? Column("n", Step) : Column("n", Step).Is(SqlBinaryOperator.Multiply, Integer(grid.Step.Months)))
            : (SqlExpression)new SqlShiftSteps(Column("b", Anchor), Column("n", Step), grid.Step.Microseconds);
        var steps = new SqlSeries(
            StepsTo(grid.Step, Column("b", First)).Is(SqlBinaryOperator.Subtract, Integer(1)),
            StepsTo(grid.Step, Column("b", Last)).Is(SqlBinaryOperator.Add, Integer(3)),
            Name("n"), Name(Step));
        var passed = context.Add("grid_instants", $"every {grid.Step.Text}, a little beyond both ends", new SqlSelect(
            [cutoff.As(ModelContext.Cutoff), AllOf("b")], Table(bounds, "b").Join(SqlJoinKind.Cross, steps)));
        var instants = context.Add("grid", "those between the ends", new SqlSelect([Column("b", ModelContext.Cutoff).As(ModelContext.Cutoff)], Table(passed, "b"))
        {
            Where =
            [
                Column("b", ModelContext.Cutoff).Is(SqlBinaryOperator.GreaterOrEqual, Column("b", First)),
                .. End(grid),
                Column("b", ModelContext.Cutoff).Is(SqlBinaryOperator.LessOrEqual, Column("b", RunStep.AsOf)),
            ],
        });
        if (grid.Count is not { } count) return instants;
        return context.Add("latest_instants", $"the latest {count}", Latest(instants, bounds, grid, count));
    }

    /// <summary>The latest instants; in a family, so that its models share them, the latest that are complete for all, and any later one.</summary>
    private SqlSelect Latest(string instants, string bounds, LogicalGrid grid, int count)
    {
        var cutoff = Column("g", ModelContext.Cutoff);
        var latest = new SqlSelect([cutoff.As(ModelContext.Cutoff)], Table(instants, "g"));
        if (!context.Model.IsInFamily || context.Model.AllowImmature || grid.Until is not null)
        {
            return latest with { Qualify = new SqlRowNumber([], [Descending(cutoff)]).Is(SqlBinaryOperator.LessOrEqual, Integer(count)) };
        }
        var isShared = SqlTerms.AllOf([.. cutoff.EndBy(context.Model.FamilyMaturity, Column("b", Last))]);
        var position = new SqlRowNumber([isShared], [Descending(cutoff)]);
        return latest with
        {
            From = latest.From!.Join(SqlJoinKind.Cross, Table(bounds, "b")),
            Qualify = position.Is(SqlBinaryOperator.LessOrEqual, Integer(count)).Is(SqlBinaryOperator.Or, new SqlNot(isShared)),
        };
    }

    /// <summary>A stated end is not on the grid; without one the grid ends where labels are no longer known to the end (rule 24).</summary>
    private IEnumerable<SqlExpression> End(LogicalGrid grid)
    {
        var (cutoff, last) = (Column("b", ModelContext.Cutoff), Column("b", Last));
        if (grid.Until is not null) return [cutoff.Is(SqlBinaryOperator.Less, last)];
        return context.Model.AllowImmature ? [cutoff.Is(SqlBinaryOperator.LessOrEqual, last)] : cutoff.EndBy(context.Model.Maturity, last);
    }

    private SqlSelect Bounds(LogicalGrid grid)
    {
        var last = grid.Until is not null ? CutoffSteps.Bound(grid.Until) : Column("r", context.Model.AllowImmature ? RunStep.AsOf : RunStep.KnownUntil);
        var first = grid.From is not null ? CutoffSteps.Bound(grid.From) : Column("r", RunStep.StartsAt);
        var isBelowDay = !grid.Step.IsCalendar && grid.Step.Microseconds < Duration.Day;
        var anchor = grid.AlignedTo is { } instant
            ? new SqlTimestamp(instant)
            : grid.From is not null ? first : Call(isBelowDay ? SqlFunction.StartOfHour : SqlFunction.StartOfDay, LastMature());
        return new SqlSelect([first.As(First), last.As(Last), anchor.As(Anchor), Column("r", RunStep.AsOf).As(RunStep.AsOf)], Table(run, "r"));
    }

    /// <summary>The last instant whose label is known to the end.</summary>
    private SqlExpression LastMature()
    {
        var last = context.Model.FamilyMaturity.Select(LastMature).ToImmutableArray();
        return last.Length == 1 ? last[0] : Call(SqlFunction.Least, last);
    }

    /// <summary>
    /// The last instant from which a window is known to its end. Calendar steps clamp to a month's last day, so that up to three later days
    /// reach the same instant: 29, 30 and 31 January are all a month before the end of February.
    /// </summary>
    private static SqlExpression LastMature(LogicalWindow window)
    {
        var known = Column("r", RunStep.KnownUntil);
        var earliest = known.Shift(window.Length, window.Gap, isEarlier: true);
        if (window.Length?.IsCalendar != true && window.Gap?.IsCalendar != true) return earliest;
        var later = new[] { 3, 2, 1 }.Select(days => new SqlShift(earliest, days * Duration.Day));
        return new SqlCase([.. later.Select(day => new SqlCaseBranch(day.End(window).Is(SqlBinaryOperator.LessOrEqual, known), day))], earliest);
    }

    /// <summary>How many steps lie between the anchor and an instant, give or take one: the exact bounds are conditions of their own.</summary>
    private static SqlExpression StepsTo(Duration step, SqlExpression instant)
    {
        var anchor = Column("b", Anchor);
        if (!step.IsCalendar) return Steps(Call(SqlFunction.MicrosecondsBetween, anchor, instant), step.Microseconds);
        var months = Months(instant).Is(SqlBinaryOperator.Subtract, Months(anchor));
        return step.Months == 1 ? months : Steps(months, step.Months);
    }

    private static SqlCast Steps(SqlExpression distance, long step) =>
        new(Call(SqlFunction.Floor, distance.Is(SqlBinaryOperator.Divide, Integer(step))), SqlType.BigInt);

    private static SqlBinary Months(SqlExpression instant) =>
        Call(SqlFunction.YearOf, instant).Is(SqlBinaryOperator.Multiply, Integer(12)).Is(SqlBinaryOperator.Add, Call(SqlFunction.MonthOf, instant));
}
