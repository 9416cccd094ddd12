using System.Globalization;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>
/// Where all cutoffs lie on one grid of exact steps, the cutoffs that see a row are a run whose ends follow from the row's own instant: the row is taken once
/// for each of them, and grouped, instead of joined with the cutoffs of its entity and then tested.
/// <code>
/// before:  SELECT s.customer, s.cutoff, COUNT(*) FROM spine AS s JOIN orders AS e ON ... AND e.time &lt;= s.cutoff AND e.time &gt; s.cutoff - INTERVAL '30 days' GROUP BY ...
/// after:   SELECT customer, cutoff, COUNT(*) FROM (SELECT e.*, first + UNNEST(RANGE(the first cutoff that sees e, the first that no longer does)) * step AS cutoff FROM orders AS e) GROUP BY ...
/// </code>
/// A join meets every pair of a row and a cutoff of its entity; this meets those alone that the window holds, at most its length over the step for each row.
/// Every aggregate may be computed so, since every window has all its rows; but what a row says must not depend on the cutoff.
/// </summary>
internal sealed class ExplodeGridsPass : IPlanPass
{
    /// <inheritdoc />
    public string Name => "explode-grids";

    /// <inheritdoc />
    public LogicalModel Run(LogicalModel model) => GridScans.Choose(model, (grid, source, scan) =>
    {
        // A state holds for as long as its row says, whatever the window.
        if (source.IsState && scan.Window is not { IsFuture: false, Length: null, Gap: null }) return null;
        var reason = (source.IsState, scan.Window.Length) switch
        {
            (true, _) => $"cutoffs lie every {grid.Step.Text}; those at which a row of {source.Name} holds follow from the row",
            (_, { } length) => $"cutoffs lie every {grid.Step.Text}; a row is in {Runs(length.Microseconds, grid.Step.Microseconds)} of their windows, and its instant says which",
            _ => $"cutoffs lie every {grid.Step.Text}; a row is in the windows of all from the first that sees it on",
        };
        return scan with { Strategy = ScanStrategy.Explode, Reason = reason };
    });

    private static string Runs(long length, long step)
    {
        var (most, rest) = Math.DivRem(length, step);
        return rest == 0 ? most.ToString(CultureInfo.InvariantCulture) : $"at most {(most + 1).ToString(CultureInfo.InvariantCulture)}";
    }
}
