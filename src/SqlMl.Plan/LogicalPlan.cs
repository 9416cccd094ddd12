using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Functions;
using SqlMl.Language.Types;

namespace SqlMl.Plan;

/// <summary>What is to be computed for every model, step by step, before any SQL.</summary>
/// <param name="Models">In the order declared.</param>
public sealed record LogicalPlan(ImmutableArray<LogicalModel> Models);

/// <summary>The rows that a scan sees, relative to the cutoff.</summary>
/// <param name="IsFuture">True for a label's window.</param>
/// <param name="Length">How long; null for all of the past.</param>
/// <param name="Gap">How far from the cutoff it begins (future) or ends (past); null for at the cutoff.</param>
public sealed record LogicalWindow(bool IsFuture, Duration? Length, Duration? Gap)
{
    /// <summary>True for planned rows of the future, of which those are seen that were known at the cutoff (rule 65).</summary>
    public bool IsPlanned { get; init; }

    /// <summary>By how much the cutoff is moved first; the window is then that of mode `at` (rule 8). Null for the cutoff itself.</summary>
    public Duration? Later { get; init; }

    /// <summary>True when some bound moves by calendar steps, whose length depends on the cutoff.</summary>
    public bool IsCalendar => Length?.IsCalendar == true || Gap?.IsCalendar == true || Later?.IsCalendar == true;
}

/// <summary>One aggregate with the name its value goes by.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Definition">What is computed.</param>
/// <param name="Arguments">Over the source's row; the constant that the definition takes comes last.</param>
/// <param name="Filter">Which rows; null for all.</param>
/// <param name="Default">What stands in for null, a constant; null for nothing.</param>
public sealed record LogicalAggregate(
    string Name, AggregateDefinition Definition, ImmutableArray<LogicalExpression> Arguments, LogicalExpression? Filter, LogicalExpression? Default)
{
    /// <summary>
    /// For one of several values that must come from one row, as the parts of a key do: all of them, by which rows of one instant are ordered in place of the value
    /// alone; else empty.
    /// </summary>
    public ImmutableArray<LogicalExpression> Together { get; init; } = [];

    /// <summary>The time zone by which the days of its rows are counted; null for UTC.</summary>
    public string? Zone { get; init; }
}

/// <summary>How a scan is carried out.</summary>
public enum ScanStrategy
{
    /// <summary>Cutoffs joined with the rows in their window, grouped by cutoff: works for everything.</summary>
    RangeJoin,

    /// <summary>Window frames over the rows themselves: for cutoffs that are rows of the same source.</summary>
    Frame,

    /// <summary>Each row once at each cutoff of a grid that sees it, which its own instant says; grouped by cutoff, without a join.</summary>
    Explode,

    /// <summary>Each row at the first cutoff of a grid that sees it; running values are carried on to the cutoff at which they change.</summary>
    Carry,

    /// <summary>Each row added at the first cutoff of a grid that sees it and taken away at the first that no longer does; running sums are carried on to the cutoff at which they change.</summary>
    Sweep,

    /// <summary>The rows of each entity once, whatever the cutoff: for rows that say nothing of time.</summary>
    OnceAnEntity,

    /// <summary>Sums over all rows up to each, and what they were where a window begins: for cutoffs that are rows of the same source.</summary>
    RunningSums,
}

/// <summary>Aggregates over one source and window, computed together.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Window">Which rows.</param>
/// <param name="Aggregates">At least one.</param>
/// <param name="Strategy">How.</param>
/// <param name="Reason">Why so, for `--emit optimized`.</param>
public sealed record LogicalScan(
    string Source, LogicalWindow Window, ImmutableArray<LogicalAggregate> Aggregates, ScanStrategy Strategy, string Reason)
{
    /// <summary>The side of the rows that the entity stands on; null for any (rule 12).</summary>
    public string? Side { get; init; }

    /// <summary>True where the values are computed beside each row of the source, all of whose rows may be cutoffs.</summary>
    public bool IsBesideRows => Strategy is ScanStrategy.Frame or ScanStrategy.RunningSums;

    /// <summary>Whose rows, as written: the source, with its side where there is one.</summary>
    public string Rows => Side is null ? Source : $"{Source} as {Side}";
}

