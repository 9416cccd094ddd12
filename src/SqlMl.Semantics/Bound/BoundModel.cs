using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Language.Trainers;
using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>A program whose names, types and times have been understood.</summary>
/// <param name="Sources">In the order declared.</param>
/// <param name="Entities">In the order declared.</param>
/// <param name="Vars">The entities' vars, families unfolded, in the order declared.</param>
/// <param name="Models">The predictions, in the order declared.</param>
public sealed record SemanticModel(
    ImmutableArray<SourceSymbol> Sources, ImmutableArray<EntitySymbol> Entities, ImmutableArray<VarSymbol> Vars, ImmutableArray<BoundModel> Models)
{
    /// <summary>The tests, in the order declared.</summary>
    public ImmutableArray<BoundTest> Tests { get; init; } = [];
}

/// <summary>A prediction: what is predicted, for whom, when, and how it is trained and handed over.</summary>
public sealed record BoundModel
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where its name stands.</summary>
    public required SourceSpan Span { get; init; }

    /// <summary>What it predicts for.</summary>
    public required EntitySymbol Entity { get; init; }

    /// <summary>The label; a boolean, a number or a string, and reaching beyond the cutoff.</summary>
    public required BoundExpression Label { get; init; }

    /// <summary>What there is to learn, by the label's type.</summary>
    public required LearningTask Task { get; init; }

    /// <summary>The label as written.</summary>
    public required SourceSpan LabelSpan { get; init; }

    /// <summary>The label's longest window (rule 42), its lead time included.</summary>
    public required BoundWindow Horizon { get; init; }

    /// <summary>The label's windows that end last (rule 42): more than one only where calendar lengths and exact ones meet.</summary>
    public required ImmutableArray<BoundWindow> Horizons { get; init; }

    /// <summary>The windows of label and `given` that end last: a training row is complete when they are known to the end.</summary>
    public required ImmutableArray<BoundWindow> Maturity { get; init; }

    /// <summary>
    /// As <see cref="Maturity"/>, over all labels of the family that the model belongs to: they decide where the grid lies and what purging leaves out,
    /// so that the family has one split (rule 42).
    /// </summary>
    public required ImmutableArray<BoundWindow> FamilyMaturity { get; init; }

    /// <summary>True for one of several models that one label stands for.</summary>
    public bool IsInFamily { get; init; }

    /// <summary>Eligibility; null for everybody.</summary>
    public BoundExpression? When { get; init; }

    /// <summary>Which of the rows that are due are scored; null for all. Training does not ask it.</summary>
    public BoundExpression? ScoreOnly { get; init; }

    /// <summary>Which cutoffs are trained and tested on, by what came after them (rule 49); null for all.</summary>
    public BoundExpression? Given { get; init; }

    /// <summary>How far before a cutoff every source with a window must reach (rule 30); null for nothing.</summary>
    public Duration? RequiredHistory { get; init; }

    /// <summary>How many rows at most are divided, chosen by hash; null for all.</summary>
    public long? Sample { get; init; }

    /// <summary>Where the cutoffs lie; at least one line, all of one mode.</summary>
    public required ImmutableArray<BoundObserve> Observe { get; init; }

    /// <summary>The row from which on an entity has no cutoff; null for none.</summary>
    public BoundRows? Until { get; init; }

    /// <summary>True when rows whose label is not yet complete are kept.</summary>
    public bool AllowImmature { get; init; }

    /// <summary>The features, in order of declaration.</summary>
    public required ImmutableArray<VarSymbol> Features { get; init; }

    /// <summary>Features that the dialect cannot compute, and that are therefore not among <see cref="Features"/>.</summary>
    public ImmutableArray<VarSymbol> LeftOut { get; init; } = [];

    /// <summary>The trainer.</summary>
    public required BoundTrainer Trainer { get; init; }

    /// <summary>The split.</summary>
    public required BoundSplit Split { get; init; }

    /// <summary>What is handed over, in the order written.</summary>
    public ImmutableArray<BoundOutput> Outputs { get; init; } = [];

    /// <summary>The source whose rows are all cutoffs, each of its own; null where cutoffs come from elsewhere.</summary>
    public SourceSymbol? Anchor { get; init; }

    /// <summary>The aggregates over a limited stretch of the past that features, eligibility, label and `given` come from, through vars too; each var's once.</summary>
    public IEnumerable<BoundAggregate> WindowedAggregates()
    {
        var followed = new HashSet<VarSymbol>();
        var pending = new Stack<BoundExpression>(Features.Reverse().Select(feature => feature.Expression));
        pending.Push(Label);
        if (When is not null) pending.Push(When);
        if (Given is not null) pending.Push(Given);
        while (pending.TryPop(out var expression))
        {
            if (expression is BoundAggregate { Window: { IsFuture: false, Length: not null } } aggregate) yield return aggregate;
            if (expression is BoundVar { Var: var read } && followed.Add(read)) pending.Push(read.Expression);
            // What is evaluated later looks back on the future, not on history.
            if (expression is BoundAfter) continue;
            foreach (var child in expression.Children) pending.Push(child);
        }
    }

    /// <summary>True in mode `before`, where a row at the cutoff's own instant is not seen.</summary>
    public bool IsBefore => Observe.Any(line => line is BoundObserveEach { IsBefore: true });
}

