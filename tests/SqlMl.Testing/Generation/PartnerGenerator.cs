using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates what describes rows and entities: joined sources, static sources and states.</summary>
internal sealed class PartnerGenerator(Dice dice, TimeScale scale, ProgramFeatures features)
{
    /// <summary>The values of `ref` that rows have; the last has no partner.</summary>
    public const int References = 7;

    private static readonly ImmutableArray<string> Labels = ["a", "b", "é", "o'b"];

    /// <summary>Whether a partner's column is a value rather than a key or an instant.</summary>
    public static bool IsValue(string column) => column is "label" or "weight" or "is_new" or "country";

    /// <summary>The sources that others join; none without <see cref="ProgramFeatures.Joins"/>.</summary>
    public ImmutableArray<OracleSource> Joined()
    {
        if (!features.HasFlag(ProgramFeatures.Joins) || dice.Percent(25)) return [];
        var partners = ImmutableArray.CreateBuilder<OracleSource>();
        var makers = dice.Maybe(50, Makers);
        partners.Add(Products(makers));
        if (makers is not null) partners.Add(makers);
        if (features.HasFlag(ProgramFeatures.Valid) && dice.Percent(60)) partners.Add(Prices());
        if (dice.Percent(60)) partners.Add(Parcels());
        return partners.ToImmutable();
    }

    /// <summary>The sources that describe entities, read without an aggregate.</summary>
    public IEnumerable<OracleSource> OfEntities(KeyShape keys)
    {
        if (features.HasFlag(ProgramFeatures.Static) && dice.Percent(50)) yield return Profile(keys);
        if (features.HasFlag(ProgramFeatures.Valid) && dice.Percent(50)) yield return Membership(keys);
    }

    private OracleSource Products(OracleSource? makers)
    {
        var key = dice.Pick("ref", "id");
        var rows = Some(References - 1).Select(Row).Append([null, "nobody's", 1m, true, 1m]);
        return Partner("products", [new(key, ColumnType.Integer), .. Described, new("maker", ColumnType.Integer)], rows) with
        {
            IsStatic = true,
            Where = dice.Maybe(20, () => new BinaryExpression(new ColumnExpression("weight"), OracleOperator.Greater, new LiteralExpression(0.5m))),
            Joins = makers is null ? [] : [new JoinClause("makers", null, [new("maker", "maker")])],
        };

        ImmutableArray<object?> Row(int key) => [(decimal)key, .. Description(), dice.Percent(10) ? null : (decimal)dice.Between(1, 3)];
    }

    private OracleSource Makers()
    {
        var rows = Enumerable.Range(1, 2).ToList();
        ImmutableArray<TableColumn> columns = [new("maker", ColumnType.Integer), new("country", ColumnType.Text)];
        // A row that never changes has no instant at which a state could hold, so what it joins never changes either.
        return Partner("makers", columns, rows.Select(maker => (ImmutableArray<object?>)[(decimal)maker, dice.Pick(Labels)])) with { IsStatic = true };
    }

    private OracleSource Prices() => States(
        "prices", [new("ref", ColumnType.Integer), .. Described], [.. Some(References - 1).Select(key => (ImmutableArray<object?>)[(decimal)key])], Description);

    /// <summary>Rows that happened, at most one a key, some known later.</summary>
    private OracleSource Parcels()
    {
        var isLate = features.HasFlag(ProgramFeatures.Knowledge) && dice.Percent(60);
        var rows = Some(References - 1).Select(key =>
        {
            var time = scale.NearGrid(dice);
            return (ImmutableArray<object?>)[(decimal)key, time, .. Description(), dice.Percent(10) ? null : time + scale.Slot * dice.Between(0, 20)];
        });
        return Partner("parcels", [new("ref", ColumnType.Integer), new("sent_at", ColumnType.Instant), .. Described, new("scanned_at", ColumnType.Instant)], rows) with
        {
            Time = "sent_at",
            KnownAt = isLate ? new("scanned_at", null) : null,
        };
    }

