using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>The source whose rows are a model's cutoffs, and what can be computed row by row over it: in the order of time, before it is known which rows are cutoffs.</summary>
internal sealed class AnchorRows
{
    private readonly string _source;
    private readonly HashSet<LogicalColumn> _late = [];

    private AnchorRows(LogicalSource rows)
    {
        _source = rows.Name;
        foreach (var column in rows.Columns)
        {
            if (column.IsLate) _late.Add(column.Column);
        }
    }

    /// <summary>The source where every cutoff is a row of one; null else, and where rows are known later than they happen: these do not take their place in the order by knowing.</summary>
    internal static AnchorRows? Of(LogicalModel model)
    {
        var sources = model.Observe.Select(line => line is LogicalEach { Offset: null } each ? each.Rows.Source : null).Distinct().ToList();
        if (sources is not [{ } source]) return null;
        var rows = model.Sources.First(item => item.Name == source);
        return rows.Knowledge is null ? new AnchorRows(rows) : null;
    }

    /// <summary>The source's name.</summary>
    internal string Name => _source;

    /// <summary>True where a scan of the source sees, at each row, rows between two exact distances from it, and computes nothing that depends on the cutoff.</summary>
    internal bool CanSlide(LogicalScan scan) =>
        scan.Rows == _source && !scan.Window.IsCalendar && !scan.Aggregates.Any(DependsOnCutoff);

    // What each row adds is computed before it is known which cutoffs see it.
    private bool DependsOnCutoff(LogicalAggregate aggregate) =>
        aggregate.Arguments.Any(ReadsCutoff) || (aggregate.Filter is not null && ReadsCutoff(aggregate.Filter));

    private bool ReadsCutoff(LogicalExpression expression) =>
        expression is LogicalAnchor or LogicalCutoff or LogicalElapsed or LogicalLearned
        || (expression is LogicalColumn column && _late.Contains(column))
        || expression.Children.Any(ReadsCutoff);
}
