using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates what reads the row that is the cutoff: the model's own vars, and labels over what is written to that row later.</summary>
internal sealed class AnchorGenerator(Dice dice, TimeScale scale, AggregateGenerator aggregates)
{
    // What one running sum serves in windows of all lengths.
    private static readonly ImmutableArray<AggregateKind> Summed =
        [AggregateKind.Count, AggregateKind.Exists, AggregateKind.Sum, AggregateKind.Avg, AggregateKind.Share, AggregateKind.CountDistinct, AggregateKind.ActiveDays];

    /// <summary>One to three vars.</summary>
    public ImmutableArray<OracleVar> Vars(ReadableSource anchor) =>
        [.. Enumerable.Range(1, dice.Between(1, 3)).Select(i => dice.Percent(15) ? History($"m{i}", anchor) : Var($"m{i}", anchor))];

    /// <summary>A label over a late column of the anchor, or over rows that share a value with it; null where neither comes up.</summary>
    public (OracleExpression Label, LiteralExpression? Default)? Label(ReadableSource anchor, Func<FutureWindow> window)
    {
        if (anchor.Undated is not null && dice.Percent(40)) return (IsTrue(new AnchorExpression(anchor.Undated, null)), Default());
        if (!anchor.Late.IsEmpty && dice.Percent(60)) return (Outcome(dice.Pick(anchor.Late), dice.Maybe(75, window)), Default());
        if (dice.Percent(60)) return null;
        return (aggregates.LikeAnchor(anchor, AggregateKind.Exists, window()).Value, null);
    }

    private OracleVar History(string name, ReadableSource anchor) =>
        new(name, aggregates.Build(dice.Pick(Summed), null, anchor).Value, dice.Pick(scale.Families) with { Ending = dice.Maybe(25, () => dice.Pick(scale.Gaps)) }, null);

    private OracleVar Var(string name, ReadableSource anchor)
    {
        var column = dice.Pick(anchor.Columns);
        var value = new AnchorExpression(column.Name, null);
        return dice.Below(4) switch
        {
            0 => new(name, aggregates.LikeAnchor(anchor, dice.Pick(AggregateKind.Count, AggregateKind.Exists, AggregateKind.Max, AggregateKind.Last), aggregates.PastWindow()).Value, null, null),
            1 when column.Kind == ValueKind.Exact => new(name, new BinaryExpression(value, OracleOperator.Multiply, new LiteralExpression(2m)), null, null),
            2 when column.Kind == ValueKind.Text => new(name, value, null, new LiteralExpression("none")),
            _ => new(name, value, null, null),
        };
    }

    private static OracleExpression Outcome(ReadableColumn column, FutureWindow? window)
    {
        var value = new AnchorExpression(column.Name, window);
        return column.Kind switch
        {
            ValueKind.Boolean => IsTrue(value),
            ValueKind.Text => new BinaryExpression(value, OracleOperator.Equal, new LiteralExpression("a")),
            _ => new BinaryExpression(value, OracleOperator.Greater, new LiteralExpression(1m)),
        };
    }

    // A label's type is evident from the program alone.
    private static BinaryExpression IsTrue(OracleExpression value) => new(value, OracleOperator.Equal, new LiteralExpression(true));

    private LiteralExpression? Default() => dice.Maybe(60, () => new LiteralExpression(false));
}
