using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <content>Some of the cutoffs alone, and what may make cutoffs come and go.</content>
internal sealed partial class CutoffSteps
{
    /// <summary>A step that decides which cutoffs there are.</summary>
    /// <param name="Rows">What its rows are.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Instant">The column of their instant.</param>
    internal sealed record Deciding(WatchedRows Rows, string Step, string Instant);

    /// <summary>An instant that cutoffs are compared with, over the run's step under the alias `r`.</summary>
    internal sealed record Dividing(WatchedLimit Limit, SqlExpression Instant);

    /// <summary>The conditions on an instant that lies within a range.</summary>
    internal static IEnumerable<SqlExpression> Within(SqlExpression instant, CutoffRange range)
    {
        if (range.From != DateTime.MinValue) yield return instant.Is(SqlBinaryOperator.GreaterOrEqual, new SqlTimestamp(range.From));
        if (range.To != DateTime.MaxValue) yield return instant.Is(SqlBinaryOperator.LessOrEqual, new SqlTimestamp(range.To));
    }

    /// <summary>Adds the steps that decide on cutoffs: who exists, who has stopped, what cutoffs follow, where a grid lies.</summary>
    internal IEnumerable<Deciding> AddDeciding()
    {
        var model = context.Model;
        if (CarriesExistence || model.Population is not null)
        {
            yield return new Deciding(new WatchedRows(WatchedKind.Existence, model.Entity, true, [RowReach.Past]), FirstSeen(), ExistsFrom);
        }
        if (model.Until is { } until) yield return new Deciding(new WatchedRows(WatchedKind.Stops, model.Entity, true, [RowReach.Past]), Stops(until), StopsAt);
        foreach (var line in model.Observe)
        {
            if (line is LogicalAfterFirst first)
            {
                yield return new Deciding(new WatchedRows(WatchedKind.FirstRows, first.Rows.Source, true, [RowReaches.Behind(first.Offset)]), AddFirst(first), FirstAt);
            }
            else if (line is LogicalGrid grid)
            {
                var rows = new WatchedRows(WatchedKind.Grid, model.Entity, false, [RowReach.AtCutoff]) { MayMove = grid.AlignedTo is null && grid.From?.Instant is null };
                yield return new Deciding(rows, new GridStep(context, run).Add(grid), ModelContext.Cutoff);
            }
        }
    }

    /// <summary>The instants that divide cutoffs that follow rows, or are stated; those of a grid are watched one by one.</summary>
    internal IEnumerable<Dividing> Dividers()
    {
        var isRunAsked = false;
        foreach (var line in context.Model.Observe)
        {
            if (line is LogicalGrid) continue;
            isRunAsked |= line is not LogicalEach { Offset: null } each || context.Sources[each.Rows.Source].Source.Knowledge is { IsPlanned: true };
            if (UsesRun(line.From)) yield return new Dividing(new WatchedLimit(LimitKind.Bound, [RowReach.AtCutoff]), Bound(line.From!));
            if (UsesRun(line.Until)) yield return new Dividing(new WatchedLimit(LimitKind.Bound, [RowReach.AtCutoff]), Bound(line.Until!));
        }
        if (isRunAsked) yield return new Dividing(new WatchedLimit(LimitKind.Run, [RowReach.AtCutoff]), Column("r", RunStep.AsOf));
    }

    /// <summary>Where only some cutoffs are asked for: those.</summary>
    private string AddAskedFor(string step)
    {
        if (context.Cutoffs is not { } ranges) return step;
        var cutoff = Column("c", ModelContext.Cutoff);
        SqlExpression isAskedFor = ranges.IsEmpty ? new SqlBoolean(false) : AnyOf([.. ranges.Select(range => SqlTerms.AllOf([.. Within(cutoff, range)]))]);
        return context.Add("asked_for", "the cutoffs that are built", new SqlSelect([AllOf("c")], Table(step, "c")) { Where = [isAskedFor] });
    }

    /// <summary>Where only some cutoffs are asked for: a grid's instants from the first to the last of them, one step after the other without a gap.</summary>
    private string AddAskedForOf(string instants)
    {
        if (context.Cutoffs is not { } ranges) return instants;
        return context.Add("grid_asked_for", "the stretch of the grid that is built", new SqlSelect([AllOf("g")], Table(instants, "g"))
        {
            Where = ranges.IsEmpty ? [new SqlBoolean(false)] : [.. Within(Column("g", ModelContext.Cutoff), new CutoffRange(ranges[0].From, ranges[^1].To))],
        });
    }
}
