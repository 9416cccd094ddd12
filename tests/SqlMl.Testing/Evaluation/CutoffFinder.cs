using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>Finds the cutoffs that a model is trained at and those that it is scored at (rules 22 to 28, 47).</summary>
internal sealed class CutoffFinder(ModelContext context)
{
    /// <summary>The cutoffs of the training set, one a row, maturity and eligibility applied; their labels may be null.</summary>
    public List<Cutoff> Training() =>
    [
        .. Observed(appliesBounds: true)
            .Where(IsBeforeUntil).Where(context.IsEligible)
            .Where(cutoff => context.Model.AllowsImmature || context.IsMature(cutoff.Instant)),
    ];

    /// <summary>The cutoffs that are scored: of those that are due one an entity (rule 47), of several anchors of one instant the last by its key.</summary>
    public List<Cutoff> Scoring() => [.. Due().OrderByDescending(cutoff => cutoff.Anchor?.UniqueKey.FirstOrDefault() as IComparable).DistinctBy(cutoff => cutoff.Key).Where(context.IsScored)];

    /// <summary>
    /// Every entity at as_of, or in event modes each entity's latest cutoff up to it, several where anchors share that instant.
    /// `from` and `until` bound training only.
    /// </summary>
    public IEnumerable<Cutoff> Due()
    {
        if (context.AsOf is not { } asOf) return [];
        var isEvent = context.Model.Observations.All(observation => observation is EachObservation or OffsetEachObservation or AfterFirstObservation);
        var cutoffs = isEvent ? Observed(appliesBounds: false).Where(cutoff => cutoff.Instant <= asOf) : Existing(asOf);
        return cutoffs.Where(HasNotStopped).Where(context.IsEligible)
            .GroupBy(cutoff => cutoff.Key).SelectMany(group => group.Where(cutoff => cutoff.Instant == group.Max(other => other.Instant)));
    }

    private IEnumerable<Cutoff> Observed(bool appliesBounds)
    {
        // Rule 22: cutoffs of one entity, instant and anchor are one.
        var each = context.Model.Observations.SelectMany(line => Anchored(line, appliesBounds)).Distinct();
        var others = context.Model.Observations.SelectMany(line => line switch
        {
            GridObservation grid => GridInstants(grid).SelectMany(Existing),
            InstantsObservation instants => instants.Instants.SelectMany(Existing),
            AfterFirstObservation first => AfterFirst(first, appliesBounds),
            _ => [],
        }).Distinct();
        return each.Concat(others).Where(cutoff => context.Population is null || context.IsDeclared(cutoff.Key, cutoff.Instant));
    }

    private IEnumerable<Cutoff> Anchored(OracleObservation line, bool appliesBounds) => line switch
    {
        EachObservation each => Anchors(each.Rows, each.From, each.Until, appliesBounds, row => row.Time),
        OffsetEachObservation offset => Anchors(
            offset.Rows, offset.From, offset.Until, appliesBounds,
            row => offset.IsBefore ? row.Time.Before(offset.Offset) : row.Time.After(offset.Offset)).Where(cutoff => cutoff.Anchor!.Known <= cutoff.Instant),
        _ => [],
    };

    /// <summary>One cutoff a row and entity that it belongs to, of whichever side (rule 12). Only a planned row can lie after as_of, and then it is not due yet.</summary>
    private IEnumerable<Cutoff> Anchors(
        RowSelection rows, ObservationBound? start, ObservationBound? end, bool appliesBounds, Func<KnownRow, DateTime> instantOf) =>
        from row in context.Sources[rows.Source].Rows
        from key in row.Keys
        where row.Satisfies(rows.Where, Moment.Whenever, owner: key)
        let instant = instantOf(row)
        where instant <= context.AsOf && (!appliesBounds || IsWithin(instant, start, end))
        select new Cutoff(key, instant, row);

    /// <summary>Rule 25: after the earliest row that is known by then.</summary>
    private IEnumerable<Cutoff> AfterFirst(AfterFirstObservation line, bool appliesBounds) =>
        from key in context.Sources[line.Rows.Source].Keys
        let first = context.RowsOf(line.Rows, key).Where(row => row.Known <= row.Time.After(line.Offset)).Min(row => (DateTime?)row.Time)
        where first is not null
        let instant = first.Value.After(line.Offset)
        where !appliesBounds || IsWithin(instant, line.From, line.Until)
        select new Cutoff(key, instant);

    /// <summary>The grid's instants: without `until` up to maturity, without `from` since the first row of what the model reads.</summary>
    private List<DateTime> GridInstants(GridObservation grid)
    {
        var start = Bound(grid.From) ?? context.ReadSources.Min(source => source.Start);
        var anchor = grid.AlignedTo ?? Bound(grid.From) ?? context.LastMatureAnchor(grid.Step);
        if (start is null || anchor is null) return [];

        var isIncluded = Bound(grid.Until) is { } until ? (Func<DateTime, bool>)(instant => instant < until) : context.IsMature;
        var later = Steps(anchor.Value, grid.Step, 1, first: 0).TakeWhile(isIncluded);
        var earlier = Steps(anchor.Value, grid.Step, -1, first: 1).TakeWhile(instant => instant >= start).Where(isIncluded);
        var instants = later.Where(instant => instant >= start).Concat(earlier).OrderDescending();
        if (grid.Count is not { } count) return [.. instants];
        // Without a stated end a family shares the latest that are complete for all of its models; any later one is the model's own.
        var own = grid.Until is null && context.Model.Family is not null ? instants.Count(instant => !context.IsMatureForFamily(instant)) : 0;
        return [.. instants.Take(own + count)];
    }

    private static IEnumerable<DateTime> Steps(DateTime anchor, OracleDuration step, int sign, int first)
    {
        for (var i = first; ; i++) yield return anchor.Shift(step, sign * i);
    }

    /// <summary>The entities that exist at an instant: those that are declared by then, else those of which any source has a row that is known by then (rule 10).</summary>
    private IEnumerable<Cutoff> Existing(DateTime instant) => context.Population is { } population
        ? context.Sources[population.Source].Keys.Where(key => context.IsDeclared(key, instant)).Select(key => new Cutoff(key, instant))
        : Seen(instant);

    private IEnumerable<Cutoff> Seen(DateTime instant) => context.Sources.Values
        .SelectMany(source => source.Keys.Where(key => source.RowsOf(key).Any(row => row.Known <= instant)))
        .Distinct().Select(key => new Cutoff(key, instant));

    /// <summary>Rule 26: no cutoff at or after the first row of `until` once it is known, in both modes.</summary>
    private bool IsBeforeUntil(Cutoff cutoff) => !HasStopped(cutoff.Key, cutoff.Instant);

    /// <summary>Rule 26, last clause: an entity that has stopped by as_of is not scored, at no cutoff.</summary>
    private bool HasNotStopped(Cutoff cutoff) => !HasStopped(cutoff.Key, context.AsOf!.Value);

    private bool HasStopped(EntityKey key, DateTime instant) => context.Model.Until is { } until
        && context.RowsOf(until, key).Any(row => row.Time <= instant && row.Known <= instant);

    private bool IsWithin(DateTime instant, ObservationBound? from, ObservationBound? until) =>
        (Bound(from) is not { } start || instant >= start) && (Bound(until) is not { } end || instant < end);

    private DateTime? Bound(ObservationBound? bound) =>
        bound is null ? null : bound.Instant ?? context.AsOf?.Before(bound.BeforeAsOf);
}
