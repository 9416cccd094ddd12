using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans expressions over a source's row, and notes which columns are read.</summary>
internal sealed class RowPlanner
{
    private readonly ExpressionPlanner _planner;

    internal RowPlanner() => _planner = new ExpressionPlanner(Special);

    /// <summary>The columns that scans and observations read.</summary>
    internal HashSet<ColumnSymbol> Columns { get; } = [];

    /// <summary>The columns of the row that is the cutoff which something reads, in the order first met.</summary>
    internal List<ColumnSymbol> Anchors { get; } = [];

    /// <summary>Those that are read as they stood the moment before the row, where sources join or unite them too.</summary>
    internal HashSet<ColumnSymbol> AsBefore { get; } = [];

    /// <summary>Sources whose rows are read, whatever their columns.</summary>
    internal HashSet<SourceSymbol> Touched { get; } = [];

    /// <summary>What is planned now is evaluated so much later than the cutoff; null at the cutoff itself.</summary>
    internal Duration? Later { get; set; }

    /// <summary>True in mode `before`: what comes in the instant of the cutoff is not known at it.</summary>
    internal bool IsBefore { get; init; }

    internal LogicalExpression Plan(BoundExpression expression) => _planner.Plan(expression);

    /// <summary>An expression over another source's row, whose columns are read there and not by scans.</summary>
    internal static LogicalExpression PlanUnread(BoundExpression expression) =>
        new ExpressionPlanner(bound => bound is BoundColumn column ? PlanColumn(column.Column) : null).Plan(expression);

    internal void Touch(SourceSymbol source) => Touched.Add(source);

    /// <summary>An expression over the table's own columns: a computed column is replaced by what computes it.</summary>
    internal static LogicalExpression PlanRaw(BoundExpression expression) => new ExpressionPlanner(Raw).Plan(expression);

    /// <summary>The plan's name for a column.</summary>
    internal static LogicalColumn PlanColumn(ColumnSymbol column) => column.Joined is { } joined
        ? new LogicalColumn(PlanColumn(joined.Column).Path, column.IsExact) { Join = joined.Join.Name }
        : new LogicalColumn(column.Name, column.IsExact);

    /// <summary>The column, which is read from now on.</summary>
    internal LogicalColumn Read(ColumnSymbol column)
    {
        Columns.Add(column);
        return PlanColumn(column);
    }

    private LogicalExpression? Special(BoundExpression bound) => bound switch
    {
        // What is computed from late columns is computed where they are read, from what is known there.
        BoundColumn { Column: { Expression: { } computed, IsLate: true } } => Plan(computed),
        BoundColumn { Column: var column } => Read(column),
        BoundAnchor anchor => PlanAnchor(anchor),
        BoundCutoff when Later is not null => new LogicalShift(new LogicalCutoff(), Later, IsEarlier: false),
        BoundElapsed elapsed when Later is not null => new LogicalElapsed(Plan(elapsed.Operand), elapsed.Unit, elapsed.IsUntil) { Later = Later },
        _ => null,
    };

    /// <summary>The anchor's column, which is read from now on; one computed from late columns is computed from what is known of them.</summary>
    internal LogicalExpression PlanAnchor(BoundAnchor anchor)
    {
        var isAsBefore = anchor.IsAsBefore && IsBefore && Later is null;
        if (anchor.Column is { Expression: { } computed } && (anchor.Column.IsLate || isAsBefore))
        {
            return new ExpressionPlanner(bound => bound is BoundColumn column ? PlanAnchor(anchor with { Column = column.Column }) : null).Plan(computed);
        }
        var planned = Read(anchor.Column);
        if (!Anchors.Contains(anchor.Column)) Anchors.Add(anchor.Column);
        if (isAsBefore) AddAsBefore(anchor.Column);
        if (Later is not null && anchor.Column.IsLate) return new LogicalAnchor(planned, IsInLabel: true, new LogicalWindow(true, Later, null));
        return new LogicalAnchor(planned, anchor.IsInLabel, anchor.Window is null ? null : ModelPlanner.PlanWindow(anchor.Window)) { IsAsBefore = isAsBefore };
    }

    private void AddAsBefore(ColumnSymbol column)
    {
        AsBefore.Add(column);
        if (column.Joined is { ChangesWithAnchor: true } joined) AddAsBefore(joined.Column);
        foreach (var part in column.Parts.OfType<ColumnSymbol>()) AddAsBefore(part);
    }

    /// <summary>When a row happened. A clock in a zone is one whether or not something else reads it as an instant.</summary>
    internal static LogicalExpression PlanTime(BoundExpression time)
    {
        var planned = PlanRaw(time);
        return time is BoundColumn { Column.Zone: { } zone } && planned is not LogicalClock ? new LogicalClock(planned, zone) : planned;
    }

    private static LogicalExpression? Raw(BoundExpression bound)
    {
        if (bound is not BoundColumn { Column: var column }) return null;
        var planned = column.Expression is { } computed ? PlanRaw(computed) : PlanColumn(column);
        return column is { Zone: { } zone, UsedType: DataType.Instant } ? new LogicalClock(planned, zone) : planned;
    }
}
