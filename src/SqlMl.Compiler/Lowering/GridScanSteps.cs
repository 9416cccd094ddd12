using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Functions;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Rows of a scan beside the cutoffs of a grid that see them, without a join: which cutoffs those are follows from the row.</summary>
/// <param name="context">The query.</param>
/// <param name="grid">The grid.</param>
/// <param name="scan">The scan.</param>
/// <param name="comment">What the scan sees.</param>
internal sealed partial class GridScanSteps(ModelContext context, GridCutoffs grid, LogicalScan scan, string comment)
{
    private const string Number = "number";
    private const string NextNumber = "next_number";
    private const string UntilNumber = "until_number";
    private const string SeenRows = "seen_rows";
    private const string IsSeen = "is_seen";

    private readonly SourceStep _source = context.Rows(scan);

    // True where a value is carried from the very row at a number: an entity's first cutoff comes before the rows that are first seen there, then.
    private bool _isMarked;

    /// <summary>The step that says from when on each entity exists, where the values are wanted at all of its cutoffs; null for those alone at which there are any.</summary>
    internal string? FirstSeen { get; init; }

    /// <summary>
    /// The aggregates of a carried or swept scan, those together that one series of steps computes: what is added up; each count of distinct values; the values of first or
    /// last rows under one filter, and beside them what is added up where it has no other filter, since the same rows are first seen then.
    /// </summary>
    internal static IEnumerable<ImmutableArray<LogicalAggregate>> Series(LogicalScan scan)
    {
        var together = scan.Aggregates.Where(aggregate => !IsAlone(aggregate)).ToImmutableArray();
        var alone = scan.Aggregates.RemoveRange(together);
        if (scan.Strategy == ScanStrategy.Sweep)
        {
            if (together.Length > 0) yield return together;
            foreach (var aggregate in alone) yield return [aggregate];
            yield break;
        }
        var filters = together.Select(FilterOf).Distinct().ToList();
        var shared = filters is [var filter] && alone.Any(aggregate => FilterOf(aggregate) == filter) ? filter : null;
        if (together.Length > 0 && shared is null) yield return together;
        foreach (var picks in alone.GroupBy(FilterOf, StringComparer.Ordinal)) yield return picks.Key == shared ? [.. picks, .. together] : [.. picks];

        bool IsAlone(LogicalAggregate aggregate) => scan.Strategy == ScanStrategy.Sweep ? AggregateLowering.IsDistinct(aggregate) : IsPicked(aggregate);
    }

    /// <summary>Adds the steps of a series and returns the one that has its values at each cutoff.</summary>
    internal string Add(string name, ExpressionLowering values, SqlExpression? orderBy, ImmutableArray<LogicalAggregate> series)
    {
        _isMarked = FirstSeen is not null && series.Any(IsPicked);
        if (scan.Strategy == ScanStrategy.Sweep) return AggregateLowering.IsDistinct(series[0]) ? AddDistinct(values, series[0]) : AddSwept(name, values, series);
        var (picks, rest) = (series.Where(IsPicked).ToImmutableArray(), series.Where(aggregate => !IsPicked(aggregate)).ToImmutableArray());
        // Without a column, first and last are the instant of the row that they take with one.
        return picks is [var pick] && rest.All(aggregate => aggregate.Definition == pick.Definition)
            ? AddPicked(values, orderBy, pick, rest)
            : AddRunning(name, values, orderBy, rest, picks);
    }

    private static string FilterOf(LogicalAggregate aggregate) => aggregate.Filter is null ? "" : PlanText.Print(aggregate.Filter);

    private static bool IsPicked(LogicalAggregate aggregate) => AggregateLowering.FormOf(aggregate) == AggregateForm.PickedRow;

    private SqlExpression First => grid.FirstThatSees(_source, scan.Window, context.Model.IsBefore);

    private ImmutableArray<SqlExpression> Conditions => GridCutoffs.Conditions(context, _source, scan.Window);

    private SqlExpression? Instant => _source.IsTimed ? Column("e", ModelContext.HappenedAt) : null;

