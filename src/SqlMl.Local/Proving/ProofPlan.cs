using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Compiler;

namespace SqlMl.Local.Proving;

/// <summary>Turns what a model's values may read into claims: which columns of which rows a change must leave as they are.</summary>
internal sealed class ProofPlan(CompiledModel model, CompiledProof proof)
{
    private const string Cutoff = "cutoff";

    /// <summary>At so many instants at once copies of a row are told apart.</summary>
    internal const int MostEdges = 24;

    /// <summary>All features of rows up to an instant.</summary>
    public Claim UpTo(DateTime instant) => new([.. model.Features.Select(feature => feature.Name)], $"{Cutoff} <= {Instants.Literal(instant)}");

    /// <summary>The ends of stretches of the past that do not lie at the cutoff, and of planned ones: each once.</summary>
    public IEnumerable<(CompiledOffset Offset, bool IsStrict)> FeatureEnds() =>
        proof.Features.SelectMany(reach => reach.Windows).Where(window => window.End is { } end && end != CompiledOffset.Cutoff)
            .Select(window => (window.End!, window.IsStrict)).Distinct();

    /// <summary>The starts of the stretches that features read; each once.</summary>
    public IEnumerable<(CompiledOffset Offset, bool IsStrict)> FeatureStarts() =>
        proof.Features.SelectMany(reach => reach.Windows).Where(window => window.Start is not null).Select(window => (window.Start!, window.IsStrict)).Distinct();

    /// <summary>Where stretches that features read begin and end, the cutoff among these, with the microseconds before and after; so many at once as rows can be copied to.</summary>
    public IEnumerable<ImmutableArray<DateTime>> Edges(DateTime cutoff)
    {
        var edges = new SortedSet<DateTime> { cutoff };
        foreach (var (offset, _) in FeatureStarts().Concat(FeatureEnds()))
        {
            if (Instants.Move(cutoff, offset) is { } edge) edges.Add(edge);
        }
        return edges.SelectMany(edge => (DateTime[])[edge.AddTicks(-TimeSpan.TicksPerMicrosecond), edge, edge.AddTicks(TimeSpan.TicksPerMicrosecond)])
            .Distinct().Chunk(MostEdges).Select(chunk => chunk.ToImmutableArray());
    }

    /// <summary>The label's stretches with a start and an end.</summary>
    public IEnumerable<CompiledStretch> LabelStretches() => proof.Label.Windows.Where(window => window is { Start: not null, End: not null, OfStates: false });

    /// <summary>The ends of the label's stretches; each once.</summary>
    public IEnumerable<CompiledOffset> LabelEnds() => proof.Label.Windows.Select(window => window.End).OfType<CompiledOffset>().Distinct();

    /// <summary>Features of rows whose stretches all end by an instant: rows that happened after it cannot move them.</summary>
    public ImmutableArray<Claim> EndedBy(DateTime instant, bool isInclusive) => Group(reach => Ended(reach, instant, isInclusive));

    /// <summary>Features of rows whose stretches all begin at an instant or after: rows that happened by it cannot move them.</summary>
    public ImmutableArray<Claim> BegunAfter(DateTime instant, bool isInclusive) => Group(reach => Begun(reach, instant, window => isInclusive && window.IsStrict));

    /// <summary>Features of rows whose stretches all begin at an instant or after: states that ended by it cannot move them, unless they are read the moment before.</summary>
    public ImmutableArray<Claim> BegunAfterStates(DateTime instant) => Group(reach => Begun(reach, instant, window => window is { OfStates: true, IsStrict: true }));

    /// <summary>Features that read the anchor, of rows whose stretches all begin at an instant or after: states that were over before it cannot move them.</summary>
    public ImmutableArray<Claim> AnchoredAfterStates(DateTime instant) =>
        Group(reach => reach.ReadsAnchor ? Begun(reach with { ReadsAnchor = false }, instant, _ => false, $"{Cutoff} >= {Instants.Literal(instant)}") : null);

    /// <summary>Labels of rows whose stretches all end by an instant.</summary>
    public Claim? LabelEndedBy(DateTime instant) => LabelEnded(instant) is { } condition ? new Claim(["label"], condition) : null;