/// <summary>A value derived from others of the same cutoff.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">Over values of lower levels.</param>
/// <param name="Level">1 for what reads aggregates alone, one more than the highest level read otherwise.</param>
public sealed record LogicalDerived(string Name, LogicalExpression Expression, int Level)
{
    /// <summary>The values by level, those of one level in the order given.</summary>
    public static ImmutableArray<LogicalDerived> Ordered(IReadOnlyCollection<LogicalDerived> values)
    {
        var ordered = ImmutableArray.CreateBuilder<LogicalDerived>(values.Count);
        for (var level = 1; ordered.Count < values.Count; level++)
        {
            foreach (var value in values)
            {
                if (value.Level == level) ordered.Add(value);
            }
        }
        return ordered.MoveToImmutable();
    }

    /// <summary>What <see cref="Ordered"/> gave, the values of one level together; a level reads only lower ones.</summary>
    public static IEnumerable<ImmutableArray<LogicalDerived>> ByLevel(ImmutableArray<LogicalDerived> ordered)
    {
        for (int start = 0, end = 0; start < ordered.Length; start = end)
        {
            while (end < ordered.Length && ordered[end].Level == ordered[start].Level) end++;
            yield return ordered[start..end];
        }
    }
}

/// <summary>Rows of a source that satisfy a condition.</summary>
public sealed record LogicalRows(string Source, LogicalExpression? Filter)
{
    /// <summary>The side of the rows that the entity stands on; null for any (rule 12).</summary>
    public string? Side { get; init; }
}

/// <summary>A bound: an instant, or the run's own instant moved by a duration.</summary>
public sealed record LogicalBound(DateTime? Instant, Duration? Offset, bool IsNegative);

/// <summary>A part of the key of the row that is the cutoff, under the name that the tables give it.</summary>
public sealed record LogicalAnchorKey(string Name, LogicalColumn Column);

/// <summary>Where cutoffs lie; `from` is included, `until` is not.</summary>
public abstract record LogicalObserve(LogicalBound? From, LogicalBound? Until);

/// <summary>A grid for every entity.</summary>
public sealed record LogicalGrid(Duration Step, DateTime? AlignedTo, LogicalBound? From, LogicalBound? Until, int? Count) : LogicalObserve(From, Until);

/// <summary>Every row of a kind, at its own instant or a stated time before or after it.</summary>
public sealed record LogicalEach(LogicalRows Rows, LogicalBound? From, LogicalBound? Until) : LogicalObserve(From, Until)
{
    /// <summary>How far from the row the cutoff lies; null for at the row.</summary>
    public Duration? Offset { get; init; }

    /// <summary>True for before the row.</summary>
    public bool IsEarlier { get; init; }
}

/// <summary>A time after an entity's first row of a kind.</summary>
public sealed record LogicalAfterFirst(Duration Offset, LogicalRows Rows, LogicalBound? From, LogicalBound? Until) : LogicalObserve(From, Until);

/// <summary>Stated instants for every entity.</summary>
public sealed record LogicalInstants(ImmutableArray<DateTime> Instants) : LogicalObserve(null, null);

/// <summary>How rows are divided: two parts are train and test, three have validation between.</summary>
public abstract record LogicalSplit;

/// <summary>By time, at the boundaries nearest to shares of rows; purged.</summary>
public sealed record LogicalTimeSplit(ImmutableArray<decimal> Parts) : LogicalSplit;

/// <summary>By time, at stated instants, each the first of the later part; purged.</summary>
public sealed record LogicalInstantSplit(ImmutableArray<DateTime> Instants) : LogicalSplit;

/// <summary>By a hash of seed, key and cutoff.</summary>
public sealed record LogicalRandomSplit(ImmutableArray<decimal> Parts, long Seed, bool IsStratified) : LogicalSplit;

/// <summary>By a hash of seed and key, so that an entity's rows stay together.</summary>
public sealed record LogicalEntitySplit(ImmutableArray<decimal> Parts, long Seed) : LogicalSplit;

/// <summary>How far before a cutoff the rows of some sources must reach.</summary>
public sealed record LogicalHistory(Duration Length, ImmutableArray<string> Sources);

/// <summary>The rows that declare which entities there are, and from when on (rule 10).</summary>
/// <param name="Source">Whose rows.</param>
/// <param name="Since">From when on the entity of a row exists; null for when the row was known.</param>
public sealed record LogicalPopulation(string Source, LogicalExpression? Since);

