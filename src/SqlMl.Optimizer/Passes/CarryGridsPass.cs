using System.Collections.Immutable;
using SqlMl.Language.Functions;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>
/// On a grid, values of all of the past change only at the first cutoff that sees a row: rows are grouped by that cutoff, running values are taken over the
/// groups, and each is carried on to the cutoff at which the next row is seen.
/// <code>
/// before:  SELECT s.customer, s.cutoff, SUM(e.amount) FROM spine AS s JOIN orders AS e ON ... AND e.time &lt;= s.cutoff GROUP BY ...
/// after:   seen    AS (SELECT customer, the number of the first cutoff that sees it AS n, SUM(amount) AS amount FROM orders GROUP BY customer, n)
///          running AS (SELECT customer, n, LEAD(n) OVER ... AS next_n, SUM(amount) OVER (PARTITION BY customer ORDER BY n ROWS UNBOUNDED PRECEDING) FROM seen)
///          SELECT customer, first + UNNEST(RANGE(n, next_n)) * step AS cutoff, ... FROM running
/// </code>
/// A row is touched once, where the join meets it at every cutoff behind it: the gain grows with the number of cutoffs. It serves what one row after the other
/// can be added to: counts, sums, the smallest and largest; and the first and last value by time, where rows are seen in the order in which they happened.
/// </summary>
internal sealed class CarryGridsPass : IPlanPass
{
    private static readonly ImmutableArray<string> Running =
    [
        Aggregates.Count.Name, Aggregates.Exists.Name, Aggregates.Sum.Name, Aggregates.Average.Name, Aggregates.Min.Name, Aggregates.Max.Name,
        Aggregates.Share.Name,
    ];

    /// <inheritdoc />
    public string Name => "carry-grids";

    /// <inheritdoc />
    public LogicalModel Run(LogicalModel model) => GridScans.Choose(model, (grid, source, scan) =>
        source is { IsState: false, IsStatic: false } && scan.Window is { IsFuture: false, Length: null } && scan.Aggregates.All(aggregate => IsCarried(aggregate, source))
            ? scan with { Strategy = ScanStrategy.Carry, Reason = $"cutoffs lie every {grid.Step.Text}; values of all of the past change only where a row is first seen" }
            : null);

    private static bool IsCarried(LogicalAggregate aggregate, LogicalSource source)
    {
        if (Running.Contains(aggregate.Definition.Name)) return true;
        if (aggregate.Definition.Name != Aggregates.First.Name && aggregate.Definition.Name != Aggregates.Last.Name) return false;
        // Without a column they are the smallest and largest instant; with one, a row that is known late may come before what was seen already.
        return aggregate.Arguments.IsEmpty || source.Knowledge is null;
    }
}
