using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates an entity's vars: aggregates, families, and vars derived from earlier ones.</summary>
internal sealed class VarGenerator(Dice dice, TimeScale scale, AggregateGenerator aggregates, ImmutableArray<OracleSource> states)
{
    private readonly List<Typed> _known = [];

    /// <summary>Vars of every form; the first is always a feature.</summary>
    public ImmutableArray<OracleVar> Generate(int count)
    {
        var vars = ImmutableArray.CreateBuilder<OracleVar>();
        while (vars.Count < count)
        {
            var name = $"v{vars.Count + 1}";
            var var = vars.Count > 0 && Special(name) is { } special ? special : vars.Count == 0 ? Plain(name, aggregates.Any(hasWindow: true)) : dice.Below(12) switch
            {
                0 or 1 => Family(name),
                2 => Plain(name, aggregates.Elapsed(hasWindow: true)),
                3 => Instant(name),
                4 or 5 or 6 or 7 => Plain(name, Derived()),
                _ => Plain(name, aggregates.Any(hasWindow: true)),
            };
            vars.Add(var);
        }
        return vars.ToImmutable();
    }

    /// <summary>A condition over vars and aggregates, as of the cutoff.</summary>
    public OracleExpression Condition() => Condition(depth: 2);

    private OracleExpression Condition(int depth) => (depth > 0 ? dice.Below(7) : dice.Between(3, 6)) switch
    {
        0 => new NotExpression(Condition(depth - 1)),
        1 => new BinaryExpression(Condition(depth - 1), OracleOperator.And, Condition(depth - 1)),
        2 => new BinaryExpression(Condition(depth - 1), OracleOperator.Or, Condition(depth - 1)),
        3 => new IsNullExpression(Operand(ValueKind.Exact), dice.Percent(50)),
        4 => new BetweenExpression(Operand(ValueKind.Exact), new LiteralExpression(0m), new LiteralExpression(dice.Pick(1m, 2.5m)), dice.Percent(25)),
        5 when Known(ValueKind.Boolean) is { Count: > 0 } booleans => dice.Pick(booleans),
        _ => new BinaryExpression(
            Operand(ValueKind.Exact),
            dice.Pick(OracleOperator.Equal, OracleOperator.NotEqual, OracleOperator.Less, OracleOperator.GreaterOrEqual),
            dice.Percent(70) ? new LiteralExpression(dice.Pick(0m, 1m, 2m, 3.5m)) : Operand(ValueKind.Exact)),
    };

    /// <summary>A condition over a state, or over one of a static source's columns; only where there is such a source.</summary>
    public OracleExpression StateCondition() => State() switch
    {
        { Kind: ValueKind.Boolean, Value: var state } => state,
        { Kind: ValueKind.Text, Value: var state } => new BinaryExpression(state, OracleOperator.NotEqual, new LiteralExpression("a")),
        { Value: var state } => new IsNullExpression(state, true),
    };

    /// <summary>A state, or what is planned; null where the program has neither, and mostly.</summary>
    private OracleVar? Special(string name)
    {
        if (states.IsEmpty && aggregates.Planned.IsEmpty || !dice.Percent(35)) return null;
        var looksAhead = states.IsEmpty || (!aggregates.Planned.IsEmpty && dice.Percent(50));
        return Plain(name, looksAhead ? aggregates.Ahead() : State());
    }

    private Typed State()
    {
        var source = dice.Pick(states);
        var column = dice.Pick([.. source.Table.Columns.Where(column => PartnerGenerator.IsValue(column.Name))]);
        return new Typed(ReadableSource.KindOf(column.Type), new StateExpression(source.Name, column.Name));
    }

    private OracleVar Plain(string name, Typed value)
    {
        _known.Add(new Typed(value.Kind, new VarExpression(name)));
        return new OracleVar(name, value.Value, null, value.IsNullable ? Default(value.Kind) : null);
    }

    private OracleVar Instant(string name)
    {
        _known.Add(new Typed(ValueKind.Instant, new VarExpression(name)));
        return new OracleVar(name, aggregates.Instant(hasWindow: true), null, null);
    }