    private OracleSource Profile(KeyShape keys)
    {
        var isVersioned = dice.Percent(30);
        var rows = keys.Entities.Where(_ => dice.Percent(80)).SelectMany(key => Enumerable.Range(1, isVersioned ? dice.Between(1, 3) : 1)
            .Select(version => (ImmutableArray<object?>)[.. key, .. Description(), (decimal)version, .. Since()]));
        return Partner("profile", [.. KeyColumns(keys), .. Described, new("version", ColumnType.Integer), .. SinceColumn], Shuffled(rows)) with
        {
            Keys = [.. KeyColumns(keys).Select(column => column.Name)], IsStatic = true, OrderBy = isVersioned ? "version" : null,
        };
    }

    private OracleSource Membership(KeyShape keys) =>
        States("membership", [.. KeyColumns(keys), .. Described, .. SinceColumn], keys.Entities, () => [.. Description(), .. Since()]) with { Keys = [.. KeyColumns(keys).Select(column => column.Name)] };

    /// <summary>States of each key that begin at different instants: adjoining, with gaps, overlapping, for ever.</summary>
    private OracleSource States(
        string name, ImmutableArray<TableColumn> columns, ImmutableArray<ImmutableArray<object?>> keys, Func<IEnumerable<object?>> describe)
    {
        var rows = new List<ImmutableArray<object?>>();
        foreach (var key in keys)
        {
            var begins = Enumerable.Range(0, dice.Between(0, 4)).Select(_ => scale.OnGrid(dice, -10, 100)).Distinct().Order().ToList();
            for (var i = 0; i < begins.Count; i++)
            {
                var next = i + 1 < begins.Count ? begins[i + 1] : (DateTime?)null;
                var end = dice.Below(5) switch
                {
                    0 => begins[i] + scale.Slot * dice.Between(1, 60),
                    1 => null,
                    _ => next,
                };
                rows.Add([.. key, .. describe(), begins[i], end]);
            }
            if (dice.Percent(5)) rows.Add([.. key, .. describe(), null, null]);
        }
        return Partner(name, [.. columns, new("begins", ColumnType.Instant), new("ends", ColumnType.Instant)], Shuffled(rows)) with { Valid = new("begins", "ends") };
    }

    /// <summary>From when on an entity exists, for populations.</summary>
    private ImmutableArray<TableColumn> SinceColumn => features.HasFlag(ProgramFeatures.Population) ? [new("since_at", ColumnType.Instant)] : [];

    private IEnumerable<object?> Since() => SinceColumn.IsEmpty ? [] : [dice.Percent(8) ? null : scale.OnGrid(dice, -20, 60)];

    private static ImmutableArray<TableColumn> Described =>
        [new("label", ColumnType.Text), new("weight", ColumnType.Number), new("is_new", ColumnType.Boolean)];

    private IEnumerable<object?> Description() =>
    [
        dice.Percent(15) ? null : dice.Pick(Labels), dice.Percent(15) ? null : dice.Between(0, 12) / 4m, dice.Percent(15) ? null : dice.Percent(50),
    ];

    /// <summary>Partners are stored as Parquet, so that columns which hold only nulls keep their types.</summary>
    private static OracleSource Partner(string name, ImmutableArray<TableColumn> columns, IEnumerable<ImmutableArray<object?>> rows) =>
        new(name, new OracleTable(columns, [.. rows]), IsParquet: true, [], null, null, []);

    private static IEnumerable<TableColumn> KeyColumns(KeyShape keys) => keys.Types.Select((type, i) => new TableColumn(i == 0 ? "user_id" : "shop", type));

    private IEnumerable<int> Some(int count) => Enumerable.Range(1, count).Where(_ => dice.Percent(80));

    private IEnumerable<T> Shuffled<T>(IEnumerable<T> items) => items.Select(item => (Item: item, Place: dice.Below(1000))).ToList().OrderBy(pair => pair.Place).Select(pair => pair.Item);
}