/// <summary>Values of another entity, as of the same cutoffs (rule 21).</summary>
/// <param name="Entity">The other entity.</param>
/// <param name="Keys">Which of them a cutoff is linked to, over values of the cutoff and columns of its row; null for none.</param>
/// <param name="Values">How its values are computed: a plan without cutoffs, whose features are the values.</param>
/// <param name="Names">What the values are called here.</param>
public sealed record LogicalLink(
    string Entity, ImmutableArray<LogicalExpression> Keys, LogicalModel Values, ImmutableArray<LogicalLinkedValue> Names);

/// <summary>A value of another entity: what it is called here, and there.</summary>
public sealed record LogicalLinkedValue(string Name, string Value);

/// <summary>Aggregates over the members of an entity: those of another entity that are linked to it as of the cutoff (rule 21).</summary>
/// <param name="Entity">What the members are.</param>
/// <param name="Source">Whose rows say to whom a member belongs.</param>
/// <param name="Key">How a row of that source names whom the member belongs to: one column a key part.</param>
/// <param name="Link">The values of a member that say to whom it belongs as of the cutoff, one a key part.</param>
/// <param name="Values">How the members' values are computed: a plan without cutoffs, whose features are the values, <paramref name="Link"/> among them.</param>
/// <param name="Aggregates">Over a member, its values as columns.</param>
public sealed record LogicalRollup(
    string Entity, string Source, ImmutableArray<LogicalExpression> Key, ImmutableArray<string> Link, LogicalModel Values, ImmutableArray<LogicalAggregate> Aggregates);

/// <summary>A pivot that learns its values from the training rows (rule 39).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many values it learns at most.</param>
/// <param name="Scan">The rows whose values it learns: its only aggregate has the value as its argument.</param>
public sealed record LogicalPivot(string Name, int Count, LogicalScan Scan);

