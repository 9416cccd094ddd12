using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates the model of a program.</summary>
internal sealed class ModelGenerator(
    Dice dice, TimeScale scale, ProgramFeatures features, AggregateGenerator aggregates, VarGenerator vars, bool hasStates)
{
    private static readonly ImmutableArray<ImmutableArray<int>> Parts = [[80, 20], [50, 50], [9, 1], [70, 15, 15], [60, 20, 20], [34, 33, 33]];

    public OracleModel Generate(ObservationMode mode, ImmutableArray<OracleVar> declared)
    {
        // A model that reads its anchor observes one source; the rows of `D before each` are planned.
        var anchor = mode == ObservationMode.OffsetBeforeEach ? dice.Pick(aggregates.Planned) : ReadsAnchor(mode) ? aggregates.Source() : null;
        var isAnchored = anchor is not null && features.HasFlag(ProgramFeatures.Anchor);
        var anchors = new AnchorGenerator(dice, aggregates);
        var own = isAnchored ? anchors.Vars(anchor!) : [];
        var outcome = isAnchored ? anchors.Label(anchor!, Future) : null;
        var (label, labelDefault) = outcome ?? Label();
        var family = outcome is null ? dice.Maybe(20, Family) : null;
        if (family is { Windows.Length: < 2 }) family = null;
        if (family is not null) family = family with { Member = dice.Below(family.Windows.Length) };
        if (family is not null) label = ExpressionRewriter.Rewrite(LabelPart(), part => part is AggregateExpression aggregate ? aggregate with { Window = null } : part);
        var observations = Enumerable.Range(0, dice.Percent(25) ? 2 : 1).Select(_ => Observe(mode, anchor)).ToImmutableArray();
        return new OracleModel(
            "target", label, labelDefault, dice.Maybe(35, Eligibility), observations,
            dice.Maybe(20, () => aggregates.Rows(whereChance: 90, isFirst: true)),
            AllowsImmature: dice.Percent(25) && observations.All(observation => observation is not GridObservation { Until: null }),
            Features(declared, own), Split())
        {
            Vars = own,
            Family = family,
            Given = dice.Maybe(20, Given),
            RequiredHistory = dice.Maybe(20, () => dice.Pick(scale.Gaps)),
            Sample = dice.Percent(15) ? dice.Between(6, 60) : null,
        };
    }

    private OracleSplit Split()
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
            : new OracleSplit(false, dice.Pick(Parts), seed, dice.Percent(50));
    }

    /// <summary>A condition that reads the future, alone or together with one on the past.</summary>
    private OracleExpression Given()
    {
        var future = LabelPart();
        return dice.Percent(30) ? new BinaryExpression(future, OracleOperator.And, vars.Condition()) : future;
    }

    private bool ReadsAnchor(ObservationMode mode) => features.HasFlag(ProgramFeatures.Anchor)
        && mode is ObservationMode.AtEach or ObservationMode.BeforeEach or ObservationMode.OffsetAfterEach && dice.Percent(75);

    private OracleExpression Eligibility() => hasStates && dice.Percent(50) ? vars.StateCondition() : vars.Condition();

    private (OracleExpression Label, LiteralExpression? Default) Label()
    {
        var first = LabelPart();
        return dice.Below(10) switch
        {
            8 => (Later(), null),
            9 => (new BinaryExpression(Later(), dice.Pick(OracleOperator.And, OracleOperator.Or), first), null),
            0 => (new BinaryExpression(first, OracleOperator.And, LabelPart()), null),
            1 => (new BinaryExpression(first, OracleOperator.Or, LabelPart()), null),
            2 => (Largest(), dice.Maybe(50, () => new LiteralExpression(false))),
            _ => (first, null),
        };
    }

    /// <summary>A state of things some time later: over as much time as has passed since the cutoff, or over all of the past.</summary>
    private LaterExpression Later()
    {
        var later = dice.Pick(scale.Horizons);
        var window = new PastWindow(later, null);
        return new LaterExpression(
            dice.Below(4) switch
            {
                0 => new NotExpression(aggregates.Build(AggregateKind.Exists, window).Value),
                1 => new BinaryExpression(aggregates.Build(AggregateKind.Count, window).Value, OracleOperator.GreaterOrEqual, new LiteralExpression(1m)),
                2 => new BinaryExpression(aggregates.Build(AggregateKind.Count, null).Value, OracleOperator.Greater, new LiteralExpression(dice.Pick(2m, 5m))),
                _ when later is { IsCalendar: false } && later.Exact.TotalMinutes >= 1 => new BinaryExpression(
                    new ElapsedExpression(DurationUnit.Minute, aggregates.LastInstant()), OracleOperator.GreaterOrEqual, new LiteralExpression((decimal)later.Exact.TotalMinutes)),
                _ => new IsNullExpression(aggregates.LastInstant(), false),
            },
            later);
    }

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

    private OracleExpression LabelPart()
    {
        var exists = aggregates.Build(AggregateKind.Exists, Future()).Value;
        return dice.Below(6) switch
        {
            0 => exists,
            1 => new NotExpression(exists),
            2 => new BinaryExpression(
                aggregates.Build(dice.Pick(AggregateKind.Count, AggregateKind.CountDistinct), Future()).Value,
                dice.Pick(OracleOperator.Greater, OracleOperator.Equal, OracleOperator.LessOrEqual), new LiteralExpression(dice.Pick(0m, 1m, 2m))),
            3 => new BinaryExpression(
                aggregates.Build(dice.Pick(AggregateKind.ActiveDays, AggregateKind.LongestGap, AggregateKind.Share), Future()).Value,
                OracleOperator.GreaterOrEqual, new LiteralExpression(dice.Pick(0.5m, 1m))),
            _ => new BinaryExpression(
                aggregates.Build(AggregateKind.Count, Future()).Value, OracleOperator.GreaterOrEqual, new LiteralExpression(dice.Pick(1m, 2m))),
        };
    }

    /// <summary>A label that is null where its window is empty.</summary>
    private OracleExpression Largest()
    {
        while (true)
        {
            if (aggregates.Build(AggregateKind.Max, Future()) is { Kind: ValueKind.Exact } largest)
            {
                return new BinaryExpression(largest.Value, OracleOperator.Greater, new LiteralExpression(1m));
            }
        }
    }

    private FutureWindow Future() => new(dice.Pick(scale.Horizons), dice.Maybe(25, () => dice.Pick(scale.Gaps)));

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
        features == ProgramFeatures.None ? scale.Steps : [.. scale.Steps, .. CalendarSteps, .. CalendarSteps];

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
        var names = declared.Skip(1).Concat(own.Skip(1)).Select(var => var.Family is not null && dice.Percent(40)
            ? $"{var.Name}_{new OracleDuration(var.Family.Lengths[0], var.Family.Unit).Suffix}"
            : var.Name).Where(_ => dice.Percent(35)).ToImmutableArray();
        if (!dice.Percent(20)) return new FeatureSelection(true, dice.Percent(40) ? names : []);
        return new FeatureSelection(false, [declared[0].Name, .. own.Take(1).Select(var => var.Name), .. names.Where(name => !IsInstant(declared, name))]);
    }

    private static bool IsInstant(ImmutableArray<OracleVar> declared, string name) =>
        declared.Any(var => var.Name == name && var.Value is AggregateExpression { IsInstant: true });
}
