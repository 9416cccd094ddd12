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
        var sources = model.Observe.Select(line => line is LogicalEach { Offset: null } each ? each.Rows.Source : null).Distinct().ToList();
        if (sources is not [{ } source]) return model;
        // A row that is known later than it happens does not take its place in the order by knowing.
        if (model.Sources.First(item => item.Name == source) is not { Knowledge: null } rows) return model;
        var late = new HashSet<LogicalColumn>();
        foreach (var column in rows.Columns)
        {
            if (column.IsLate) late.Add(column.Column);
        }
        var scans = model.Scans.SelectAsArray(scan => Choose(scan, source, late));
        var labelScans = model.LabelScans.SelectAsArray(scan => Choose(scan, source, late));
        return IsSame(scans, model.Scans) && IsSame(labelScans, model.LabelScans) ? model : model with { Scans = scans, LabelScans = labelScans };
    }

    private static bool IsSame(ImmutableArray<LogicalScan> after, ImmutableArray<LogicalScan> before) =>
        after.Zip(before).All(pair => ReferenceEquals(pair.First, pair.Second));

    private static LogicalScan Choose(LogicalScan scan, string source, HashSet<LogicalColumn> late)
    {
        var slides = scan.Aggregates.All(aggregate => Sliding.Contains(aggregate.Definition.Name) || IsInstant(aggregate));
        return scan.Strategy != ScanStrategy.Frame && scan.Rows == source && !scan.Window.IsCalendar && slides && !scan.Aggregates.Any(aggregate => DependsOnCutoff(aggregate, late))
            ? scan with { Strategy = ScanStrategy.Frame, Reason = $"cutoffs are rows of {source}, and every aggregate slides" }
            : scan;
    }

    // A frame computes what each row adds before it knows the cutoffs that see it: nothing in it may depend on the cutoff.
    private static bool DependsOnCutoff(LogicalAggregate aggregate, HashSet<LogicalColumn> late) =>
        aggregate.Arguments.Any(argument => ReadsCutoff(argument, late)) || (aggregate.Filter is not null && ReadsCutoff(aggregate.Filter, late));

    private static bool ReadsCutoff(LogicalExpression expression, HashSet<LogicalColumn> late) =>
        expression is LogicalAnchor or LogicalCutoff or LogicalElapsed or LogicalLearned || (expression is LogicalColumn column && late.Contains(column)) || expression.Children.Any(child => ReadsCutoff(child, late));

    // `first(s)` and `last(s)` without a column are the smallest and largest instant.
    private static bool IsInstant(LogicalAggregate aggregate) =>
        aggregate.Arguments.IsEmpty && (aggregate.Definition.Name == Aggregates.First.Name || aggregate.Definition.Name == Aggregates.Last.Name);
}
