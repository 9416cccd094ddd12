using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Aggregates by joining cutoffs with the rows in their window: exact for every aggregate and every cutoff.</summary>
/// <param name="context">The query.</param>
/// <param name="spine">The step of distinct entities and cutoffs.</param>
internal sealed class ScanSteps(ModelContext context, string spine)
{
    /// <summary>Adds the steps of a scan and returns where each of its values stands.</summary>
    internal IEnumerable<ScannedValue> Add(LogicalScan scan)
    {
        var source = context.Rows(scan);
        var orderBy = OrderBy(source);
        var instant = source.IsTimed ? Column("e", ModelContext.HappenedAt) : null;
        var (name, comment, values) = (StepName(scan), Comment(scan), Rows(scan));
        if (scan.Strategy == ScanStrategy.OnceAnEntity)
        {
            var rows = new ScannedRows(name, $"{scan.Rows}, the same at every cutoff", (items, where) => new SqlSelect([.. context.KeyItems("e"), .. items], Table(source.Step, "e")) { Where = where }, values, instant, orderBy)
            {
                Window = context.Keys("e"),
            };
            return Add(rows, scan.Aggregates).Select(value => value with { IsOfEntity = true });
        }
        // Cutoffs that are due lie on no grid.
        if (context.Grid is { } grid && scan.Strategy is ScanStrategy.Explode or ScanStrategy.Carry or ScanStrategy.Sweep)
        {
            var steps = new GridScanSteps(context, grid, scan, comment);
            if (scan.Strategy != ScanStrategy.Explode) return GridScanSteps.Series(scan).SelectMany(series => InStep(steps.Add(name, values, orderBy, series), series));
            var held = source.Source.IsState ? scan.Aggregates.Where(IsFirstOrLast).ToImmutableArray() : [];
            return GridScanSteps.HeldSeries(held).SelectMany(series => InStep(steps.AddHeld(name, values, orderBy, series), series))
                .Concat(Add(steps.Exploded(name, values, orderBy), scan.Aggregates.RemoveRange(held)));
        }
        return Add(new ScannedRows(name, comment, (items, where) => Select(scan, items) with { Where = where }, values, instant, orderBy) { Window = context.CutoffOf("s") }, scan.Aggregates);
    }

    private static bool IsFirstOrLast(LogicalAggregate aggregate) => AggregateLowering.FormOf(aggregate) == AggregateForm.PickedRow && aggregate.Arguments.Length == 1;

    private static IEnumerable<ScannedValue> InStep(string step, ImmutableArray<LogicalAggregate> aggregates) => aggregates.Select(aggregate => new ScannedValue(step, aggregate));

    /// <summary>Adds the steps of a series of a scan on a grid, and returns the one that has its values, or null for none, at all cutoffs of each entity that a step has.</summary>
    internal string AddFromFirst(LogicalScan scan, GridCutoffs grid, ImmutableArray<LogicalAggregate> series, string firstSeen)
    {
        var steps = new GridScanSteps(context, grid, scan, $"every cutoff, and {Comment(scan)}") { FirstSeen = firstSeen };
        return steps.Add(StepName(scan), Rows(scan), OrderBy(context.Rows(scan)), series);
    }

    /// <summary>Adds the steps of aggregates over rows and returns where each value stands.</summary>
    internal IEnumerable<ScannedValue> Add(ScannedRows rows, ImmutableArray<LogicalAggregate> aggregates)
    {
        var grouped = aggregates.Where(aggregate => AggregateLowering.FormOf(aggregate) == AggregateForm.Grouped).ToImmutableArray();
        if (grouped.Length > 0)
        {
            var step = AddGrouped(rows, grouped);
            foreach (var aggregate in grouped) yield return new ScannedValue(step, aggregate);
        }
        var staged = new StagedAggregates(context, rows);
        foreach (var aggregate in aggregates)
        {
            var form = AggregateLowering.FormOf(aggregate);
            if (form == AggregateForm.PickedRow) yield return new ScannedValue(AddPicked(rows, aggregate), aggregate);
            else if (form != AggregateForm.Grouped) yield return new ScannedValue(staged.Add(aggregate, form), aggregate);
        }
    }

