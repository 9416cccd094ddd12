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
            ? new SqlShiftMonths(Column("b", Anchor), Column("n", Step).Is(SqlBinaryOperator.Multiply, Integer(grid.Step.Months)))
            : (SqlExpression)new SqlShiftSteps(Column("b", Anchor), Column("n", Step), grid.Step.Microseconds);
        var steps = new SqlSeries(
            StepsTo(grid.Step, Column("b", First)).Is(SqlBinaryOperator.Subtract, Integer(1)),
            StepsTo(grid.Step, Column("b", Last)).Is(SqlBinaryOperator.Add, Integer(3)),
            Name("n"), Name(Step));
        // Without an `until` the grid ends at the last instant, which is included; `until` itself is not.
        var end = grid.Until is null ? SqlBinaryOperator.LessOrEqual : SqlBinaryOperator.Less;
        var select = new SqlSelect([cutoff.As(ModelContext.Cutoff)], Table(bounds, "b").Join(SqlJoinKind.Cross, steps))
        {
            Where =
            [
                cutoff.Is(SqlBinaryOperator.GreaterOrEqual, Column("b", First)),
                cutoff.Is(end, Column("b", Last)),
                cutoff.Is(SqlBinaryOperator.LessOrEqual, Column("b", RunStep.AsOf)),
            ],
        };
        var instants = context.Add("grid", $"every {grid.Step.Text}", select);
        if (grid.Count is not { } count) return instants;
        var position = new SqlRowNumber([], [Descending(Column("g", ModelContext.Cutoff))]);
        return context.Add("latest_instants", $"the latest {count}", new SqlSelect([Column("g", ModelContext.Cutoff).As(ModelContext.Cutoff)], Table(instants, "g"))
        {
            Qualify = position.Is(SqlBinaryOperator.LessOrEqual, Integer(count)),
        });
    }

    private SqlSelect Bounds(LogicalGrid grid)
    {
        var model = context.Model;
        var mature = Column("r", RunStep.KnownUntil).Shift(model.Horizon.Length, isEarlier: true).Shift(model.Horizon.Gap, isEarlier: true);
        var last = grid.Until is not null ? CutoffSteps.Bound(grid.Until) : model.AllowImmature ? Column("r", RunStep.AsOf) : mature;
        var first = grid.From is not null ? CutoffSteps.Bound(grid.From) : Column("r", RunStep.StartsAt);
        var isBelowDay = !grid.Step.IsCalendar && grid.Step.Microseconds < Duration.Day;
        SqlExpression anchor = grid.AlignedTo is { } instant
            ? new SqlTimestamp(instant)
            : grid.From is not null ? first : Call(isBelowDay ? SqlFunction.StartOfHour : SqlFunction.StartOfDay, mature);
        return new SqlSelect([first.As(First), last.As(Last), anchor.As(Anchor), Column("r", RunStep.AsOf).As(RunStep.AsOf)], Table(run, "r"));
    }

    /// <summary>How many whole steps lie between the anchor and an instant, give or take one: the exact bounds are conditions of their own.</summary>
    private static SqlExpression StepsTo(Duration step, SqlExpression instant)
    {
        var anchor = Column("b", Anchor);
        if (!step.IsCalendar)
        {
            return Call(SqlFunction.FloorDivide, Call(SqlFunction.MicrosecondsBetween, anchor, instant), Integer(step.Microseconds));
        }
        var months = Months(instant).Is(SqlBinaryOperator.Subtract, Months(anchor));
        return Call(SqlFunction.FloorDivide, months, Integer(step.Months));
    }

    private static SqlBinary Months(SqlExpression instant) =>
        Call(SqlFunction.YearOf, instant).Is(SqlBinaryOperator.Multiply, Integer(12)).Is(SqlBinaryOperator.Add, Call(SqlFunction.MonthOf, instant));
}