/// <summary>One model's plan, in the order of rule 27: cutoffs, existence, until, when, maturity, required history, given, null labels, sample, split.</summary>
public sealed record LogicalModel
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The entity's name.</summary>
    public required string Entity { get; init; }

    /// <summary>The entity's key columns.</summary>
    public required ImmutableArray<string> Keys { get; init; }

    /// <summary>Who there is, where the program declares it; null for whoever a row names.</summary>
    public LogicalPopulation? Population { get; init; }

    /// <summary>True in mode `before`: rows at the cutoff's own instant are not seen.</summary>
    public required bool IsBefore { get; init; }

    /// <summary>The sources, in the order declared.</summary>
    public required ImmutableArray<LogicalSource> Sources { get; init; }

    /// <summary>Where cutoffs lie.</summary>
    public required ImmutableArray<LogicalObserve> Observe { get; init; }

    /// <summary>The columns of the row that is the cutoff which something reads, or which tell cutoffs of one instant apart.</summary>
    public ImmutableArray<LogicalColumn> Anchors { get; init; } = [];

    /// <summary>The key of the row that is the cutoff (rule 47): a part of each row's identity, beside the entity and the cutoff.</summary>
    public ImmutableArray<LogicalAnchorKey> AnchorKey { get; init; } = [];

    /// <summary>From the first such row on an entity has no cutoff; null for none.</summary>
    public LogicalRows? Until { get; init; }

    /// <summary>The scans of the past, for vars and eligibility.</summary>
    public required ImmutableArray<LogicalScan> Scans { get; init; }

    /// <summary>The pivots that learn their values, in the order of the features.</summary>
    public ImmutableArray<LogicalPivot> Pivots { get; init; } = [];

    /// <summary>The aggregates over members.</summary>
    public ImmutableArray<LogicalRollup> Rollups { get; init; } = [];

    /// <summary>The values of other entities, read beside those that scans compute.</summary>
    public ImmutableArray<LogicalLink> Links { get; init; } = [];

    /// <summary>Values derived from them, by level.</summary>
    public required ImmutableArray<LogicalDerived> Derived { get; init; }

    /// <summary>The name of the value that says who is eligible; null for everybody.</summary>
    public string? When { get; init; }

    /// <summary>The name of the value that says which of the rows that are due are scored; null for all.</summary>
    public string? ScoreOnly { get; init; }

    /// <summary>The history that training cutoffs must have; null for none.</summary>
    public LogicalHistory? History { get; init; }

    /// <summary>Which cutoffs are trained and tested on, over values of the cutoff and the future's scans; null for all.</summary>
    public LogicalExpression? Given { get; init; }

    /// <summary>How many rows at most are divided, the first in the order of a hash; null for all.</summary>
    public long? Sample { get; init; }

    /// <summary>The scans of the future, for label and `given`.</summary>
    public required ImmutableArray<LogicalScan> LabelScans { get; init; }

    /// <summary>The aggregates over members as of a later instant, for label and `given`.</summary>
    public ImmutableArray<LogicalRollup> LabelRollups { get; init; } = [];

    /// <summary>The values that other entities have later, for label and `given`.</summary>
    public ImmutableArray<LogicalLink> LabelLinks { get; init; } = [];

    /// <summary>For values of others: how much later than the cutoff all of them are evaluated; null for the cutoff itself.</summary>
    public Duration? Later { get; init; }

    /// <summary>Values that the label derives from its scans, by level.</summary>
    public ImmutableArray<LogicalDerived> LabelDerived { get; init; } = [];

    /// <summary>The label, over the label's scans and values of the cutoff.</summary>
    public required LogicalExpression Label { get; init; }

    /// <summary>The label's windows that end last: a cutoff is open while one of them runs.</summary>
    public required ImmutableArray<LogicalWindow> Horizons { get; init; }

    /// <summary>Those of label and `given`: they decide when a row is complete.</summary>
    public required ImmutableArray<LogicalWindow> Maturity { get; init; }

    /// <summary>Those of all labels of the family that the model belongs to, which decide where the grid lies and what purging leaves out; else as <see cref="Maturity"/>.</summary>
    public required ImmutableArray<LogicalWindow> FamilyMaturity { get; init; }

    /// <summary>True for one of several models of one label: its parts begin where those of the others do.</summary>
    public bool IsInFamily { get; init; }

    /// <summary>True when rows whose label is not complete are kept.</summary>
    public required bool AllowImmature { get; init; }

    /// <summary>The split.</summary>
    public required LogicalSplit Split { get; init; }

    /// <summary>The names of the features, in order of declaration.</summary>
    public required ImmutableArray<string> Features { get; init; }

    /// <summary>The plans of other entities' values that this one reads.</summary>
    public IEnumerable<LogicalModel> OfOthers
    {
        get
        {
            foreach (var rollup in Rollups.Concat(LabelRollups)) yield return rollup.Values;
            foreach (var link in Links.Concat(LabelLinks)) yield return link.Values;
        }
    }

    /// <summary>The same model with other plans in the place of these.</summary>
    public LogicalModel ReplaceOthers(Func<LogicalModel, LogicalModel> replace)
    {
        return OfOthers.Any() ? this with { Rollups = Members(Rollups), Links = Linked(Links), LabelRollups = Members(LabelRollups), LabelLinks = Linked(LabelLinks) } : this;

        ImmutableArray<LogicalRollup> Members(ImmutableArray<LogicalRollup> rollups) => rollups.SelectAsArray(rollup => rollup with { Values = replace(rollup.Values) });

        ImmutableArray<LogicalLink> Linked(ImmutableArray<LogicalLink> links) => links.SelectAsArray(link => link with { Values = replace(link.Values) });
    }

    /// <summary>The aggregates of all scans, and those over members.</summary>
    public IEnumerable<LogicalAggregate> Aggregates
    {
        get
        {
            foreach (var scan in Scans)
            {
                foreach (var aggregate in scan.Aggregates) yield return aggregate;
            }
            foreach (var scan in LabelScans)
            {
                foreach (var aggregate in scan.Aggregates) yield return aggregate;
            }
            foreach (var pivot in Pivots)
            {
                foreach (var aggregate in pivot.Scan.Aggregates) yield return aggregate;
            }
            foreach (var rollup in Rollups.Concat(LabelRollups))
            {
                foreach (var aggregate in rollup.Aggregates) yield return aggregate;
            }
        }
    }

    /// <summary>True where a cutoff belongs to a row or follows one.</summary>
    public bool IsEventMode => Observe.All(line => line is LogicalEach or LogicalAfterFirst);
}