    private string AddGrouped(ScannedRows rows, ImmutableArray<LogicalAggregate> aggregates)
    {
        var lowering = new AggregateLowering(rows.Values, Column("e", ModelContext.HappenedAt), aggregate => aggregate);
        var (where, rest) = CountedRows.Of(aggregates, rows.Values);
        var select = rows.Select(rest.SelectAsArray(aggregate => lowering.Lower(aggregate).As(aggregate.Name)), where);
        return context.Add(rows.Name, rows.Comment, select with { GroupBy = rows.Window });
    }

    /// <summary>The one row of each window whose value counts; rows of one instant are ordered by the value (rule 34).</summary>
    private string AddPicked(ScannedRows rows, LogicalAggregate aggregate)
    {
        var value = rows.Values.Lower(aggregate.Arguments[0]);
        var isByKey = aggregate.Arguments.Length == 2;
        var key = isByKey ? rows.Values.Lower(aggregate.Arguments[1]) : rows.Instant;
        var isLast = aggregate.Definition.Name is "last" or "max_by";
        var terms = new List<SqlExpression>();
        if (key is not null) terms.Add(key);
        if (rows.OrderBy is not null) terms.Add(rows.OrderBy);
        if (aggregate.Together.IsEmpty) terms.Add(value);
        else terms.AddRange(aggregate.Together.Select(rows.Values.Lower));
        var order = new SqlRowNumber(rows.Window, [.. terms.Select(term => isLast ? Descending(term) : Ascending(term))]);
        var conditions = ImmutableArray.CreateBuilder<SqlExpression>();
        if (aggregate.Filter is not null) conditions.Add(rows.Values.Lower(aggregate.Filter));
        if (isByKey) conditions.Add(key!.IsNotNull());
        var select = rows.Select([value.As(aggregate.Name)], conditions.ToImmutable()) with { Qualify = order.EqualTo(Integer(1)) };
        return context.Add($"{aggregate.Name}_row", $"{rows.Comment}: the row that {aggregate.Definition.Name} takes", select);
    }

    private static SqlColumn? OrderBy(SourceStep source) => source.Source.OrderBy is { } declared ? Column("e", source.Place(declared.Path, declared.IsExact).Name) : null;

    /// <summary>The values of a pivot that each cutoff sees: what makes the cutoff, and the value under that name, each once.</summary>
    internal SqlSelect SeenValues(LogicalScan scan, string name)
    {
        var (rows, aggregate) = (Rows(scan), scan.Aggregates[0]);
        var value = rows.Lower(aggregate.Arguments[0]);
        return Select(scan, [value.As(name)]) with
        {
            IsDistinct = true,
            Where = aggregate.Filter is null ? [value.IsNotNull()] : [rows.Lower(aggregate.Filter), value.IsNotNull()],
        };
    }

    private SqlSelect Select(LogicalScan scan, ImmutableArray<SqlSelectItem> values)
    {
        var source = context.Rows(scan);
        var on = context.SameEntity("e", "s").AddRange(Bounds(source, scan.Window));
        var from = context.Learned.Join(Table(spine, "s").Join(SqlJoinKind.Inner, Table(source.Step, "e"), on), scan);
        var anchors = context.Anchors.InScans.Select(name => Column("s", name).As(name));
        return new SqlSelect([.. context.KeyItems("s"), Column("s", ModelContext.Cutoff).As(ModelContext.Cutoff), .. anchors, .. values], from);
    }

    /// <summary>A row of the scan: late columns as known at the cutoff, in a label as known at the window's end (rule 17).</summary>
    private ExpressionLowering Rows(LogicalScan scan)
    {
        var cutoff = Column("s", ModelContext.Cutoff).Shift(scan.Window.Later);
        var isAhead = scan.Window is { IsFuture: true, IsPlanned: false };
        var reading = isAhead
            ? new ReadingInstant(cutoff.Shift(scan.Window.Gap, scan.Window.Length), IsStrict: false, SeesUndated: false)
            : new ReadingInstant(cutoff, context.Model.IsBefore && scan.Window.Later is null, SeesUndated: false);
        return context.Rows(scan).Rows("e", reading, anchor => context.Anchors.Read(anchor, "s", reading), Column("s", ModelContext.Cutoff));
    }