    /// <summary>The rows, each once at each cutoff that sees it. Every use has a step of its own, so that no engine has to keep them.</summary>
    internal ScannedRows Exploded(string name, ExpressionLowering values, SqlExpression? orderBy)
    {
        var cutoff = Beside(ModelContext.Cutoff);
        return new ScannedRows(name, comment, (items, where) => Select(name, cutoff, items, where), values, Instant, orderBy)
        {
            Window = [.. context.Keys("e"), Column("e", cutoff)],
        };
    }

    /// <summary>Adds the running values of all of the past, beside them the values of first and last rows of the same filter, and returns the step that has them at each cutoff.</summary>
    private string AddRunning(
        string name, ExpressionLowering values, SqlExpression? orderBy, ImmutableArray<LogicalAggregate> aggregates, ImmutableArray<LogicalAggregate> picks)
    {
        var number = context.Own(Number);
        var (where, rest) = CountedRows.Of(aggregates, values);
        var picked = picks.SelectAsArray(pick => context.Add($"{pick.Name}_seen", SeenRow(pick), Picked(values, orderBy, pick, [], number)));
        var (partials, running) = Running(values, rest, number);
        var seen = picked.IsEmpty ? null : picked[0];
        if (aggregates.Length > 0)
        {
            var (rows, first) = AddNumbered(name, where);
            var grouped = new SqlSelect([.. context.KeyItems("e"), first.As(number), .. partials], Table(rows, "e")) { GroupBy = [.. context.Keys("e"), first] };
            seen = context.Add($"{name}_seen", "what the rows add that a cutoff is the first to see", picked.IsEmpty ? FromFirst(number, [.. partials.Select(NameOf)], grouped) : grouped);
        }
        if (!picked.IsEmpty) seen = AddBesidePicked(name, seen!, number, partials, picks, picked, isBesideSums: aggregates.Length > 0);
        return AddTotals(name, seen!, number, [.. running, .. picks.Select(pick => Column("c", pick.Name).As(pick.Name))], [.. aggregates, .. picks]);
    }

    /// <summary>Adds the values of the rows that were picked beside what the rows add that are first seen with them: there are rows of both at the same numbers, since they have one filter.</summary>
    private string AddBesidePicked(
        string name, string seen, string number, ImmutableArray<SqlSelectItem> partials, ImmutableArray<LogicalAggregate> picks, ImmutableArray<string> picked, bool isBesideSums)
    {
        // The last rows change at each number; the first row is the same at all.
        var leading = isBesideSums ? -1 : Math.Max(0, picks.ToList().FindIndex(IsLast));
        SqlTable from = Table(leading < 0 ? seen : picked[leading], "c");
        var items = new List<SqlSelectItem>([.. context.KeyItems("c"), Column("c", number).As(number), .. partials.Select(item => Column("c", NameOf(item)).As(NameOf(item)))]);
        for (var i = 0; i < picks.Length; i++)
        {
            var alias = i == leading ? "c" : $"p{i + 1}";
            items.Add(Column(alias, picks[i].Name).As(picks[i].Name));
            if (i == leading) continue;
            ImmutableArray<SqlExpression> on = [.. context.SameEntity(alias, "c"), .. IsLast(picks[i]) ? [Column(alias, number).EqualTo(Column("c", number))] : ImmutableArray<SqlExpression>.Empty];
            from = from.Join(SqlJoinKind.Inner, Table(picked[i], alias), on);
        }
        return context.Add($"{name}_beside", "and the rows that are taken among them", FromFirst(number, [.. items.Skip(context.Model.Keys.Length + 1).Select(NameOf)], new SqlSelect([.. items], from)));
    }

    /// <summary>Adds sums that rows enter at the first cutoff that sees them and leave behind the last, and returns the step that has them at each cutoff.</summary>
    private string AddSwept(string name, ExpressionLowering values, ImmutableArray<LogicalAggregate> aggregates)
    {
        var number = context.Own(Number);
        var (where, rest) = CountedRows.Of(aggregates, values);
        var (partials, running) = Running(values, rest, number);
        var (rows, first, until) = AddStretches(name, where);
        var seen = context.Own(SeenRows);
        var changes = AddChanges(name, rows, first, until, number, partials.Add(Aggregate(SqlAggregateFunction.Count, null).As(seen)));
        return AddTotals(name, changes, number, running.Add(Total(seen, number, isCount: true).As(seen)), aggregates, seen);
    }

