using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates conditions over a row's stored columns; many are null for some rows.</summary>
internal sealed class RowConditionGenerator(Dice dice, ImmutableArray<TableColumn> columns)
{
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

    private ColumnExpression Column(ColumnType type) => new(columns.First(column => column.Type == type).Name);
}