/// <summary>The rows of a source that satisfy a condition; a null condition takes all.</summary>
public sealed record BoundRows(SourceSymbol Source, BoundExpression? Filter, SourceSpan Span)
{
    /// <summary>The side of the row that the entity stands on; null for any (rule 12).</summary>
    public string? Side { get; init; }
}

/// <summary>A bound of an observation: a UTC instant, or the run's own instant moved by a duration.</summary>
/// <param name="Instant">The instant; null for `as_of`.</param>
/// <param name="Offset">What is added to `as_of`; null for nothing.</param>
/// <param name="IsNegative">True when the offset is taken away.</param>
public sealed record BoundInstant(DateTime? Instant, Duration? Offset, bool IsNegative);

/// <summary>One line that says where cutoffs lie. `from` is included, `until` is not (rule 24).</summary>
public abstract record BoundObserve(SourceSpan Span, BoundInstant? From, BoundInstant? Until);

/// <summary>A grid of instants for every entity.</summary>
public sealed record BoundObserveGrid(SourceSpan Span, Duration Step, DateTime? AlignedTo, BoundInstant? From, BoundInstant? Until, int? Count)
    : BoundObserve(Span, From, Until);

/// <summary>Each row is a cutoff, at its own instant or a stated time from it.</summary>
public sealed record BoundObserveEach(SourceSpan Span, bool IsBefore, BoundRows Rows, BoundInstant? From, BoundInstant? Until)
    : BoundObserve(Span, From, Until)
{
    /// <summary>How far from the row the cutoff lies, where the row is known by then (rule 65); null for at the row.</summary>
    public Duration? Offset { get; init; }

    /// <summary>True for before the row, false for after it.</summary>
    public bool IsEarlier { get; init; }
}

/// <summary>Once an entity, a time after its first such row.</summary>
public sealed record BoundObserveAfterFirst(SourceSpan Span, Duration Offset, BoundRows Rows, BoundInstant? From, BoundInstant? Until)
    : BoundObserve(Span, From, Until);

/// <summary>Stated instants for every entity.</summary>
public sealed record BoundObserveInstants(SourceSpan Span, ImmutableArray<DateTime> Instants) : BoundObserve(Span, null, null);

/// <summary>A trainer with its parameters, checked against the catalogue.</summary>
public sealed record BoundTrainer(string Name, ImmutableArray<KeyValuePair<string, string>> Parameters, SourceSpan Span);

/// <summary>A column of the output: score, percentile or class.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description, or null.</param>
/// <param name="CutMetric">For a class: the metric that sets the cut; null for a fixed probability.</param>
/// <param name="CutValue">For a class: the probability, or the metric's value to reach; null for the best.</param>
public sealed record BoundOutput(string Kind, string Name, string? Description, string? CutMetric, decimal? CutValue);