    /// <summary>Adds how many distinct values the rows of each cutoff have and returns the step: a value counts once while rows that have it are seen, one after the other.</summary>
    private string AddDistinct(ExpressionLowering values, LogicalAggregate aggregate)
    {
        var number = context.Own(Number);
        var value = AggregateLowering.Distinct(aggregate, values, Column("e", ModelContext.HappenedAt));
        var (rows, first, until) = AddStretches(aggregate.Name, [.. CountedRows.Of([aggregate], values).Where, value.IsNotNull()]);
        // A stretch ends where that of the next equal value begins. Both ends follow the row's instant, so that none behind it ends sooner.
        var next = new SqlLead(first, [.. context.Keys("e"), value], [Ascending(first), Ascending(until)]);
        var alone = context.Add($"{aggregate.Name}_alone", "each row up to where the next of the same value is seen", new SqlSelect(
            [.. context.KeyItems("e"), first.As(first.Name.Name), Call(SqlFunction.Lowest, until, Call(SqlFunction.Coalesce, next, until)).As(until.Name.Name)], Table(rows, "e")));
        var count = Aggregate(SqlAggregateFunction.Count, null).As(aggregate.Name);
        var changes = AddChanges(aggregate.Name, alone, first, until, number, [count]);
        return AddTotals(aggregate.Name, changes, number, [Total(aggregate.Name, number, isCount: true).As(aggregate.Name)], [aggregate], aggregate.Name);
    }

    /// <summary>What the rows of one cutoff's number give, and its running total, out of which each aggregate is made.</summary>
    private (ImmutableArray<SqlSelectItem> Partials, ImmutableArray<SqlSelectItem> Running) Running(
        ExpressionLowering values, ImmutableArray<LogicalAggregate> aggregates, string number)
    {
        var (partials, running) = (ImmutableArray.CreateBuilder<SqlSelectItem>(), ImmutableArray.CreateBuilder<SqlSelectItem>());
        foreach (var aggregate in aggregates)
        {
            var count = 0;
            // Of what the rows of each cutoff give, the same over all cutoffs up to here: counts are added up.
            var lowering = new AggregateLowering(values, Column("e", ModelContext.HappenedAt), over =>
            {
                var partial = count++ == 0 ? aggregate.Name : context.Own($"{aggregate.Name}_of");
                partials.Add(over.As(partial));
                return Total(partial, number, over.Function == SqlAggregateFunction.Count, over.Function);
            });
            running.Add(lowering.Lower(aggregate).As(aggregate.Name));
        }
        return (partials.ToImmutable(), running.ToImmutable());
    }

    /// <summary>A column `c` over all numbers up to this one.</summary>
    private SqlExpression Total(string partial, string number, bool isCount, SqlAggregateFunction function = SqlAggregateFunction.Sum)
    {
        var total = new SqlWindowAggregate(
            Aggregate(isCount ? SqlAggregateFunction.Sum : function, Column("c", partial)), context.Keys("c"), Order(number),
            new SqlFrame(IsRows: true, new SqlUnbounded(), new SqlCurrentRow()));
        return isCount ? new SqlCast(total, SqlType.BigInt) : total;
    }

    /// <summary>Adds what rows add at the number where they are first seen, and take away at that where they no longer are.</summary>
    private string AddChanges(string name, string rows, SqlColumn first, SqlColumn until, string number, ImmutableArray<SqlSelectItem> partials)
    {
        return context.Add($"{name}_changes", "what rows add where they are first seen, and take away where they no longer are", FromFirst(
            number, [.. partials.Select(NameOf)], At(first, partials), At(until, partials.SelectAsArray(item => item with { Expression = new SqlNegate(item.Expression) }))));

        SqlSelect At(SqlColumn end, ImmutableArray<SqlSelectItem> items) => new([.. context.KeyItems("e"), end.As(number), .. items], Table(rows, "e"))
        {
            Where = [first.Is(SqlBinaryOperator.Less, until)],
            GroupBy = [.. context.Keys("e"), end],
        };
    }

