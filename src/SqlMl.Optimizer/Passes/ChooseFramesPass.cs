using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Functions;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>
/// Where every cutoff is a row of the source that is scanned, window frames over the rows replace the join of rows with rows.
/// <code>
/// before:  SELECT s.visitor, s.cutoff, COUNT(*) FROM spine AS s JOIN events AS e ON ... AND e.time &lt; s.cutoff GROUP BY ...
/// after:   SELECT visitor, time AS cutoff, COUNT(*) OVER (PARTITION BY visitor ORDER BY instant RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
/// </code>
/// The order key is the instant in whole microseconds, so that a frame's ends are exact: one microsecond is the least that two instants
/// can differ by. Frames see all rows of an instant or none, as windows do. Only lengths that are exact can be frames, not calendar steps;
/// and only aggregates that both dialects slide.
/// </summary>
internal sealed class ChooseFramesPass : IPlanPass
{
    private static readonly ImmutableArray<string> Sliding =
    [
        Aggregates.Count.Name, Aggregates.Exists.Name, Aggregates.Sum.Name, Aggregates.Average.Name, Aggregates.Min.Name, Aggregates.Max.Name,
        Aggregates.Share.Name,
    ];

    /// <inheritdoc />
    public string Name => "choose-frames";

    /// <inheritdoc />
    public LogicalModel Run(LogicalModel model)
    {
        if (AnchorRows.Of(model) is not { } rows) return model;
        var scans = model.Scans.SelectAsArray(scan => Choose(scan, rows));
        var labelScans = model.LabelScans.SelectAsArray(scan => Choose(scan, rows));
        return IsSame(scans, model.Scans) && IsSame(labelScans, model.LabelScans) ? model : model with { Scans = scans, LabelScans = labelScans };
    }

    private static bool IsSame(ImmutableArray<LogicalScan> after, ImmutableArray<LogicalScan> before) =>
        after.Zip(before).All(pair => ReferenceEquals(pair.First, pair.Second));

    private static LogicalScan Choose(LogicalScan scan, AnchorRows rows)
    {
        var slides = scan.Aggregates.All(aggregate => Sliding.Contains(aggregate.Definition.Name) || IsInstant(aggregate) || IsPick(aggregate));
        return scan.Strategy == ScanStrategy.RangeJoin && slides && rows.CanSlide(scan)
            ? scan with { Strategy = ScanStrategy.Frame, Reason = $"cutoffs are rows of {rows.Name}, and every aggregate slides" }
            : scan;
    }

    // `first(s)` and `last(s)` without a column are the smallest and largest instant.
    private static bool IsInstant(LogicalAggregate aggregate) =>
        aggregate.Arguments.IsEmpty && (aggregate.Definition.Name == Aggregates.First.Name || aggregate.Definition.Name == Aggregates.Last.Name);

    // A frame gives the value of its first or last row, or of the first or last for which a filter holds; not of the row in which something else is largest.
    private static bool IsPick(LogicalAggregate aggregate) =>
        aggregate.Arguments.Length == 1 && (aggregate.Definition.Name == Aggregates.First.Name || aggregate.Definition.Name == Aggregates.Last.Name);
}
