using System.Collections.Immutable;
using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates an entity's vars: aggregates, families, and vars derived from earlier ones.</summary>
internal sealed class VarGenerator(Dice dice, TimeScale scale, ProgramFeatures features, AggregateGenerator aggregates, ImmutableArray<OracleSource> states)
{
    private static readonly ImmutableArray<string> Listed = ["a", "b", "o'b", "100%", "zz"];

    private readonly List<Typed> _known = [];

    /// <summary>The vars so far, members of families one by one, those that learn excepted.</summary>
    public IReadOnlyList<Typed> Known => _known;

    /// <summary>Vars of every form; the first is always a feature.</summary>
    /// <param name="count">How many.</param>
    /// <param name="isOfOthers">True for the vars of another entity, which divide nothing by values.</param>
    public ImmutableArray<OracleVar> Generate(int count, bool isOfOthers = false)
    {
        var vars = ImmutableArray.CreateBuilder<OracleVar>();
        while (vars.Count < count)
        {
            var name = $"v{vars.Count + 1}";
            var var = vars.Count > 0 && Special(name) is { } special ? special : vars.Count == 0 ? Plain(name, aggregates.Any(hasWindow: true)) : dice.Below(13) switch
            {
                0 or 1 => Family(name),
                2 => Plain(name, aggregates.Elapsed(hasWindow: true)),
                3 => Instant(name),
                8 or 12 when features.HasFlag(ProgramFeatures.Pivots) && !isOfOthers => Pivot(name),
                9 when features.HasFlag(ProgramFeatures.Functions) => Plain(name, OfCutoff()),
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
        5 when Of(ValueKind.Boolean) is { Count: > 0 } booleans => dice.Pick(booleans),
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

    /// <summary>A var for each of several values, listed or, as features alone, learned.</summary>
    private OracleVar Pivot(string name)
    {
        var isLearned = dice.Percent(45);
        var family = isLearned ? null : dice.Maybe(30, () => dice.Pick(scale.Families));
        var (value, column, kind) = aggregates.Divided(hasWindow: family is null);
        if (isLearned) return new OracleVar(name, value, null, null) { Pivot = new(column, [], dice.Between(1, 3)) };
        ImmutableArray<string> values = [.. Listed.Where(_ => dice.Percent(50)).DefaultIfEmpty("a")];
        if (family is null) _known.AddRange(values.Select(item => new Typed(kind, new VarExpression($"{name}_{FeatureColumns.NameOf(item)}"))));
        return new OracleVar(name, value, family, null) { Pivot = new(column, values, null) };
    }

    /// <summary>What the cutoff alone says, or how far something lies from it.</summary>
    private Typed OfCutoff()
    {
        var cutoff = new CutoffExpression();
        return new(ValueKind.Exact, dice.Percent(50)
            ? new CallExpression(dice.Pick("dayofweekiso", "hour_of", "day_of", "month_of", "minute_of"), [cutoff])
            : new CallExpression("days_between", [aggregates.Instant(hasWindow: true), dice.Percent(50) ? cutoff : new CallExpression(dice.Pick("start_of_day", "start_of_hour"), [cutoff])]));
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
        if (Of(ValueKind.Instant) is { Count: > 0 } instants && dice.Percent(60))
        {
            return new Typed(ValueKind.Exact, new ElapsedExpression(DurationUnit.Day, dice.Pick(instants)));
        }
        if (features.HasFlag(ProgramFeatures.Functions) && dice.Percent(15)) return Called();
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
            6 or 7 when Of(ValueKind.Text) is { Count: > 0 } texts => new(ValueKind.Boolean, dice.Below(3) switch
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

    private Typed Called() => Of(ValueKind.Text) is { Count: > 0 } texts && dice.Percent(50)
        ? dice.Below(3) switch
        {
            0 => new(ValueKind.Exact, new CallExpression("length", [dice.Pick(texts)])),
            1 => new(ValueKind.Text, new CallExpression(dice.Pick("lower", "upper", "trim"), [dice.Pick(texts)])),
            _ => new(ValueKind.Boolean, new CallExpression(dice.Pick("contains", "starts_with", "ends_with"), [dice.Pick(texts), new LiteralExpression("a")])),
        }
        : dice.Below(3) switch
        {
            0 => new(ValueKind.Exact, new CallExpression(dice.Pick("greatest", "least"), [Operand(ValueKind.Exact), Operand(ValueKind.Exact)])),
            1 => new(ValueKind.Exact, new CallExpression("abs", [Operand(ValueKind.Exact)])),
            _ => new(ValueKind.Exact, new CallExpression(dice.Pick("floor", "ceil", "sign"), [Operand(ValueKind.Exact)])),
        };

    /// <summary>An earlier var where there is one, else an aggregate on the spot.</summary>
    private OracleExpression Operand(ValueKind kind)
    {
        var known = Of(kind);
        return known.Count > 0 && dice.Percent(75) ? dice.Pick(known) : aggregates.Exact(hasWindow: true).Value;
    }

    private List<OracleExpression> Of(ValueKind kind) => [.. _known.Where(var => var.Kind == kind).Select(var => var.Value)];

    private LiteralExpression? Default(ValueKind kind) => kind == ValueKind.Set ? null : dice.Maybe(25, () => new LiteralExpression(kind switch
    {
        ValueKind.Text => "none",
        ValueKind.Boolean => dice.Percent(50),
        _ => dice.Pick(0m, -1m, 99.5m),
    }));
}
