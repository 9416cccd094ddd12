using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Gives sources more clauses, and their tables the columns that these read.</summary>
internal sealed class SourceClauseGenerator(Dice dice, TimeScale scale, ProgramFeatures features, KeyShape keys, ImmutableArray<OracleSource> partners, LinkGenerator links)
{
    private const int EmptyChance = 6;

    private static readonly ImmutableArray<string> States = ["a", "b", "open"];
    private static readonly ImmutableArray<string> Owners = ["o1", "o2", "O1"];
    private static readonly ImmutableArray<string> Members = ["m1", "m2", "m3", "M1"];

    private static readonly ImmutableArray<string> Payloads =
    [
        "{\"device\":{\"name\":\"a\"},\"level\":2,\"marks\":[\"x\",\"o'b\"]}", "{\"device\":{\"name\":\"é\"},\"level\":-1.5,\"marks\":[\"a\"]}",
        "{\"device\":{\"name\":null},\"level\":\"3\",\"marks\":[]}", "{\"device\":\"a\",\"level\":null}", "[{\"level\":7}]", "{\"Device\":{\"name\":\"b\"},\"marks\":{\"x\":1}}",
    ];

    /// <summary>The value of a new column; the row is given as stored so far, and told whether a null is allowed.</summary>
    private delegate object? NewValue(ImmutableArray<object?> row, bool mayBeNull);

    /// <summary>The source with clauses of the features there are.</summary>
    public OracleSource Extend(OracleSource source, bool isPlanned, bool hasSides, bool namesOther, bool namesMember = false)
    {
        if (features == ProgramFeatures.None) return source;
        if (source.IsParquet && dice.Percent(EmptyChance)) source = source with { Table = source.Table with { Rows = [] } };
        var columns = new List<(TableColumn Column, NewValue Value)>();
        var time = source.Table.Columns.Select(column => column.Name).ToImmutableArray().IndexOf(source.Time!);
        if (isPlanned) source = Plan(source, columns, time);
        else if (Has(ProgramFeatures.Knowledge, 60)) source = Know(source, columns, time);
        if (Has(ProgramFeatures.Key, 45)) source = Key(source, columns);
        if (hasSides) source = Side(source, columns);
        if (namesOther) source = NameOther(source, columns);
        if (namesMember) source = NameMember(source, columns);
        if (Has(ProgramFeatures.Paths, 30)) source = Lead(source, columns);
        if (Has(ProgramFeatures.OrderBy, 40)) source = Order(source, columns);
        if (Has(ProgramFeatures.Late, 60)) source = WriteLate(source, columns, time);
        if (Has(ProgramFeatures.Complete, 25)) source = source with { Complete = new(dice.Percent(60) ? null : scale.OnGrid(dice, 60, 110)) };
        if (!partners.IsEmpty) source = Join(source, columns);
        // SQL text stands in a source of its own table alone.
        if (Has(ProgramFeatures.Paths, 20)) source = source with { Columns = source.Columns.Add(new("words", Words)) };
        else if (Has(ProgramFeatures.Storage, 25)) source = source with { Storage = dice.Pick(SourceStorage.OfRows, SourceStorage.Sql) };
        return columns.Count == 0 ? source : Settle(source with { Table = Widen(source, columns) }, time);
    }

    private bool Has(ProgramFeatures feature, int chance) => features.HasFlag(feature) && dice.Percent(chance);

    /// <summary>Rows are booked ahead, some after they happened.</summary>
    private OracleSource Plan(OracleSource source, List<(TableColumn, NewValue)> columns, int time)
    {
        columns.Add((new("booked_at", ColumnType.Instant), (row, mayBeNull) =>
            mayBeNull && dice.Percent(6) ? null : TimeOf(row, time) - scale.Slot * dice.Between(-3, 30)));
        return source with { KnownAt = new("booked_at", Within()), IsPlanned = true };
    }

    private OracleSource Know(OracleSource source, List<(TableColumn, NewValue)> columns, int time)
    {
        if (dice.Percent(35)) return source with { Delay = dice.Pick(scale.Gaps) };
        columns.Add((new("loaded_at", ColumnType.Instant), (row, mayBeNull) =>
            mayBeNull && dice.Percent(8) ? null : TimeOf(row, time) + scale.Slot * dice.Pick(-2, 0, 0, 0, 1, 2, 3, 8)));
        return source with { KnownAt = new("loaded_at", Within()) };
    }

    private OracleDuration? Within() => dice.Maybe(25, () => dice.Pick(scale.Gaps));

