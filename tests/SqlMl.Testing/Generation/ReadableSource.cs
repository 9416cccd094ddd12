using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>A column of a source, as aggregates and conditions read it.</summary>
internal sealed record ReadableColumn(string Name, ValueKind Kind);

/// <summary>What aggregates can read of a source: stored, computed and joined columns.</summary>
/// <param name="Name">The source's name.</param>
/// <param name="Columns">Every column that an aggregate may take; those of the source itself first.</param>
/// <param name="Stored">The columns that conditions may read anywhere: none of them changes.</param>
/// <param name="Late">Columns that are written after the row and say when.</param>
/// <param name="Joined">Columns of joined sources.</param>
/// <param name="Undated">A column that is written after the row and does not say when; null without one.</param>
/// <param name="IsPlanned">Whether vars may look ahead.</param>
internal sealed record ReadableSource(
    string Name, ImmutableArray<ReadableColumn> Columns, ImmutableArray<TableColumn> Stored,
    ImmutableArray<ReadableColumn> Late, ImmutableArray<ReadableColumn> Joined, string? Undated, bool IsPlanned)
{
    /// <summary>The sides of a row on which the entity stands; empty without.</summary>
    public ImmutableArray<SideClause> Sides { get; init; } = [];

    /// <summary>The column that tells when a row happened; null where it is not read, as it shows the clock of a zone, or differs from part to part.</summary>
    public string? Time { get; init; }

    /// <summary>The columns that may read differently at different instants.</summary>
    public ImmutableArray<ReadableColumn> Changing => [.. Late, .. Joined];

    /// <summary>The stored columns that can be compared for equality.</summary>
    public ImmutableArray<TableColumn> Comparable => Stored.RemoveAll(column => column.Name is "price" or "part");

    /// <summary>A stored source.</summary>
    public static ReadableSource Of(OracleSource source, ImmutableArray<OracleSource> partners)
    {
        var stored = Values(source.Table.Columns).ToImmutableArray();
        ReadableColumn[] own =
        [
            new("kind", ValueKind.Text), new("amount", ValueKind.Exact), new("price", ValueKind.Rounded),
            new(stored.First(column => column.Type == ColumnType.Integer).Name, ValueKind.Exact), new("flag", ValueKind.Boolean),
            .. source.Columns.Select(column => new ReadableColumn(column.Name, KindOfComputed(column.Name))),
        ];
        ImmutableArray<ReadableColumn> late =
        [
            .. source.Late.Where(late => late.At is not null).SelectMany(late => late.Columns)
                .Select(name => new ReadableColumn(name, KindOf(source.Table.Columns.Single(column => column.Name == name).Type))),
        ];
        ImmutableArray<ReadableColumn> joined = [.. source.Joins.SelectMany(join => OfJoin(join, partners))];
        var undated = source.Late.SingleOrDefault(late => late.At is null)?.Columns.Single();
        return new(source.Name, [.. own, .. late, .. joined], stored, late, joined, undated, source.IsPlanned)
        {
            Sides = source.Sides, Time = source.Zone is null ? source.Time : null,
        };
    }

    /// <summary>Several sources as one: the columns of all, those of their joins excepted, and the name of the part.</summary>
    public static ReadableSource Of(OracleUnion union, ImmutableArray<ReadableSource> parts) => new(
        union.Name,
        [.. parts.SelectMany(part => part.Columns.Except(part.Joined)).Distinct(), new("part", ValueKind.Text)],
        [.. parts.SelectMany(part => part.Stored).Distinct(), new("part", ColumnType.Text)],
        [.. parts.SelectMany(part => part.Late).Distinct()], [], Undated: null, IsPlanned: false);

    /// <summary>A source made from another: what is computed there from columns that change is read there alone.</summary>
    public static ReadableSource Of(OracleSource source, FromOrigin origin, ReadableSource below, ImmutableArray<OracleSource> partners)
    {
        IEnumerable<ReadableColumn> multiplied = origin.Each is { } each ? OfJoin(each, partners) : [];
        ImmutableArray<ReadableColumn> joined = [.. source.Joins.SelectMany(join => OfJoin(join, partners))];
        ReadableColumn[] own = [.. below.Columns.Except(below.Joined).Where(column => column.Name is not ("load" or "settled"))];
        return below with
        {
            Name = source.Name, Joined = joined, Undated = null,
            Columns = [.. own, .. source.Columns.Select(column => new ReadableColumn(column.Name, KindOfComputed(column.Name))), .. multiplied, .. joined],
        };
    }

    /// <summary>Groups: their columns are called like those of the rows.</summary>
    public static ReadableSource Of(OracleSource source, GroupOrigin origin, ReadableSource below) => new(
        source.Name,
        [
            .. below.Columns.Where(column => origin.By.Contains(column.Name)),
            .. origin.Columns.Select(column => new ReadableColumn(column.Name, column.Name == "price" ? ValueKind.Rounded : ValueKind.Exact)),
        ],
        [.. below.Stored.Where(column => column.Name != "price")], [], [], Undated: null, IsPlanned: false);

    /// <summary>The columns of a table that generated expressions read: kind, amount, price, a quantity, flag.</summary>
    public static IEnumerable<TableColumn> Values(ImmutableArray<TableColumn> columns) =>
        columns.Where(column => column.Name is "kind" or "amount" or "price" or "qty" or "count" or "flag");

    /// <summary>The kind of a stored column's values.</summary>
    public static ValueKind KindOf(ColumnType type) => type switch
    {
        ColumnType.Text => ValueKind.Text,
        ColumnType.Boolean => ValueKind.Boolean,
        _ => ValueKind.Exact,
    };

    private static IEnumerable<ReadableColumn> OfJoin(JoinClause join, ImmutableArray<OracleSource> partners)
    {
        var partner = partners.Single(source => source.Name == join.Source);
        return partner.Table.Columns.Where(column => PartnerGenerator.IsValue(column.Name))
            .Select(column => new ReadableColumn($"{join.Name}.{column.Name}", KindOf(column.Type)))
            .Concat(partner.Joins.SelectMany(next => OfJoin(next, partners)).Select(column => column with { Name = $"{join.Name}.{column.Name}" }));
    }

    private static ValueKind KindOfComputed(string name) => name switch
    {
        "total" or "load" or "settled" or "level" or "words" or "twice" => ValueKind.Exact,
        "per_unit" => ValueKind.Rounded,
        "is_big" => ValueKind.Boolean,
        _ => ValueKind.Text,
    };
}