    /// <summary>Rows at numbers, and where the values are wanted at all cutoffs of each entity a row without any at its first, which may have another.</summary>
    private SqlQuery FromFirst(string number, ImmutableArray<string> columns, params ImmutableArray<SqlSelect> parts)
    {
        if (FirstSeen is null) return parts.Length == 1 ? parts[0] : new SqlUnionAll([.. parts]);
        if (_isMarked) (parts, columns) = (parts.SelectAsArray(part => part with { Items = part.Items.Add(new SqlBoolean(true).As(context.Own(IsSeen))) }), columns.Add(context.Own(IsSeen)));
        var first = grid.FirstFrom(Column("f", CutoffSteps.ExistsFrom), context.Model.IsBefore);
        return new SqlUnionAll([.. parts, new SqlSelect(
            [.. context.KeyItems("f"), first.As(number), .. columns.Select(column => new SqlNull().As(column))], grid.Beside(Table(FirstSeen, "f")))]);
    }

    private ImmutableArray<SqlOrder> Order(string number) =>
        [Ascending(Column("c", number)), .. _isMarked ? [new SqlOrder(Column("c", context.Own(IsSeen)), IsDescending: false, NullsFirst: true)] : ImmutableArray<SqlOrder>.Empty];

    private static string NameOf(SqlSelectItem item) => item.Alias?.Name ?? ((SqlColumn)item.Expression).Name.Name;

    /// <summary>Adds the running totals of numbers at which they change, and carries them on; where <paramref name="counted"/>, the running count of what is seen, is 0, there is nothing to carry.</summary>
    private string AddTotals(
        string name, string changes, string number, ImmutableArray<SqlSelectItem> running, ImmutableArray<LogicalAggregate> aggregates, string? counted = null)
    {
        var next = context.Own(NextNumber);
        var totals = context.Add($"{name}_running", "added up, and up to which cutoff they stay", new SqlSelect(
            [
                .. context.KeyItems("c"), Column("c", number).As(number),
                new SqlLead(Column("c", number), context.Keys("c"), Order(number)).As(next), .. running,
            ],
            Table(changes, "c")));
        return AddCarried(name, comment, totals, number, next, aggregates.SelectAsArray(aggregate => aggregate.Name), counted);
    }

    /// <summary>Adds the value of the first or last row of all of the past, and its instant under the names of some, and returns the step that has them at each cutoff.</summary>
    private string AddPicked(ExpressionLowering values, SqlExpression? orderBy, LogicalAggregate aggregate, ImmutableArray<LogicalAggregate> instants)
    {
        var (number, next) = (context.Own(Number), context.Own(NextNumber));
        ImmutableArray<string> names = [aggregate.Name, .. instants.Select(instant => instant.Name)];
        var seen = context.Add($"{aggregate.Name}_seen", SeenRow(aggregate), FromFirst(number, names, Picked(values, orderBy, aggregate, instants, number)));
        var until = context.Add($"{aggregate.Name}_until", "up to which cutoff it stays", new SqlSelect(
            [AllOf("c"), new SqlLead(Column("c", number), context.Keys("c"), Order(number)).As(next)], Table(seen, "c")));
        return AddCarried($"{aggregate.Name}_row", $"{comment}: the row that {aggregate.Definition.Name} takes", until, number, next, names);
    }

    private static string SeenRow(LogicalAggregate aggregate) => IsLast(aggregate) ? "the last of the rows that a cutoff is the first to see" : "the first of all rows";

    private static bool IsLast(LogicalAggregate aggregate) => aggregate.Definition.Name == Aggregates.Last.Name;

    /// <summary>The last of the rows that a cutoff is the first to see, or the first of all, which stays the first; rows of one instant are ordered by the value (rule 34).</summary>
    private SqlSelect Picked(
        ExpressionLowering values, SqlExpression? orderBy, LogicalAggregate aggregate, ImmutableArray<LogicalAggregate> instants, string number)
    {
        var (rows, first) = AddNumbered(aggregate.Name, CountedRows.Of([aggregate], values).Where);
        var value = values.Lower(aggregate.Arguments[0]);
        var happened = Column("e", ModelContext.HappenedAt);
        var picked = new SqlRowNumber(IsLast(aggregate) ? context.Keys("e").Add(first) : context.Keys("e"), Ranking(values, orderBy, aggregate));
        return new SqlSelect(
            [.. context.KeyItems("e"), first.As(number), value.As(aggregate.Name), .. instants.Select(instant => happened.As(instant.Name))], Table(rows, "e"))
        {
            Qualify = picked.EqualTo(Integer(1)),
        };
    }

