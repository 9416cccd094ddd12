using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Functions;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>
/// On a grid, what can be taken away again is added at the first cutoff that sees a row and taken away at the first that no longer does; the running sum of both is
/// what each cutoff sees, and is carried on to the next change.
/// <code>
/// before:  SELECT s.customer, s.cutoff, SUM(e.amount) FROM spine AS s JOIN orders AS e ON ... AND e.time &lt;= s.cutoff AND e.time &gt; s.cutoff - INTERVAL '365 days' GROUP BY ...
/// after:   changes AS (SELECT customer, the first cutoff that sees it AS n, SUM(amount) FROM orders GROUP BY customer, n
///                      UNION ALL SELECT customer, the first that no longer does AS n, -SUM(amount) FROM orders GROUP BY customer, n)
///          running AS (SELECT customer, n, LEAD(n) OVER ... AS next_n, SUM(amount) OVER (PARTITION BY customer ORDER BY n ROWS UNBOUNDED PRECEDING) FROM changes)
///          SELECT customer, first + UNNEST(RANGE(n, next_n)) * step AS cutoff, ... FROM running
/// </code>
/// A row is touched twice, where exploding touches it once for each cutoff that sees it. Counts, and sums over exact decimals, can be taken away; so can distinct
/// values, where the stretch of each row ends as soon as that of the next equal value begins.
/// <para>
/// Costs in nanoseconds of processor time, fitted to measurements on DuckDB (docs/benchmarks.md): to explode takes 140 for a row and cutoff, and 1.6 for each value of it;
/// to sweep takes 400 for each of a row's two changes, and 100 for each value of it.
/// </para>
/// </summary>
internal sealed class SweepGridsPass : IPlanPass
{
    private const decimal ExplodedRow = 140;
    private const decimal ExplodedValue = 1.6m;
    private const decimal SweptRow = 2 * 400;
    private const decimal SweptValue = 2 * 100;

    private static readonly ImmutableArray<string> Sums = [Aggregates.Count.Name, Aggregates.Exists.Name, Aggregates.Sum.Name, Aggregates.Average.Name, Aggregates.Share.Name];

    /// <inheritdoc />
    public string Name => "sweep-grids";

    /// <inheritdoc />
    public LogicalModel Run(LogicalModel model)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var scan in model.Scans.Concat(model.LabelScans))
        {
            if (scan.Window.Length is not null && scan.Aggregates.All(CanSubtract)) values[Rows(scan)] = values.GetValueOrDefault(Rows(scan)) + scan.Aggregates.Length;
        }
        return GridScans.Choose(model, (grid, source, scan) =>
        {
            if (source.IsState) return null;
            if (scan.Aggregates.All(IsDistinct)) return CountDistinct(grid, source, scan);
            if (scan.Window.Length is not { } length || !scan.Aggregates.All(CanSubtract)) return null;
            var (cutoffs, count) = (decimal.Ceiling((decimal)length.Microseconds / grid.Step.Microseconds), values[Rows(scan)]);
            if (cutoffs * (ExplodedRow + (ExplodedValue * count)) <= SweptRow + (SweptValue * count)) return null;
            return scan with
            {
                Strategy = ScanStrategy.Sweep,
                Reason = string.Create(CultureInfo.InvariantCulture,
                    $"cutoffs lie every {grid.Step.Text}; to take a row at each of {cutoffs} costs more than to add it at the first and take it away behind the last"),
            };
        });
    }

    /// <summary>Counting runs costs less than telling values apart in every window, however few the windows.</summary>
    private static LogicalScan? CountDistinct(LogicalGrid grid, LogicalSource source, LogicalScan scan) =>
        // The next equal value must not be seen for a shorter while than this one.
        source.Knowledge is not null && scan.Window.Length is not null
            ? null
            : scan with { Strategy = ScanStrategy.Sweep, Reason = $"cutoffs lie every {grid.Step.Text}; a value counts from the first cutoff that sees it until none does" };

    private static bool IsDistinct(LogicalAggregate aggregate) => aggregate.Definition.Name == Aggregates.CountDistinct.Name || aggregate.Definition.Name == Aggregates.ActiveDays.Name;

    // A sum over no row gives way to a stated default, one that came to nothing does not: what is left of a running sum does not tell.
    private static bool CanSubtract(LogicalAggregate aggregate) =>
        Sums.Contains(aggregate.Definition.Name) && (aggregate.Default is null || aggregate.Definition.Name != Aggregates.Sum.Name);

    private static string Rows(LogicalScan scan) => $"{scan.Rows}\n{PlanText.Print(scan.Window, isBefore: false)}";
}
