using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates the model of a program.</summary>
internal sealed class ModelGenerator(
    Dice dice, TimeScale scale, ProgramFeatures features, AggregateGenerator aggregates, VarGenerator vars, bool hasStates)
{
    private static readonly ImmutableArray<ImmutableArray<int>> Parts = [[80, 20], [50, 50], [9, 1], [70, 15, 15], [60, 20, 20], [34, 33, 33]];

    /// <summary>A model.</summary>
    /// <param name="mode">Where its cutoffs lie.</param>
    /// <param name="declared">The entity's vars.</param>
    /// <param name="observed">The source whose rows the cutoffs are; null for any.</param>
    public OracleModel Generate(ObservationMode mode, ImmutableArray<OracleVar> declared, ReadableSource? observed)
    {
        // A model that reads its anchor observes one source; the rows of `D before each` are planned.
        var anchor = observed ?? (mode == ObservationMode.OffsetBeforeEach ? dice.Pick(aggregates.Planned) : ReadsAnchor(mode) ? aggregates.Source() : null);
        var isAnchored = anchor is not null && features.HasFlag(ProgramFeatures.Anchor);
        var anchors = new AnchorGenerator(dice, scale, aggregates);
        var own = isAnchored ? anchors.Vars(anchor!) : [];
        var labels = new LabelGenerator(dice, scale, aggregates);
        var outcome = isAnchored ? anchors.Label(anchor!, labels.Future) : null;
        var (label, labelDefault, kind) = outcome is { } known ? (known.Label, known.Default, ValueKind.Boolean) : labels.Label();
        var family = outcome is null ? dice.Maybe(20, Family) : null;
        if (family is { Windows.Length: < 2 }) family = null;
        if (family is not null) family = family with { Member = dice.Below(family.Windows.Length) };
        if (family is not null) (label, labelDefault, kind) = labels.Family();
        if (family is not null) label = ExpressionRewriter.Rewrite(label, part => part is AggregateExpression aggregate ? aggregate with { Window = null } : part);
        var observations = Enumerable.Range(0, dice.Percent(25) ? 2 : 1).Select(_ => Observe(mode, anchor)).ToImmutableArray();
        return new OracleModel(
            "target", label, labelDefault, dice.Maybe(35, () => Eligibility(isAnchored ? anchor : null)), observations,
            dice.Maybe(20, () => aggregates.Rows(whereChance: 90, isFirst: true)),
            AllowsImmature: dice.Percent(25) && observations.All(observation => observation is not GridObservation { Until: null }),
            Features(declared, own) with { Anchors = isAnchored ? AnchorFeatures(anchor!) : [] }, Split(kind))
        {
            Vars = own,
            Family = family,
            Given = dice.Maybe(20, () => Given(labels)),
            RequiredHistory = dice.Maybe(20, () => dice.Pick(scale.Gaps)),
            Sample = dice.Percent(15) ? dice.Between(6, 60) : null,
        };
    }

    /// <summary>A split; one stratified by a number would have a stratum a value, and is refused.</summary>
    private OracleSplit Split(ValueKind label)
    {
        var kind = dice.Below(10);
        if (kind < 4) return new OracleSplit(true, dice.Pick(Parts), null, false);
        if (kind < 6)
        {
            var first = scale.OnGrid(dice, 25, 60);
            return new OracleSplit(true, [], null, false) { Instants = dice.Percent(50) ? [first] : [first, first + scale.Slot * dice.Between(1, 40)] };
        }
        int? seed = dice.Percent(30) ? null : dice.Between(1, 99);
        return kind < 8
            ? new OracleSplit(false, dice.Pick(Parts), seed, false) { IsByEntity = true }
            : new OracleSplit(false, dice.Pick(Parts), seed, dice.Percent(50) && label != ValueKind.Rounded);
    }

    /// <summary>A condition that reads the future, alone or together with one on the past.</summary>
    private OracleExpression Given(LabelGenerator labels)
    {
        var future = labels.Truth();
        return dice.Percent(30) ? new BinaryExpression(future, OracleOperator.And, vars.Condition()) : future;
    }

    private bool ReadsAnchor(ObservationMode mode) => features.HasFlag(ProgramFeatures.Anchor)
        && mode is ObservationMode.AtEach or ObservationMode.BeforeEach or ObservationMode.OffsetAfterEach && dice.Percent(75);

    private OracleExpression Eligibility(ReadableSource? anchor) => anchor is not null && dice.Percent(30)
        ? new BinaryExpression(new AnchorExpression(anchor.Comparable.First(column => column.Type == ColumnType.Number).Name, null), OracleOperator.Greater, new LiteralExpression(0.5m))
        : hasStates && dice.Percent(50) ? vars.StateCondition() : vars.Condition();

    /// <summary>Columns of the anchor as they stand.</summary>
    private ImmutableArray<AnchorFeature> AnchorFeatures(ReadableSource anchor) =>
        [.. Enumerable.Range(1, dice.Pick(0, 0, 1, 2)).Select(i => new AnchorFeature(dice.Pick(anchor.Columns).Name, $"own{i}"))];

    /// <summary>Two or three labels of one kind.</summary>
    private LabelFamily Family()
    {
        var after = dice.Maybe(25, () => dice.Pick(scale.Gaps));
        if (dice.Percent(50))
        {
            var family = dice.Pick(scale.Families);
            return new LabelFamily(
                [.. family.Lengths.Where(length => scale.IsShort(length, family.Unit)).Select(length => new FutureWindow(new OracleDuration(length, family.Unit), after))], false, 0);
        }
        var (unit, length, lead) = (dice.Pick(scale.Horizons).Unit, dice.Between(1, 2), dice.Below(2));
        return new LabelFamily(
            [.. Enumerable.Range(0, dice.Between(2, 3)).Select(i => new FutureWindow(
                new OracleDuration(length, unit), lead + i * length == 0 ? null : new OracleDuration(lead + i * length, unit)))], true, 0);
    }

    private OracleObservation Observe(ObservationMode mode, ReadableSource? anchor)
    {
        switch (mode)
        {
            case ObservationMode.Grid:
                var until = dice.Maybe(35, () => Bound(50, 90));
                return new GridObservation(
                    dice.Pick(Steps),
                    dice.Percent(35) ? scale.OnGrid(dice, -20, 120) : null,
                    dice.Maybe(35, () => Bound(0, 40)), until, until is null && dice.Percent(40) ? dice.Between(2, 9) : null);
            case ObservationMode.AtEach or ObservationMode.BeforeEach:
                return new EachObservation(
                    mode == ObservationMode.BeforeEach, aggregates.Rows(whereChance: 50, anchor),
                    dice.Maybe(25, () => Bound(0, 40)), dice.Maybe(25, () => Bound(50, 100)));
            case ObservationMode.OffsetAfterEach or ObservationMode.OffsetBeforeEach:
                return new OffsetEachObservation(
                    dice.Pick(scale.Gaps), mode == ObservationMode.OffsetBeforeEach, aggregates.Rows(whereChance: 40, anchor),
                    dice.Maybe(20, () => Bound(0, 30)), dice.Maybe(20, () => Bound(60, 100)));
            case ObservationMode.AfterFirst:
                return new AfterFirstObservation(
                    dice.Pick(scale.Gaps), aggregates.Rows(whereChance: 50, isFirst: true), dice.Maybe(20, () => Bound(0, 20)), dice.Maybe(20, () => Bound(70, 100)));
            default:
                return new InstantsObservation([.. Enumerable.Range(0, dice.Between(3, 6)).Select(_ => scale.OnGrid(dice, 10, 80)).Distinct()]);
        }
    }

    /// <summary>Fewer programs with more clauses have a training set of months: these steps come up more often.</summary>
    private ImmutableArray<OracleDuration> Steps =>
        features == ProgramFeatures.None ? scale.Steps : [.. scale.Steps, .. CalendarSteps, .. CalendarSteps, .. CalendarSteps, .. CalendarSteps];

    private IEnumerable<OracleDuration> CalendarSteps => scale.Steps.Where(step => step.IsCalendar);

    private ObservationBound Bound(int fromPercent, int toPercent)
    {
        if (dice.Percent(60)) return new ObservationBound(scale.OnGrid(dice, fromPercent, toPercent), null);
        var slots = scale.Slots * (100 - dice.Between(fromPercent, toPercent)) / 100;
        if (slots == 0) return new ObservationBound(null, null);
        return new ObservationBound(null, new OracleDuration((int)(slots * scale.Slot.TotalMinutes), DurationUnit.Minute));
    }

    private FeatureSelection Features(ImmutableArray<OracleVar> declared, ImmutableArray<OracleVar> own)
    {
        var names = declared.Skip(1).Concat(own.Skip(1)).Select(var => var is { Family: not null, Pivot: null } && dice.Percent(40)
            ? $"{var.Name}_{new OracleDuration(var.Family.Lengths[0], var.Family.Unit).Suffix}"
            : var.Name).Where(_ => dice.Percent(35)).ToImmutableArray();
        if (!dice.Percent(20)) return new FeatureSelection(true, dice.Percent(40) ? names : []);
        return new FeatureSelection(false, [declared[0].Name, .. own.Take(1).Select(var => var.Name), .. names.Where(name => !IsInstant(declared, name))]);
    }

    private static bool IsInstant(ImmutableArray<OracleVar> declared, string name) =>
        declared.Any(var => var.Name == name && var.Value is AggregateExpression { IsInstant: true });
}
