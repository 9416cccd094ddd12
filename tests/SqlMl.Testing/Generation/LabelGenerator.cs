using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates labels: conditions on the future, numbers and classes. The type of each is evident from the program alone.</summary>
internal sealed class LabelGenerator(Dice dice, TimeScale scale, AggregateGenerator aggregates)
{
    /// <summary>A label with what stands in for null, and its kind: <see cref="ValueKind.Boolean"/>, <see cref="ValueKind.Rounded"/> or <see cref="ValueKind.Text"/>.</summary>
    public (OracleExpression Label, LiteralExpression? Default, ValueKind Kind) Label()
    {
        switch (dice.Below(10))
        {
            case 0 or 1 or 2:
                var number = Number();
                // Directly behind a sum or count a default would also stand for an empty window.
                var isNullable = new Typed(ValueKind.Rounded, number).IsNullable;
                return (number, isNullable ? dice.Maybe(25, () => new LiteralExpression(-1m)) : null, ValueKind.Rounded);
            case 3 or 4:
                return (Class(), dice.Maybe(25, () => new LiteralExpression("none")), ValueKind.Text);
            default:
                var (label, instead) = Truths();
                return (label, instead, ValueKind.Boolean);
        }
    }

    /// <summary>A label of a family, whose aggregates all look ahead.</summary>
    public (OracleExpression Label, LiteralExpression? Default, ValueKind Kind) Family() => dice.Percent(30)
        ? (Sum(), null, ValueKind.Rounded)
        : (Truth(), null, ValueKind.Boolean);

    private OracleExpression Number()
    {
        switch (dice.Below(8))
        {
            case 0:
                return aggregates.Build(dice.Pick(AggregateKind.Avg, AggregateKind.Median, AggregateKind.Stddev), Future()).Value;
            case 1:
                return new BinaryExpression(Sum(), OracleOperator.Divide, aggregates.Build(AggregateKind.Count, Future()).Value);
            case 2:
                return new BinaryExpression(Sum(), OracleOperator.Subtract, aggregates.Build(AggregateKind.Sum, aggregates.PastWindow()).Value);
            case 3:
                return new BinaryExpression(OfKind(ValueKind.Exact, AggregateKind.Min, AggregateKind.Max, AggregateKind.First, AggregateKind.Last), OracleOperator.Multiply, new LiteralExpression(2m));
            case 4 or 5:
                var first = aggregates.Instant(false) with { Kind = AggregateKind.First, Window = Future() };
                return new ElapsedExpression(dice.Pick(DurationUnit.Day, DurationUnit.Hour, DurationUnit.Month), first) { IsAhead = true };
            case 6:
                var later = dice.Pick(scale.Horizons);
                return new LaterExpression(aggregates.Build(AggregateKind.Count, new PastWindow(later, null)).Value, later);
            default:
                return Sum();
        }
    }

    private OracleExpression Sum() => aggregates.Build(dice.Pick(AggregateKind.Sum, AggregateKind.Sum, AggregateKind.Count), Future()).Value;

    private OracleExpression Class()
    {
        var text = OfKind(ValueKind.Text, AggregateKind.Mode, AggregateKind.Mode, AggregateKind.First, AggregateKind.Last, AggregateKind.Max);
        return dice.Below(3) switch
        {
            0 => new CoalesceExpression([text, new LiteralExpression("none")]),
            1 => new NullIfExpression(text, new LiteralExpression("a")),
            _ => new CaseExpression(
                [new CaseBranch(Truth(), new LiteralExpression("often")), new CaseBranch(Truth(), new LiteralExpression("now and then"))],
                dice.Maybe(70, () => new LiteralExpression("never"))),
        };
    }

    private OracleExpression OfKind(ValueKind kind, params IReadOnlyList<AggregateKind> aggregateKinds)
    {
        while (true)
        {
            if (aggregates.Build(dice.Pick(aggregateKinds), Future()) is { Value: var value } built && built.Kind == kind) return value;
        }
    }

    private (OracleExpression Label, LiteralExpression? Default) Truths()
    {
        var first = Truth();
        return dice.Below(12) switch
        {
            8 or 10 or 11 => (Later(), null),
            9 => (new BinaryExpression(Later(), dice.Pick(OracleOperator.And, OracleOperator.Or), first), null),
            0 => (new BinaryExpression(first, OracleOperator.And, Truth()), null),
            1 => (new BinaryExpression(first, OracleOperator.Or, Truth()), null),
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

    /// <summary>A condition on the future.</summary>
    public OracleExpression Truth()
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

    /// <summary>A window ahead, with or without a lead time.</summary>
    public FutureWindow Future() => new(dice.Pick(scale.Horizons), dice.Maybe(25, () => dice.Pick(scale.Gaps)));
}
