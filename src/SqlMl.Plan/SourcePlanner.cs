using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans what is read of a source: the columns that something reads, and of its joins those behind which such a column lies.</summary>
/// <param name="rows">What is read of all sources.</param>
/// <param name="namingOf">How a source names the model's entity; null where it does not.</param>
internal sealed class SourcePlanner(RowPlanner rows, Func<SourceSymbol, SourceEntity?> namingOf)
{
    /// <summary>The source as a model reads it.</summary>
    internal LogicalSource Plan(SourceSymbol source, bool isRead, bool isInLabel)
    {
        if (source.OrderBy is BoundColumn order) rows.Columns.Add(order.Column);
        return PlanNamed(source, [.. source.Columns.Where(rows.Columns.Contains)], isRead, isInLabel);
    }

    /// <summary>The source with the entity that its rows name.</summary>
    private LogicalSource PlanNamed(SourceSymbol source, ImmutableArray<ColumnSymbol> columns, bool isRead, bool isInLabel)
    {
        if (namingOf(source) is not { } naming) return Plan(source, [], columns, isRead, isInLabel);
        return Plan(source, naming.Columns, columns, isRead, isInLabel) with
        {
            Sides = [.. naming.Sides.Select(side => new LogicalSide(side.Name, [.. side.Columns.Select(RowPlanner.PlanRaw)]))],
        };
    }

    private LogicalSource Plan(
        SourceSymbol source, ImmutableArray<BoundExpression> keys, ImmutableArray<ColumnSymbol> columns, bool isRead, bool isInLabel)
    {
        var read = Collect(source, keys, columns);
        return new LogicalSource(
            source.Name, PlanLocation(source, columns, read), source.InheritsTime || source.Time is null ? null : RowPlanner.PlanTime(source.Time), Raw(source.Where),
            keys.SelectAsArray(RowPlanner.PlanRaw), columns.SelectAsArray(PlanColumn), isRead, isInLabel, source.Span)
        {
            Nature = source.Nature,
            ValidTo = source.InheritsTime ? null : Raw(source.ValidTo),
            Knowledge = source.Knowledge is not { } known ? null : new LogicalKnowledge(Raw(known.At), known.Within, known.Delay, known.IsPlanned),
            RowKey = source.Key.SelectAsArray(RowPlanner.PlanRaw),
            OrderBy = source.OrderBy is BoundColumn order && columns.Contains(order.Column) ? RowPlanner.PlanColumn(order.Column) : null,
            CompleteUntil = ModelPlanner.PlanBound(source.CompleteUntil),
            Joins = PlanJoins(source, read),
        };
    }

    private static LogicalExpression? Raw(BoundExpression? expression) => expression is null ? null : RowPlanner.PlanRaw(expression);

    private LogicalSourceColumn PlanColumn(ColumnSymbol column) =>
        new(RowPlanner.PlanColumn(column), column.UsedType, column.Zone is null ? Raw(column.Expression) : RowPlanner.PlanRaw(new BoundColumn(column.Span, column)))
        {
            IsLate = column.IsLate,
            IsReadAsBefore = rows.AsBefore.Contains(column),
            LateAt = Raw(column.Late?.At),
            Parts = column.Parts.SelectAsArray(part => part is null ? null : RowPlanner.PlanColumn(part)),
            IsPartName = column.IsPartName,
        };

    private LogicalLocation PlanLocation(SourceSymbol source, ImmutableArray<ColumnSymbol> columns, List<ColumnSymbol> read)
    {
        switch (source.Location)
        {
            case FileLocation file:
                return new LogicalFile(file.Path);
            case TableLocation table:
                return new LogicalTable(table.Path);
            case SqlLocation sql:
                return new LogicalSql(sql.Texts);
            case DerivedLocation { Base: var join }:
                return new LogicalDerivation(join.Name, Plan(join.Target, [], Behind(join, read), isRead: true, isInLabel: false));
            case UnionLocation { Parts: var parts, Names: var names }:
                return new LogicalUnion([.. parts.Select((part, i) => PlanPart(source, part, i, columns))], names);
            case GroupLocation { Base: var target }:
                return PlanGroup(source, target, columns);
            default:
                throw new InvalidOperationException($"No plan for the location of {source.Name}: the binder lets none through.");
        }
    }

    private LogicalSource PlanPart(SourceSymbol union, SourceSymbol part, int index, ImmutableArray<ColumnSymbol> columns)
    {
        ImmutableArray<ColumnSymbol> own = [.. columns.Select(column => column.Parts.IsEmpty ? null : column.Parts[index]).OfType<ColumnSymbol>()];
        return namingOf(union) is null ? Plan(part, [], own, isRead: true, isInLabel: false) : PlanNamed(part, own, isRead: true, isInLabel: false);
    }