    /// <summary>The order in which the row that first or last takes comes first.</summary>
    private static ImmutableArray<SqlOrder> Ranking(ExpressionLowering values, SqlExpression? orderBy, LogicalAggregate aggregate)
    {
        ImmutableArray<SqlExpression> terms =
        [
            Column("e", ModelContext.HappenedAt), .. orderBy is null ? [] : new[] { orderBy },
            .. aggregate.Together.IsEmpty ? [values.Lower(aggregate.Arguments[0])] : aggregate.Together.Select(values.Lower),
        ];
        return terms.SelectAsArray(term => IsLast(aggregate) ? Descending(term) : Ascending(term));
    }

    /// <summary>Adds the rows that pass conditions, each with the number of the first cutoff that sees it.</summary>
    private (string Step, SqlColumn Number) AddNumbered(string name, ImmutableArray<SqlExpression> where)
    {
        var number = Beside(Number);
        var step = context.Add($"{name}_rows", $"{comment}: each row, and the number of the first such t", new SqlSelect(
            [AllOf("e"), First.As(number)], grid.Beside(Table(_source.Step, "e")))
        {
            Where = [.. Conditions, .. where],
        });
        return (step, Column("e", number));
    }

    /// <summary>Adds the rows that pass conditions, each with the numbers of the first cutoff that sees it and of the first that no longer does, which need not lie behind it.</summary>
    private (string Step, SqlColumn First, SqlColumn Until) AddStretches(string name, ImmutableArray<SqlExpression> where)
    {
        var (number, until) = (Beside(Number), Beside(UntilNumber));
        var step = context.Add($"{name}_rows", $"{comment}: each row, and the numbers of the first such t and of the first behind them", new SqlSelect(
            [AllOf("e"), First.As(number), grid.FirstThatNoLongerSees(_source, scan.Window, context.Model.IsBefore).As(until)], grid.Beside(Table(_source.Step, "e")))
        {
            Where = [.. Conditions, .. where],
        });
        return (step, Column("e", number), Column("e", until));
    }

    /// <summary>A name for a column of ours beside those of the row, whatever they are called.</summary>
    private string Beside(string wanted)
    {
        var taken = SourceSteps.Taken(context.Model.Keys);
        foreach (var column in _source.Columns.Values) taken.UnionWith(column.Names);
        return SourceSteps.Take(taken, wanted);
    }

    private string AddCarried(string name, string what, string step, string number, string next, ImmutableArray<string> values, string? counted = null)
    {
        var isSeen = counted is null ? null : Column("r", counted).Is(SqlBinaryOperator.Greater, Integer(0));
        var (cutoff, from) = grid.Run(grid.Beside(Table(step, "r")), Column("r", number), GridCutoffs.UpTo(Column("r", next)));
        return context.Add(name, what, new SqlSelect(
            [.. context.KeyItems("r"), cutoff.As(ModelContext.Cutoff), .. values.Select(value => Carried(value).As(value))], from)
        {
            Where = isSeen is null || FirstSeen is not null ? [] : [isSeen],
        });

        SqlExpression Carried(string value) => isSeen is null || FirstSeen is null ? Column("r", value) : When(isSeen, Column("r", value));
    }

    private SqlSelect Select(string name, string cutoff, ImmutableArray<SqlSelectItem> items, ImmutableArray<SqlExpression> where)
    {
        var (instant, from) = grid.Run(
            grid.Beside(Table(_source.Step, "e")), First, grid.FirstThatNoLongerSees(_source, scan.Window, context.Model.IsBefore));
        var rows = context.Add($"{name}_rows", $"{comment}: each row once at each such t", new SqlSelect([AllOf("e"), instant.As(cutoff)], from)
        {
            Where = [.. Conditions, .. where],
        });
        return new SqlSelect([.. context.KeyItems("e"), Column("e", cutoff).As(ModelContext.Cutoff), .. items], Table(rows, "e"));
    }
}