    private OracleSource Key(OracleSource source, List<(TableColumn, NewValue)> columns)
    {
        var last = 0;
        columns.Add((new("id", ColumnType.Integer), (_, mayBeNull) => mayBeNull && dice.Percent(5) ? null
            : last > 0 && dice.Percent(25) ? (decimal)dice.Between(1, last) : ++last));
        return source with { UniqueBy = dice.Percent(75) ? ["id"] : ["id", "kind"] };
    }

    /// <summary>A second key on the row, now and then the same as the first.</summary>
    private OracleSource Side(OracleSource source, List<(TableColumn, NewValue)> columns)
    {
        var names = keys.Types.Select((_, i) => i == 0 ? "peer" : "peer_shop").ToImmutableArray();
        for (var i = 0; i < names.Length; i++)
        {
            var part = i;
            columns.Add((new(names[i], keys.Types[i]), (row, mayBeNull) =>
                mayBeNull && dice.Percent(8) ? null : dice.Percent(25) && row[part] is { } same ? same : dice.Pick(keys.Entities)[part]));
        }
        return source with { Sides = [new("giver", source.Keys), new("taker", names)] };
    }

    private OracleSource NameOther(OracleSource source, List<(TableColumn, NewValue)> columns)
    {
        var name = links.Column();
        columns.Add((new(name, ColumnType.Text), (_, mayBeNull) => mayBeNull && dice.Percent(12) ? null : dice.Pick(Owners)));
        if (!links.HasBranches) return source with { OtherKeys = [name] };
        columns.Add((new("branch", ColumnType.Integer), (_, mayBeNull) => links.Branch(mayBeNull)));
        return source with { OtherKeys = [name, "branch"] };
    }

    private OracleSource NameMember(OracleSource source, List<(TableColumn, NewValue)> columns)
    {
        columns.Add((new("member", ColumnType.Text), (_, mayBeNull) => mayBeNull && dice.Percent(12) ? null : dice.Pick(Members)));
        return source with { MemberKey = "member" };
    }

    /// <summary>A text that holds JSON, and what lies in it.</summary>
    private OracleSource Lead(OracleSource source, List<(TableColumn, NewValue)> columns)
    {
        columns.Add((new("payload", ColumnType.Text), (_, mayBeNull) => mayBeNull && dice.Percent(12) ? null : dice.Pick(Payloads)));
        var payload = new ColumnExpression("payload");
        return source with
        {
            Columns =
            [
                .. source.Columns, new("device", new PathExpression(payload, ["device", "name"])),
                new("level", new CastExpression(new PathExpression(payload, ["level"]), OracleType.Number)), new("mark", new PathExpression(payload, ["marks", 0])),
            ],
        };
    }

    private static CastExpression Words => new(
        new RawExpression("length(kind || 'x')", "LENGTH(kind || 'x')", new CallExpression("length", [new CallExpression("concat", [new ColumnExpression("kind"), new LiteralExpression("x")])])),
        OracleType.Integer);

    private OracleSource Order(OracleSource source, List<(TableColumn, NewValue)> columns)
    {
        columns.Add((new("seq", ColumnType.Integer), (_, mayBeNull) => mayBeNull && dice.Percent(12) ? null : (decimal)dice.Between(0, 4)));
        return source with { OrderBy = "seq" };
    }

    private OracleSource WriteLate(OracleSource source, List<(TableColumn, NewValue)> columns, int time)
    {
        columns.Add((new("closed_at", ColumnType.Instant), (row, mayBeNull) =>
            mayBeNull && dice.Percent(20) ? null : TimeOf(row, time) + scale.Slot * dice.Pick(-1, 0, 1, 2, 4, 8, 20)));
        columns.Add((new("paid", ColumnType.Number), (_, mayBeNull) => mayBeNull && dice.Percent(15) ? null : dice.Between(-4, 12) / 4m));
        columns.Add((new("is_paid", ColumnType.Boolean), (_, mayBeNull) => mayBeNull && dice.Percent(15) ? null : dice.Percent(50)));
        columns.Add((new("state", ColumnType.Text), (_, mayBeNull) => mayBeNull && dice.Percent(15) ? null : dice.Pick(States)));
        var late = new List<LateClause> { new(dice.Pick<ImmutableArray<string>>(["paid", "is_paid", "state"], ["is_paid"], ["state", "paid"]), "closed_at") };
        if (features.HasFlag(ProgramFeatures.Anchor) && dice.Percent(40))
        {
            columns.Add((new("verdict", ColumnType.Boolean), (_, mayBeNull) => mayBeNull && dice.Percent(15) ? null : dice.Percent(50)));
            late.Add(new(["verdict"], null));
        }
        source = source with { Late = [.. late] };
        if (!late[0].Columns.Contains("paid") || dice.Percent(50)) return source;
        var settled = new BinaryExpression(
            new CoalesceExpression([new ColumnExpression("paid"), new LiteralExpression(-5m)]), OracleOperator.Add, new ColumnExpression("amount"));
        return source with { Columns = source.Columns.Add(new("settled", settled)) };
    }