    private LogicalGroup PlanGroup(SourceSymbol source, SourceSymbol target, ImmutableArray<ColumnSymbol> columns)
    {
        var grouped = new List<ColumnSymbol>();
        var keys = ImmutableArray.CreateBuilder<LogicalGroupKey>();
        var aggregates = ImmutableArray.CreateBuilder<LogicalAggregate>();
        foreach (var column in source.Columns)
        {
            if (column.Grouped is BoundColumn key) keys.Add(new LogicalGroupKey(column.Name, RowPlanner.PlanColumn(key.Column)));
            else if (columns.Contains(column) && column.Grouped is BoundAggregate aggregate) aggregates.Add(PlanAggregate(column.Name, aggregate));
            else continue;
            CollectOwn(column.Grouped, grouped);
        }
        return new LogicalGroup(Plan(target, [], [.. grouped.Distinct()], isRead: true, isInLabel: false), keys.ToImmutable(), aggregates.ToImmutable());
    }

    private static LogicalAggregate PlanAggregate(string name, BoundAggregate bound) => new(
        name, bound.Definition, [.. bound.Columns.Select(RowPlanner.PlanUnread)], bound.Filter is null ? null : RowPlanner.PlanUnread(bound.Filter), null) { Zone = bound.Source.Zone };

    private static void CollectOwn(BoundExpression expression, List<ColumnSymbol> columns)
    {
        if (expression is BoundColumn column) columns.Add(column.Column);
        foreach (var child in expression.Children) CollectOwn(child, columns);
    }

    private static ImmutableArray<ColumnSymbol> Behind(SourceJoin join, List<ColumnSymbol> read) =>
        [.. read.Where(column => column.Joined!.Join == join).Select(column => column.Joined!.Column).Distinct()];

    /// <summary>The joins through which something is read; a join that no one reads adds nothing, unless it multiplies rows on purpose.</summary>
    private ImmutableArray<LogicalJoin> PlanJoins(SourceSymbol source, List<ColumnSymbol> read)
    {
        if (source.Joins.IsEmpty) return [];
        var joins = new List<LogicalJoin>();
        foreach (var join in source.Joins)
        {
            var columns = Behind(join, read);
            if (columns.IsEmpty && !join.IsEach) continue;
            var target = Plan(join.Target, join.Theirs, columns, isRead: true, isInLabel: false);
            joins.Add(new LogicalJoin(join.Name, target, join.IsEach, [.. join.Ours.Select(RowPlanner.PlanRaw)]) { GivesTime = join.GivesTime });
        }
        // The join that gives the row its time comes first: others ask what held at that instant.
        return [.. joins.OrderBy(join => join.GivesTime ? 0 : 1)];
    }

    /// <summary>The columns of other rows that are read beside the source's own: by the columns that something reads, and by its clauses.</summary>
    private static List<ColumnSymbol> Collect(SourceSymbol source, ImmutableArray<BoundExpression> keys, ImmutableArray<ColumnSymbol> columns)
    {
        var read = new List<ColumnSymbol>();
        foreach (var column in columns) Collect(column, read);
        foreach (var expression in Expressions(source, keys)) Collect(expression, read);
        // From the last to the first: a join may name its partner by a column of an earlier one.
        foreach (var join in source.Joins.Reverse())
        {
            if (!join.IsEach && !read.Exists(column => column.Joined!.Join == join)) continue;
            foreach (var key in join.Ours) Collect(key, read);
        }
        return read;
    }

    private static IEnumerable<BoundExpression> Expressions(SourceSymbol source, ImmutableArray<BoundExpression> keys)
    {
        foreach (var key in keys) yield return key;
        foreach (var key in source.Key) yield return key;
        if (source.Time is not null && !source.InheritsTime) yield return source.Time;
        if (source.Where is not null) yield return source.Where;
        if (source.ValidTo is not null && !source.InheritsTime) yield return source.ValidTo;
        if (source.Knowledge?.At is { } known) yield return known;
    }

    private static void Collect(ColumnSymbol column, List<ColumnSymbol> read)
    {
        CollectRaw(column, read);
        if (column.Late?.At is { } at) Collect(at, read);
    }

    // When a late column was written is read as it stands, even where the column itself says it (`late paid_at at paid_at`).
    private static void CollectRaw(ColumnSymbol column, List<ColumnSymbol> read)
    {
        if (column.Joined is not null) read.Add(column);
        if (column.Expression is not null) Collect(column.Expression, read);
    }

    private static void Collect(BoundExpression expression, List<ColumnSymbol> read)
    {
        if (expression is BoundColumn column) CollectRaw(column.Column, read);
        foreach (var child in expression.Children) Collect(child, read);
    }
}