    /// <summary>Labels of rows whose stretches all begin at an instant or after.</summary>
    public Claim? LabelBegunAfter(DateTime instant) => LabelBegun(instant) is { } condition ? new Claim(["label"], condition) : null;

    /// <summary>Labels of rows whose stretches lie apart from one.</summary>
    public Claim? LabelApartFrom(DateTime start, DateTime end)
    {
        string?[] sides = [LabelEnded(start), LabelBegun(end)];
        var conditions = sides.OfType<string>().Select(side => $"({side})").ToList();
        return conditions.Count == 0 ? null : new Claim(["label"], string.Join(" OR ", conditions));
    }

    private ImmutableArray<Claim> Group(Func<CompiledReach, string?> condition) =>
    [
        .. proof.Features.Select((reach, i) => (model.Features[i].Name, Condition: condition(reach))).Where(item => item.Condition is not null)
            .GroupBy(item => item.Condition!, StringComparer.Ordinal).Select(group => new Claim([.. group.Select(item => item.Name)], group.Key)),
    ];

    /// <summary>A label is settled when its windows have ended, and what is written later has been read.</summary>
    private string? LabelEnded(DateTime instant)
    {
        if (proof.Label.Windows.Any(window => window.ReadAt is null)) return null;
        var read = proof.Label.Windows.Select(window => $"{Instants.Move(Cutoff, window.ReadAt!)} <= {Instants.Literal(instant)}");
        return Ended(proof.Label, instant, isInclusive: false) is { } ended ? string.Join(" AND ", read.Append(ended).Distinct()) : null;
    }

    /// <summary>A condition on the cutoff; null where no row satisfies it.</summary>
    private static string? Ended(CompiledReach reach, DateTime instant, bool isInclusive)
    {
        var conditions = new List<string>();
        foreach (var window in reach.Windows)
        {
            if (window.End is null) return null;
            // What holds rows at its end sees those at the instant as well.
            conditions.Add($"{Instants.Move(Cutoff, window.End)} {(isInclusive && !window.IsStrict ? "<" : "<=")} {Instants.Literal(instant)}");
        }
        // The anchor lies at the cutoff.
        if (reach.ReadsAnchor) conditions.Add($"{Cutoff} {(isInclusive ? "<" : "<=")} {Instants.Literal(instant)}");
        return conditions.Count == 0 ? null : string.Join(" AND ", conditions);
    }

    private string? LabelBegun(DateTime instant) => Begun(proof.Label, instant, window => window.IsStrict);

    /// <param name="reach">What is read.</param>
    /// <param name="instant">The instant.</param>
    /// <param name="seesInstant">True for a stretch that holds what lies at the instant where it begins there, so that it must begin after.</param>
    /// <param name="also">What else is asked of the cutoff.</param>
    private static string? Begun(CompiledReach reach, DateTime instant, Func<CompiledStretch, bool> seesInstant, params ImmutableArray<string> also)
    {
        var conditions = new List<string>(also);
        foreach (var window in reach.Windows)
        {
            if (window.Start is null) return null;
            conditions.Add($"{Instants.Move(Cutoff, window.Start)} {(seesInstant(window) ? ">" : ">=")} {Instants.Literal(instant)}");
        }
        if (reach.ReadsAnchor) conditions.Add($"{Cutoff} > {Instants.Literal(instant)}");
        return conditions.Count == 0 ? null : string.Join(" AND ", conditions);
    }

    /// <summary>The cutoffs at which data are changed: the first, the last, the one with most rows, and others at equal distances between.</summary>
    public static ImmutableArray<DateTime> Choose(IReadOnlyList<object?[]> counted, int most)
    {
        if (counted.Count == 0) return [];
        var chosen = new SortedSet<DateTime> { (DateTime)counted[^1][0]! };
        if (most > 1) chosen.Add((DateTime)counted[0][0]!);
        if (most > 2) chosen.Add((DateTime)counted.MaxBy(row => Convert.ToInt64(row[1], CultureInfo.InvariantCulture))![0]!);
        var others = most - chosen.Count;
        for (var step = 1; step <= others; step++) chosen.Add((DateTime)counted[(int)((long)counted.Count * step / (others + 1))][0]!);
        for (var i = 0; chosen.Count < Math.Min(most, counted.Count); i++) chosen.Add((DateTime)counted[i][0]!);
        return [.. chosen];
    }
}
