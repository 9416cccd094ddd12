using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans expressions over a source's row, and notes which columns are read.</summary>
internal sealed class RowPlanner
{
    private readonly ExpressionPlanner _planner;

    internal RowPlanner() => _planner = new ExpressionPlanner(Special);

    /// <summary>The columns that scans and observations read.</summary>
    internal HashSet<ColumnSymbol> Columns { get; } = [];

    /// <summary>Sources whose rows are read, whatever their columns.</summary>
    internal HashSet<SourceSymbol> Touched { get; } = [];

    internal LogicalExpression Plan(BoundExpression expression) => _planner.Plan(expression);

    internal void Touch(SourceSymbol source) => Touched.Add(source);

    /// <summary>An expression over the table's own columns: a computed column is replaced by what computes it.</summary>
    internal static LogicalExpression PlanRaw(BoundExpression expression) => new ExpressionPlanner(Raw).Plan(expression);

    private LogicalColumn? Special(BoundExpression bound)
    {
        if (bound is not BoundColumn { Column: var column }) return null;
        Columns.Add(column);
        return new LogicalColumn(column.Name, column.IsExact);
    }

    private static LogicalExpression? Raw(BoundExpression bound) => bound switch
    {
        BoundColumn { Column.Expression: { } computed } => PlanRaw(computed),
        BoundColumn { Column: var column } => new LogicalColumn(column.Name, column.IsExact),
        _ => null,
    };
}
