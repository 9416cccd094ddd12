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

    /// <summary>The cutoffs that are due: every entity at as_of, or in event modes each entity's latest up to it. `from` and `until` bound training only.</summary>
    public List<Cutoff> Scoring()
    {
        if (context.AsOf is not { } asOf) return [];
        var isEvent = context.Model.Observations.All(observation => observation is EachObservation or AfterFirstObservation);
        var due = isEvent ? Observed(appliesBounds: false).Where(cutoff => cutoff.Instant <= asOf) : Existing(asOf);
        return
        [
            .. due.Where(HasNotStopped).Where(context.IsEligible)
                .GroupBy(cutoff => cutoff.Key).Select(group => group.MaxBy(cutoff => cutoff.Instant)),
        ];
    }

    private IEnumerable<Cutoff> Observed(bool appliesBounds)
    {
        var each = context.Model.Observations.OfType<EachObservation>()
            .SelectMany(line => Anchors(line, appliesBounds).Select(row => (line.Rows.Source, Row: row)))
            .DistinctBy(anchor => (anchor.Source, anchor.Row.Ordinal))
            .Select(anchor => new Cutoff(anchor.Row.Key!, anchor.Row.Time));
        var others = context.Model.Observations.SelectMany(line => line switch
        {
            GridObservation grid => GridInstants(grid).SelectMany(Existing),
            InstantsObservation instants => instants.Instants.SelectMany(Existing),
            AfterFirstObservation first => AfterFirst(first, appliesBounds),
            _ => [],
        }).Distinct();
        return each.Concat(others);
    }

    private IEnumerable<KnownRow> Anchors(EachObservation line, bool appliesBounds) =>
        context.Sources[line.Rows.Source].Rows.Where(row =>
            row.Key is not null && row.Satisfies(line.Rows.Where) && (!appliesBounds || IsWithin(row.Time, line.From, line.Until)));

    private IEnumerable<Cutoff> AfterFirst(AfterFirstObservation line, bool appliesBounds) =>
        from key in context.Sources[line.Rows.Source].Keys
        let first = context.FirstTime(line.Rows, key)
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

    /// <summary>The entities that exist at an instant: those of which any source has had a row (rule 10).</summary>
    private IEnumerable<Cutoff> Existing(DateTime instant) => context.Sources.Values
        .SelectMany(source => source.Keys.Where(key => source.RowsOf(key).Any(row => row.Time <= instant)))
        .Distinct().Select(key => new Cutoff(key, instant));

    /// <summary>Rule 26: no cutoff at or after the first row of `until`, in both modes.</summary>
    private bool IsBeforeUntil(Cutoff cutoff) =>
        context.Model.Until is not { } until || context.FirstTime(until, cutoff.Key) is not { } end || cutoff.Instant < end;

    /// <summary>Rule 26, last clause: an entity that has stopped by as_of is not scored, at no cutoff.</summary>
    private bool HasNotStopped(Cutoff cutoff) =>
        context.Model.Until is not { } until || context.FirstTime(until, cutoff.Key) is null;

    private bool IsWithin(DateTime instant, ObservationBound? from, ObservationBound? until) =>
        (Bound(from) is not { } start || instant >= start) && (Bound(until) is not { } end || instant < end);

    private DateTime? Bound(ObservationBound? bound) =>
        bound is null ? null : bound.Instant ?? context.AsOf?.Before(bound.BeforeAsOf);
}
