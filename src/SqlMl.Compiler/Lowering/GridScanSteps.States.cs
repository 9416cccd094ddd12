using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <content>The state that holds at each cutoff.</content>
internal sealed partial class GridScanSteps
{
    private const string Overlaps = "overlaps";

    /// <summary>The values of first and last states, those under one filter together.</summary>
    internal static IEnumerable<ImmutableArray<LogicalAggregate>> HeldSeries(ImmutableArray<LogicalAggregate> picks) =>
        picks.GroupBy(FilterOf, StringComparer.Ordinal).Select(series => series.ToImmutableArray());

    /// <summary>
    /// Adds the values of the first or last of the states that hold, all under one filter, and returns the step that has them at each cutoff. Most states hold alone:
    /// these are taken as they are, and only those of which several hold at one cutoff are ranked there (rules 19 and 34).
    /// </summary>
    internal string AddHeld(string name, ExpressionLowering values, SqlExpression? orderBy, ImmutableArray<LogicalAggregate> picks)
    {
        var only = picks.Length == 1 ? picks[0] : null;
        var wanted = only?.Name ?? name;
        var (rows, first, until) = AddStretches(wanted, CountedRows.Of(picks, values).Where);
        var overlaps = Beside(Overlaps);
        var untilBefore = new SqlWindowAggregate(
            Aggregate(SqlAggregateFunction.Max, until), context.Keys("e"), [Ascending(first)], new SqlFrame(IsRows: true, new SqlUnbounded(), new SqlOffset(-1)));
        var next = new SqlLead(first, context.Keys("e"), [Ascending(first)]);
        var held = context.Add($"{wanted}_held", "each row, and whether another holds at one of its cutoffs, too", new SqlSelect(
            [
                AllOf("e"),
                Call(SqlFunction.Coalesce, AnyOf([next.Is(SqlBinaryOperator.Less, until), untilBefore.Is(SqlBinaryOperator.Greater, first)]), new SqlBoolean(false)).As(overlaps),
            ],
            Table(rows, "e"))
        {
            Where = [first.Is(SqlBinaryOperator.Less, until)],
        });
        var (cutoff, from) = grid.Run(grid.Beside(Table(held, "e")), first, until);
        var alone = new SqlSelect(
            [.. context.KeyItems("e"), cutoff.As(ModelContext.Cutoff), .. picks.Select(pick => values.Lower(pick.Arguments[0]).As(pick.Name))], from)
        {
            Where = [new SqlNot(Column("e", overlaps))],
        };
        var instant = Beside(ModelContext.Cutoff);
        var together = context.Add($"{wanted}_overlapping", "those of which several hold, each once at each cutoff", new SqlSelect([AllOf("e"), cutoff.As(instant)], from)
        {
            Where = [Column("e", overlaps)],
        });
        ImmutableArray<SqlExpression> among = [.. context.Keys("e"), Column("e", instant)];
        var ranked = new SqlSelect(
            [.. context.KeyItems("e"), Column("e", instant).As(ModelContext.Cutoff), .. picks.Select(pick => Value(pick).As(pick.Name))], Table(together, "e"))
        {
            Qualify = new SqlRowNumber(among, Ranking(values, orderBy, picks[0])).EqualTo(Integer(1)),
        };
        return context.Add(only is null ? name : $"{only.Name}_row", only is null ? comment : $"{comment}: the row that {only.Definition.Name} takes", new SqlUnionAll([alone, ranked]));

        SqlExpression Value(LogicalAggregate pick) => only is not null
            ? values.Lower(pick.Arguments[0])
            : new SqlValueAt(IsLast: false, values.Lower(pick.Arguments[0]), among, Ranking(values, orderBy, pick), new SqlFrame(IsRows: true, new SqlUnbounded(), new SqlUnbounded()));
    }
}