    private OracleSource Join(OracleSource source, List<(TableColumn, NewValue)> columns)
    {
        var joins = partners.Where(partner => partner.Name != "makers" && dice.Percent(65)).Select(partner => new JoinClause(
            partner.Name, dice.Percent(25) ? "its_" + partner.Name : null, [new("ref", partner.Table.Columns[0].Name)])).ToImmutableArray();
        if (joins.IsEmpty) return source;

        columns.Add((new("ref", ColumnType.Integer), (_, mayBeNull) => mayBeNull && dice.Percent(10) ? null : (decimal)dice.Between(1, PartnerGenerator.References)));
        source = source with { Joins = joins };
        if (dice.Percent(35))
        {
            var load = new BinaryExpression(new ColumnExpression("amount"), OracleOperator.Multiply, new ColumnExpression(dice.Pick(joins).Name + ".weight"));
            source = source with { Columns = source.Columns.Add(new("load", load)) };
        }
        // A planned row's state may begin after the cutoff, and a row that happened may be known later: no `where` reads what changes.
        var describing = joins.Where(join => partners.Single(partner => partner.Name == join.Source) is { IsStatic: true } or { Valid: not null } && !source.IsPlanned).ToList();
        if (describing.Count == 0 || !dice.Percent(25)) return source;
        OracleExpression condition = new NotExpression(new BinaryExpression(
            new ColumnExpression(dice.Pick(describing).Name + ".label"), OracleOperator.Equal, new LiteralExpression("b")));
        return source with { Where = source.Where is null ? condition : new BinaryExpression(source.Where, OracleOperator.Or, condition) };
    }

    private DateTime TimeOf(ImmutableArray<object?> row, int time) => row[time] as DateTime? ?? scale.OnGrid(dice);

    /// <summary>The table with new columns; most rows that were equal stay so.</summary>
    private OracleTable Widen(OracleSource source, List<(TableColumn Column, NewValue Value)> columns)
    {
        var (table, rows) = (source.Table, new List<ImmutableArray<object?>>());
        for (var i = 0; i < table.Rows.Length; i++)
        {
            var equal = Enumerable.Range(0, i).Where(j => table.Rows[j].SequenceEqual(table.Rows[i])).ToList();
            if (equal.Count > 0 && dice.Percent(70))
            {
                rows.Add(rows[equal[0]]);
                continue;
            }
            // A reader of CSV learns types from the data: its first row is complete.
            var row = table.Rows[i];
            foreach (var (_, value) in columns) row = row.Add(value(row, mayBeNull: i > 0 || source.IsParquet));
            rows.Add(row);
        }
        return new OracleTable([.. table.Columns, .. columns.Select(column => column.Column)], [.. rows]);
    }

    /// <summary>
    /// The source without rows that agree in `key`, time and knowledge, but not in the rest: which of them stays depends on the order of
    /// columns, and so on which of them are declared.
    /// </summary>
    private static OracleSource Settle(OracleSource source, int time)
    {
        if (source.UniqueBy.IsEmpty) return source;
        var names = source.Table.Columns.Select(column => column.Name).ToImmutableArray();
        var (id, known) = (names.IndexOf("id"), source.KnownAt is { } clause ? names.IndexOf(clause.Column) : time);
        var rows = source.Table.Rows.ToList();
        var next = rows.Max(row => row[id] as decimal?) ?? 0;
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            var isUnsettled = rows.Take(i).Any(other =>
                other[id] is decimal a && row[id] is decimal b && a == b && Equals(other[time], row[time])
                && Known(other) == Known(row) && !other.SequenceEqual(row));
            if (isUnsettled) rows[i] = row.SetItem(id, ++next);
        }
        return source with { Table = source.Table with { Rows = [.. rows] } };

        DateTime? Known(ImmutableArray<object?> row) =>
            row[known] is DateTime instant && row[time] is DateTime happened && !source.IsPlanned && happened > instant ? happened : row[known] as DateTime?;
    }
}