    /// <summary>True for a label's rows, of which all count that are known by now: those ahead, and those of the past as of a later cutoff. Not for planned ones.</summary>
    private static bool IsOfLabel(LogicalWindow window) => window is { IsFuture: true, IsPlanned: false } or { IsFuture: false, Later: not null };

    private IEnumerable<SqlExpression> Bounds(SourceStep source, LogicalWindow window)
    {
        if (!source.IsTimed) yield break;
        var instant = Column("e", ModelContext.HappenedAt);
        var cutoff = Column("s", ModelContext.Cutoff).Shift(window.Later);
        var isBefore = context.Model.IsBefore && window.Later is null;
        // What was not known yet at the cutoff does not count, whenever it happened (rule 4); labels read all that is known by now (rule 6).
        if (source.Source.Knowledge is not null && !IsOfLabel(window))
        {
            yield return source.KnownAt("e").Is(isBefore ? SqlBinaryOperator.Less : SqlBinaryOperator.LessOrEqual, cutoff);
        }
        if (source.Source.Nature == SourceNature.Validity)
        {
            foreach (var condition in source.Holds("e", cutoff, isBefore)) yield return condition;
            yield break;
        }
        if (window.IsFuture)
        {
            yield return instant.Is(SqlBinaryOperator.Greater, cutoff.Shift(window.Gap));
            yield return instant.Is(SqlBinaryOperator.LessOrEqual, cutoff.Shift(window.Gap, window.Length));
            yield break;
        }
        yield return instant.Is(isBefore ? SqlBinaryOperator.Less : SqlBinaryOperator.LessOrEqual, cutoff.Shift(window.Gap, isEarlier: true));
        if (window.Length is not null)
        {
            yield return instant.Is(isBefore ? SqlBinaryOperator.GreaterOrEqual : SqlBinaryOperator.Greater, cutoff.Shift(window.Gap, window.Length, isEarlier: true));
        }
    }

    private static string StepName(LogicalScan scan)
    {
        var window = scan.Window;
        var length = window.Length is null ? "all" : window.Length.Suffix;
        var gap = window.Gap is null ? "" : window.IsFuture ? $"_after_{window.Gap.Suffix}" : $"_until_{window.Gap.Suffix}_ago";
        var later = window.Later is null ? "" : $"_after_{window.Later.Suffix}";
        return $"{scan.Source}{(scan.Side is null ? "" : $"_{scan.Side}")}_{(window.IsFuture ? "next_" : "")}{length}{gap}{later}";
    }

    private string Comment(LogicalScan scan) => $"{scan.Rows} in {PlanText.Print(scan.Window, context.Model.IsBefore)}, t being the cutoff";
}

/// <summary>Rows `e` beside the cutoffs `s` that see them: what aggregates are computed over.</summary>
/// <param name="Name">What the step of grouped values is called.</param>
/// <param name="Comment">What the rows are.</param>
/// <param name="Select">What makes a cutoff, and values over the rows that pass conditions.</param>
/// <param name="Values">Lowers expressions over a row.</param>
/// <param name="Instant">When a row happened; null for rows that say nothing of time.</param>
/// <param name="OrderBy">What orders rows of one instant; null for their value alone.</param>
internal sealed record ScannedRows(
    string Name, string Comment, Func<ImmutableArray<SqlSelectItem>, ImmutableArray<SqlExpression>, SqlSelect> Select, ExpressionLowering Values,
    SqlExpression? Instant, SqlExpression? OrderBy)
{
    /// <summary>What the rows of one window have in common, as terms of the query that selects them.</summary>
    internal required ImmutableArray<SqlExpression> Window { get; init; }
}

/// <summary>A value that a scan computed: the step that holds it, under the aggregate's name.</summary>
internal sealed record ScannedValue(string Step, LogicalAggregate Aggregate)
{
    /// <summary>True where the step has one row an entity, not one a cutoff.</summary>
    internal bool IsOfEntity { get; init; }
}
