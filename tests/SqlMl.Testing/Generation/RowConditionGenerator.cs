using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates conditions over a row's stored columns; many are null for some rows.</summary>
internal sealed class RowConditionGenerator(Dice dice, ImmutableArray<TableColumn> columns, ProgramFeatures features)
{
    /// <summary>The params that conditions read.</summary>
    public static readonly ImmutableArray<OracleParam> Params = [new("least_amount", 1m), new("usual_kind", "a")];

    public OracleExpression Generate() => Generate(2);

    private OracleExpression Generate(int depth) => dice.Below(depth > 0 ? 10 : 7) switch
    {
        0 or 1 => OverText(),
        2 or 3 => OverNumber(),
        4 => Column(ColumnType.Boolean),
        5 => new NotExpression(Column(ColumnType.Boolean)),
        6 => new IsNullExpression(Column(dice.Pick(ColumnType.Text, ColumnType.Integer, ColumnType.Boolean)), dice.Percent(50)),
        7 => new NotExpression(Generate(depth - 1)),
        8 => new BinaryExpression(Generate(depth - 1), OracleOperator.And, Generate(depth - 1)),
        _ => new BinaryExpression(Generate(depth - 1), OracleOperator.Or, Generate(depth - 1)),
    };

    private OracleExpression OverText()
    {
        var kind = Column(ColumnType.Text);
        if (features.HasFlag(ProgramFeatures.Params) && dice.Percent(15)) return new BinaryExpression(kind, dice.Pick(OracleOperator.Equal, OracleOperator.NotEqual), Param(1));
        if (features.HasFlag(ProgramFeatures.Functions) && dice.Percent(25)) return OverFunctionOf(kind);
        return dice.Below(5) switch
        {
            0 => new InExpression(kind, [new LiteralExpression("a"), new LiteralExpression("o'b")], dice.Percent(30)),
            1 => new LikeExpression(kind, dice.Pick("a%", "_", "%b", "%"), dice.Percent(30)),
            2 => new BinaryExpression(kind, dice.Pick(OracleOperator.Less, OracleOperator.GreaterOrEqual), new LiteralExpression("b")),
            _ => new BinaryExpression(kind, dice.Pick(OracleOperator.Equal, OracleOperator.NotEqual), new LiteralExpression(dice.Pick("a", "b", "é"))),
        };
    }

    private OracleExpression OverNumber()
    {
        var amount = new ColumnExpression("amount");
        var quantity = Column(ColumnType.Integer);
        if (features.HasFlag(ProgramFeatures.Params) && dice.Percent(15)) return new BinaryExpression(amount, dice.Pick(OracleOperator.Less, OracleOperator.GreaterOrEqual), Param(0));
        if (features.HasFlag(ProgramFeatures.Functions) && dice.Percent(25)) return OverFunctionOf(amount, quantity);
        return dice.Below(4) switch
        {
            0 => new BetweenExpression(amount, new LiteralExpression(-0.5m), new LiteralExpression(dice.Pick(1m, 2.5m)), dice.Percent(30)),
            1 => new BinaryExpression(
                new BinaryExpression(amount, dice.Pick(OracleOperator.Add, OracleOperator.Subtract, OracleOperator.Divide), quantity),
                dice.Pick(OracleOperator.Greater, OracleOperator.LessOrEqual), new LiteralExpression(1m)),
            2 => new BinaryExpression(
                new CoalesceExpression([amount, quantity, new LiteralExpression(0m)]), OracleOperator.GreaterOrEqual, new LiteralExpression(0.75m)),
            _ => new BinaryExpression(
                dice.Pick<OracleExpression>(amount, quantity),
                dice.Pick(OracleOperator.Equal, OracleOperator.NotEqual, OracleOperator.Less, OracleOperator.Greater), new LiteralExpression(dice.Pick(0m, 1m, 2m))),
        };
    }

    private OracleExpression OverFunctionOf(ColumnExpression kind) => dice.Below(6) switch
    {
        0 => new BinaryExpression(new CallExpression("length", [kind]), OracleOperator.Greater, new LiteralExpression(1m)),
        1 => new BinaryExpression(new CallExpression(dice.Pick("lower", "trim"), [kind]), OracleOperator.Equal, new LiteralExpression("b")),
        2 => new CallExpression(dice.Pick("contains", "starts_with", "ends_with"), [kind, new LiteralExpression(dice.Pick("a", "b", "%"))]),
        3 => new BinaryExpression(new CallExpression("concat", [kind, new LiteralExpression("-"), kind]), OracleOperator.NotEqual, new LiteralExpression("a-a")),
        4 => new BinaryExpression(new CallExpression("replace", [kind, new LiteralExpression("a"), new LiteralExpression("")]), OracleOperator.Equal, new LiteralExpression("b")),
        _ => new BinaryExpression(new CallExpression("upper", [kind]), OracleOperator.GreaterOrEqual, new LiteralExpression("B")),
    };

    private OracleExpression OverFunctionOf(ColumnExpression amount, ColumnExpression quantity) => dice.Below(5) switch
    {
        0 => new BinaryExpression(new CallExpression("abs", [amount]), OracleOperator.GreaterOrEqual, new LiteralExpression(1m)),
        1 => new BinaryExpression(new BinaryExpression(quantity, OracleOperator.Remainder, new LiteralExpression(2m)), OracleOperator.Equal, new LiteralExpression(dice.Pick(0m, 1m, -1m))),
        2 => new BinaryExpression(new CallExpression(dice.Pick("greatest", "least"), [amount, quantity]), OracleOperator.Greater, new LiteralExpression(0.5m)),
        3 => new BinaryExpression(new CallExpression(dice.Pick("floor", "ceil", "sign"), [amount]), OracleOperator.Equal, new LiteralExpression(1m)),
        _ => new BinaryExpression(new CastExpression(quantity, OracleType.String), OracleOperator.Equal, new LiteralExpression("2")),
    };

    private static ParamExpression Param(int place) => new(Params[place].Name, Params[place].Value);

    private ColumnExpression Column(ColumnType type) => new(columns.First(column => column.Type == type).Name);
}
