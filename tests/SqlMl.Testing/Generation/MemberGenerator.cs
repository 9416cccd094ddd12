using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates aggregates over the members of the predicted entity.</summary>
internal sealed class MemberGenerator(Dice dice, string entity, IReadOnlyList<Typed> vars)
{
    /// <summary>One or two vars.</summary>
    public IEnumerable<OracleVar> Generate() => Enumerable.Range(1, dice.Between(1, 2)).Select(i => Var($"r{i}"));

    private OracleVar Var(string name)
    {
        while (true)
        {
            if (TryBuild() is not { } rollup) continue;
            LiteralExpression? otherwise = rollup.Kind switch
            {
                AggregateKind.TopValues => null,
                AggregateKind.Exists or AggregateKind.Count or AggregateKind.Sum or AggregateKind.CountDistinct => null,
                _ when IsText(rollup) => dice.Maybe(25, () => new LiteralExpression("none")),
                _ => dice.Maybe(25, () => new LiteralExpression(-1m)),
            };
            return new OracleVar(name, rollup, null, otherwise);
        }
    }

    private bool IsText(AggregateExpression rollup) =>
        rollup.Kind is AggregateKind.Mode or AggregateKind.Min or AggregateKind.Max or AggregateKind.MinBy or AggregateKind.MaxBy && Names(ValueKind.Text).Contains(rollup.Column!);

    /// <summary>An aggregate of some kind; null where no var suits it.</summary>
    private AggregateExpression? TryBuild()
    {
        var (numbers, texts, truths) = (Names(ValueKind.Exact), Names(ValueKind.Text), Names(ValueKind.Boolean));
        ImmutableArray<string> any = [.. numbers, .. texts];
        var kind = dice.Pick(
            AggregateKind.Count, AggregateKind.Exists, AggregateKind.Sum, AggregateKind.Avg, AggregateKind.Min, AggregateKind.Max, AggregateKind.Median, AggregateKind.Quantile,
            AggregateKind.Stddev, AggregateKind.CountDistinct, AggregateKind.Mode, AggregateKind.TopValues, AggregateKind.Entropy, AggregateKind.Share, AggregateKind.MinBy, AggregateKind.MaxBy);
        var choices = kind switch
        {
            AggregateKind.Share => truths,
            AggregateKind.Mode or AggregateKind.TopValues or AggregateKind.Entropy or AggregateKind.CountDistinct or AggregateKind.MinBy or AggregateKind.MaxBy => any,
            _ => numbers,
        };
        var takesRows = kind is AggregateKind.Exists || (kind is AggregateKind.Count && dice.Percent(60));
        var isBy = kind is AggregateKind.MinBy or AggregateKind.MaxBy;
        if ((!takesRows && choices.IsEmpty) || (isBy && numbers.IsEmpty)) return null;
        return new AggregateExpression(kind, entity, takesRows ? null : dice.Pick(choices), isBy ? dice.Pick(numbers) : null, vars.Any(IsCompared) ? dice.Maybe(40, Where) : null, null)
        {
            Parameter = kind switch { AggregateKind.Quantile => dice.Pick(0m, 0.25m, 0.9m), AggregateKind.TopValues => dice.Between(1, 3), _ => null },
        };
    }

    private static bool IsCompared(Typed var) => var.Kind is ValueKind.Exact or ValueKind.Text or ValueKind.Boolean;

    private OracleExpression Where()
    {
        var var = dice.Pick(vars.Where(IsCompared).ToList());
        var column = new ColumnExpression(((VarExpression)var.Value).Name);
        if (dice.Percent(20)) return new IsNullExpression(column, dice.Percent(60));
        return var.Kind switch
        {
            ValueKind.Boolean => dice.Percent(50) ? column : new NotExpression(column),
            ValueKind.Text => new BinaryExpression(column, dice.Pick(OracleOperator.Equal, OracleOperator.NotEqual), new LiteralExpression("a")),
            _ => new BinaryExpression(column, dice.Pick(OracleOperator.Greater, OracleOperator.LessOrEqual), new LiteralExpression(dice.Pick(0m, 1m, 2.5m))),
        };
    }

    private ImmutableArray<string> Names(ValueKind kind) => [.. vars.Where(var => var.Kind == kind).Select(var => ((VarExpression)var.Value).Name)];
}
