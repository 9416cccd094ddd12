using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>How the entity of a program is named: the types of its key's parts and the entities there are.</summary>
internal sealed record KeyShape(ImmutableArray<ColumnType> Types, ImmutableArray<ImmutableArray<object?>> Entities)
{
    private static readonly ImmutableArray<string> TextKeys = ["u1", "u2", "U1", "ü", "o'b"];

    public static KeyShape Generate(Dice dice)
    {
        var count = dice.Between(2, 5);
        return dice.Below(4) switch
        {
            0 => new([ColumnType.Text], [.. TextKeys.Take(count).Select(key => (ImmutableArray<object?>)[key])]),
            1 => new([ColumnType.Text, ColumnType.Integer], [.. from text in TextKeys.Take(2) from number in (decimal[])[1, 12] select (ImmutableArray<object?>)[text, number]]),
            _ => new([ColumnType.Integer], [.. Enumerable.Range(9, count).Select(key => (ImmutableArray<object?>)[(decimal)key])]),
        };
    }
}

/// <summary>Generates sources: ties, duplicate rows, nulls in every column, rows of nobody, rows that never happened.</summary>
internal sealed class SourceGenerator(Dice dice, TimeScale scale, KeyShape keys, ProgramFeatures features)
{
    private static readonly ImmutableArray<string> Texts = ["a", "b", "B", "é", "ab", "o'b", "x, y", "100%"];

    public OracleSource Generate(string name)
    {
        var isParquet = dice.Percent(35);
        var hasDates = scale == TimeScale.Days && dice.Percent(15);
        var key = dice.Pick("user_id", "uid");
        var keyColumns = keys.Types.Select((type, i) => new TableColumn(i == 0 ? key : "shop", type)).ToImmutableArray();
        var time = hasDates ? new TableColumn("day", ColumnType.Date) : new TableColumn(dice.Pick("happened_at", "time"), ColumnType.Instant);
        ImmutableArray<TableColumn> values =
        [
            new("kind", ColumnType.Text),
            new("amount", ColumnType.Number),
            new("price", ColumnType.Number),
            new(dice.Pick("qty", "qty", "count"), ColumnType.Integer),
            new("flag", ColumnType.Boolean),
        ];
        var table = GenerateTable([.. keyColumns, time, .. values], keyColumns.Length, isParquet);
        var conditions = new RowConditionGenerator(dice, values, features);
        return new OracleSource(
            name, table, isParquet, [.. keyColumns.Select(column => column.Name)], time.Name,
            dice.Maybe(20, conditions.Generate), GenerateColumns(conditions, values));
    }

    private ImmutableArray<ComputedColumn> GenerateColumns(RowConditionGenerator conditions, ImmutableArray<TableColumn> values)
    {
        var columns = ImmutableArray.CreateBuilder<ComputedColumn>();
        var quantity = new ColumnExpression(values.Single(column => column.Type == ColumnType.Integer).Name);
        var amount = new ColumnExpression("amount");
        if (dice.Percent(25)) columns.Add(new("total", new BinaryExpression(amount, OracleOperator.Multiply, quantity)));
        if (dice.Percent(25)) columns.Add(new("per_unit", new BinaryExpression(amount, OracleOperator.Divide, quantity)));
        if (dice.Percent(25)) columns.Add(new("is_big", conditions.Generate()));
        if (dice.Percent(25))
        {
            columns.Add(new("grade", new CaseExpression(
                [new CaseBranch(conditions.Generate(), new LiteralExpression("good"))], dice.Maybe<OracleExpression>(70, () => new ColumnExpression("kind")))));
        }
        return columns.ToImmutable();
    }

    private OracleTable GenerateTable(ImmutableArray<TableColumn> columns, int keyCount, bool isParquet)
    {
        // A reader of CSV learns types from the data: its first row is complete, and there is one.
        var count = dice.Percent(14) ? dice.Between(isParquet ? -2 : 1, 2) : dice.Between(15, 60);
        var rows = new List<ImmutableArray<object?>>();
        while (rows.Count < count)
        {
            if (rows.Count > 0 && dice.Percent(8))
            {
                rows.Add(dice.Pick(rows));
                continue;
            }
            var isComplete = rows.Count == 0 && !isParquet;
            var entity = dice.Pick(keys.Entities);
            var time = rows.Count > 0 && dice.Percent(20) ? dice.Pick(rows)[keyCount] : Instant(columns[keyCount].Type);
            IEnumerable<object?> row = [.. entity, time, .. columns.Skip(keyCount + 1).Select(column => Value(column, isParquet))];
            var chances = columns.Select((_, i) => i < keyCount ? 5 : i == keyCount ? 4 : 20);
            rows.Add([.. row.Zip(chances, (value, chance) => !isComplete && dice.Percent(chance) ? null : value)]);
        }
        return new OracleTable(columns, [.. rows]);
    }

    private DateTime Instant(ColumnType type) => type == ColumnType.Date ? scale.OnGrid(dice).Date : scale.NearGrid(dice);

    /// <summary>Amounts are quarters, which add and compare exactly; prices are cents, which do not, and are never compared.</summary>
    private object Value(TableColumn column, bool isParquet) => column.Type switch
    {
        ColumnType.Text => isParquet && dice.Percent(10) ? "" : dice.Pick(Texts),
        ColumnType.Integer => (decimal)dice.Between(-1, 3),
        ColumnType.Boolean => dice.Percent(50),
        _ => column.Name == "price" ? dice.Between(-200, 2000) / 100m : dice.Between(-8, 16) / 4m,
    };
}