    private OracleVar Family(string name)
    {
        var family = dice.Pick(scale.Families) with { Ending = dice.Maybe(25, () => dice.Pick(scale.Gaps)) };
        var value = dice.Below(5) switch
        {
            0 => aggregates.Elapsed(hasWindow: false),
            1 => new Typed(ValueKind.Rounded, new BinaryExpression(
                aggregates.Exact(hasWindow: false).Value, OracleOperator.Divide, aggregates.Exact(hasWindow: false).Value)),
            _ => aggregates.Any(hasWindow: false),
        };
        foreach (var length in family.Lengths)
        {
            _known.Add(new Typed(value.Kind, new VarExpression($"{name}_{new OracleDuration(length, family.Unit).Suffix}")));
        }
        return new OracleVar(name, value.Value, family, value.IsNullable ? Default(value.Kind) : null);
    }

    private Typed Derived()
    {
        if (Known(ValueKind.Instant) is { Count: > 0 } instants && dice.Percent(60))
        {
            return new Typed(ValueKind.Exact, new ElapsedExpression(DurationUnit.Day, dice.Pick(instants)));
        }
        return dice.Below(10) switch
        {
            0 => new(ValueKind.Boolean, Condition()),
            1 => new(ValueKind.Rounded, new BinaryExpression(Operand(ValueKind.Exact), OracleOperator.Divide, Operand(ValueKind.Exact))),
            2 => new(ValueKind.Rounded, new BinaryExpression(
                Operand(ValueKind.Exact), OracleOperator.Divide, new NullIfExpression(Operand(ValueKind.Exact), new LiteralExpression(1m)))),
            3 => new(ValueKind.Exact, new CoalesceExpression([Operand(ValueKind.Exact), Operand(ValueKind.Exact), new LiteralExpression(-1m)])),
            4 => new(ValueKind.Exact, new CaseExpression(
                [new CaseBranch(Condition(), Operand(ValueKind.Exact)), new CaseBranch(Condition(), new LiteralExpression(7m))],
                dice.Maybe(50, () => Operand(ValueKind.Exact)))),
            5 => new(ValueKind.Text, new CaseExpression(
                [new CaseBranch(Condition(), new LiteralExpression("low"))], dice.Maybe<OracleExpression>(60, () => new LiteralExpression("high")))),
            6 or 7 when Known(ValueKind.Text) is { Count: > 0 } texts => new(ValueKind.Boolean, dice.Below(3) switch
            {
                0 => new LikeExpression(dice.Pick(texts), "a%", dice.Percent(40)),
                1 => new InExpression(dice.Pick(texts), [new LiteralExpression("a"), new LiteralExpression("b")], dice.Percent(40)),
                _ => new BinaryExpression(dice.Pick(texts), OracleOperator.Equal, new LiteralExpression("a")),
            }),
            _ => new(ValueKind.Rounded, new BinaryExpression(
                Operand(ValueKind.Exact), dice.Pick(OracleOperator.Add, OracleOperator.Subtract),
                new BinaryExpression(Operand(ValueKind.Exact), OracleOperator.Multiply, new LiteralExpression(dice.Pick(2m, -0.5m))))),
        };
    }

    /// <summary>An earlier var where there is one, else an aggregate on the spot.</summary>
    private OracleExpression Operand(ValueKind kind)
    {
        var known = Known(kind);
        return known.Count > 0 && dice.Percent(75) ? dice.Pick(known) : aggregates.Exact(hasWindow: true).Value;
    }

    private List<OracleExpression> Known(ValueKind kind) => [.. _known.Where(var => var.Kind == kind).Select(var => var.Value)];

    private LiteralExpression? Default(ValueKind kind) => kind == ValueKind.Set ? null : dice.Maybe(25, () => new LiteralExpression(kind switch
    {
        ValueKind.Text => "none",
        ValueKind.Boolean => dice.Percent(50),
        _ => dice.Pick(0m, -1m, 99.5m),
    }));
}
