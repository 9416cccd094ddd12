using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>The rows of one source that satisfy its `where`, happened, and are known some time: by an explicit as_of where there is one (rules 1, 4, 20, 31, 48).</summary>
internal sealed class KnownSource
{
    private readonly OracleSource? _declared;
    private readonly ImmutableArray<KnownSource> _parts;
    private readonly Dictionary<EntityKey, ImmutableArray<KnownRow>> _rowsByKey;

    private KnownSource(string name, OracleSource? declared, ImmutableArray<KnownSource> parts, ImmutableArray<KnownRow> rows, bool isUnchanging)
    {
        (Name, _declared, _parts, Rows, IsUnchanging) = (name, declared, parts, rows, isUnchanging);
        _rowsByKey = rows.SelectMany(row => row.Keys.Select(key => (Key: key, Row: row))).GroupBy(pair => pair.Key, pair => pair.Row)
            .ToDictionary(group => group.Key, group => group.ToImmutableArray());
    }

    public string Name { get; }

    public ImmutableArray<KnownRow> Rows { get; }

    /// <summary>Whether rows read the same whenever they are read.</summary>
    public bool IsUnchanging { get; }

    /// <summary>Whether its rows hold from an instant on.</summary>
    public bool HoldsStates => _declared is { Valid: not null };

    /// <summary>The column that orders rows of one instant; null without one.</summary>
    public string? OrderBy => _declared?.OrderBy;

    /// <summary>The zone by which days are counted: that of all parts of a union, else UTC (null).</summary>
    public string? Zone => _declared is not null ? _declared.Zone : _parts.Select(part => part.Zone).Distinct().Count() == 1 ? _parts[0].Zone : null;

    /// <summary>The stored and computed columns of a source that is no union.</summary>
    private IEnumerable<string> Columns => [.. _declared!.Table.Columns.Select(column => column.Name), .. _declared.Columns.Select(column => column.Name)];

    /// <summary>The keys that the source names.</summary>
    public IEnumerable<EntityKey> Keys => _rowsByKey.Keys;

    /// <summary>The time of the first row, whoever it belongs to; null for none.</summary>
    public DateTime? Start => Rows.Min(row => (DateTime?)row.Time);

    /// <summary>When the last row became known; null for none.</summary>
    public DateTime? LastKnown => Rows.Max(row => (DateTime?)row.Known);

    /// <summary>
    /// Until when silence is knowledge (rule 5): the time of the last row, whoever it belongs to, less `within`, or what `complete until`
    /// says; a union ends with its first part. Never after <paramref name="asOf"/>, since nothing is known beyond it. Null without rows.
    /// </summary>
    public DateTime? End(DateTime asOf)
    {
        if (!_parts.IsEmpty)
        {
            var ends = _parts.Select(part => part.End(asOf)).ToList();
            return ends.Contains(null) ? null : ends.Min();
        }
        if (_declared!.Complete is { } complete) return complete.Until < asOf ? complete.Until : asOf;
        if (Rows.Max(row => (DateTime?)row.Time) is not { } last) return null;
        return (last < asOf ? last : asOf).Before(_declared.KnownAt?.Within);
    }

    /// <summary>An entity's rows; empty for none.</summary>
    public ImmutableArray<KnownRow> RowsOf(EntityKey key) => _rowsByKey.GetValueOrDefault(key, []);

    /// <summary>An entity's rows with the entity on one side; on any where that is null (rule 12).</summary>
    public IEnumerable<KnownRow> RowsOf(EntityKey key, string? side) =>
        RowsOf(key).Where(row => side is null || row.Owners.Any(owner => owner.Side == side && owner.Key.Equals(key)));

    /// <summary>The entity's row of a source without a time: of states, the one that holds at a moment; null for none (rules 13, 19).</summary>
    public KnownRow? StateOf(EntityKey key, Moment moment) =>
        Pick(RowsOf(key).Where(row => row.HoldsAt(moment) && moment.HasReached(row.Known)));

    /// <summary>The one row of several candidates that is read: of states the one that began last, else the last by `order by`; null for none.</summary>
    /// <exception cref="InvalidOperationException">Nothing says which row is read: an error of the run (rules 13, 15).</exception>
    public KnownRow? Pick(IEnumerable<KnownRow> rows)
    {
        var candidates = rows.ToList();
        if (candidates.Count < 2) return candidates.SingleOrDefault();
        var ordered = _declared switch
        {
            { Valid: not null } => candidates.OrderByDescending(row => row.Time).ToList(),
            { OrderBy: { } by } => [.. candidates.OrderByDescending(row => row.Value(by, Moment.Whenever), NullsFirst)],
            _ => throw new InvalidOperationException($"several rows of {Name} have one key"),
        };
        return ordered[0];
    }

    /// <summary>Reads a stored source; <paramref name="partners"/> holds the sources that it joins.</summary>
    public static KnownSource Read(OracleSource source, IReadOnlyDictionary<string, KnownSource> partners, DateTime? asOf)
    {
        var reader = new RowReader(source, partners);
        var happened = source.Table.Rows.Select(row => ReadRow(source, row, reader)).OfType<KnownRow>().ToList();
        var rows = FirstKnownOfEachKey(source, happened)
            .Where(row => row.Satisfies(source.Where, Moment.Whenever) && (asOf is null || row.Known <= asOf));
        return new KnownSource(source.Name, source, [], [.. rows], reader.IsUnchanging);
    }

    /// <summary>The rows of another source with what this one adds: columns, joins, a condition, and partners that multiply them (rule 15).</summary>
    public static KnownSource From(OracleSource source, FromOrigin origin, KnownSource origins, IReadOnlyDictionary<string, KnownSource> partners)
    {
        var below = origins._declared!;
        var reader = new RowReader(below with { Name = source.Name, Keys = source.Keys, Joins = [.. below.Joins, .. source.Joins], Columns = [.. below.Columns, .. source.Columns] }, partners);
        var rows = origins.Rows.SelectMany(row => origin.Each is { } each ? Multiplied(row, each, partners[each.Source], reader) : [row.ReadBy(reader, [])])
            .Where(row => row.Satisfies(source.Where, Moment.Whenever));
        return new KnownSource(source.Name, reader.Source, [], [.. rows], reader.IsUnchanging);
    }

    private static IEnumerable<KnownRow> Multiplied(KnownRow row, JoinClause each, KnownSource partners, RowReader reader)
    {
        var matching = partners.Rows.Where(partner => each.Keys.All(key => row.Matches(key.Ours, partner, key.Theirs))).ToList();
        return matching.Count > 0
            ? matching.Select(partner => row.ReadBy(reader, partner.Under(each.Name)))
            : [row.ReadBy(reader, partners.Columns.Select(column => KeyValuePair.Create($"{each.Name}.{column}", (object?)null)))];
    }

    /// <summary>A row for each group of another source's rows: it happened, and was known, with the last of them.</summary>
    public static KnownSource Group(OracleSource source, GroupOrigin origin, KnownSource origins, IReadOnlyDictionary<string, KnownSource> partners)
    {
        var reader = new RowReader(source, partners);
        var rows = origins.Rows.GroupBy(row => string.Join('|', origin.By.Select(column => row.Value(column, Moment.Whenever)).Select(value => $"{value?.GetType()} {value}"))).Select(group =>
        {
            var members = group.ToList();
            var stored = origin.By.ToDictionary(column => column, column => members[0].Value(column, Moment.Whenever));
            foreach (var column in origin.Columns) stored.Add(column.Name, Aggregation.Compute(column.Value, members, Moment.Whenever, origins));
            return new KnownRow(reader, stored, source.Keys.IsEmpty ? [] : members[0].Owners, members.Max(row => row.Time), members.Max(row => row.Known));
        });
        return new KnownSource(source.Name, source, [], [.. rows], isUnchanging: true);
    }

    /// <summary>Several sources as one: columns by name, null where a part lacks one (rule 18).</summary>
    public static KnownSource Unite(string name, ImmutableArray<KnownSource> parts)
    {
        var columns = parts.SelectMany(part => part.Columns).Distinct().ToList();
        var rows = parts.SelectMany(part =>
        {
            var missing = columns.Except(part.Columns).Select(column => KeyValuePair.Create(column, (object?)null)).ToList();
            return part.Rows.Select(row => row.With([.. missing, new("part", part.Name)]));
        });
        return new KnownSource(name, null, parts, [.. rows], parts.All(part => part.IsUnchanging));
    }

    private static KnownRow? ReadRow(OracleSource source, ImmutableArray<object?> row, RowReader reader)
    {
        var stored = source.Table.Columns.Zip(row).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        if (source.Zone is { } zone && stored[source.Time!] is DateTime shown) stored[source.Time!] = LocalClock.ToUtc(shown, zone);
        if (TimeOf(source, stored) is not { } time || KnownOf(source, stored, time) is not { } known) return null;

        var values = stored.ToDictionary(pair => pair.Key, pair => Values.Of(pair.Value));
        var nobodys = new KnownRow(reader, values, [], time, known);
        object? Key(string column) => IsJoined(column) ? Values.Stored(nobodys.Value(column, Moment.Whenever)) : stored[column];
        return new KnownRow(reader, values, OwnersOf(source, Key), time, known) { UniqueKey = [.. source.UniqueBy.Select(column => values[column])] };
    }

    private static bool IsJoined(string column) => column.Contains('.', StringComparison.Ordinal);

    private static ImmutableArray<Owner> OwnersOf(OracleSource source, Func<string, object?> key)
    {
        var sides = source.Sides.IsEmpty ? [(Name: (string?)null, source.Keys)] : source.Sides.Select(side => (Name: (string?)side.Name, Keys: side.Columns));
        return
        [
            .. from side in sides
               let parts = side.Keys.Select(key).ToList()
               where parts.Count > 0 && !parts.Contains(null)
               select new Owner(side.Name, new EntityKey([.. parts.Select(part => part!)])),
        ];
    }

    private static DateTime? TimeOf(OracleSource source, Dictionary<string, object?> stored) => source switch
    {
        { IsStatic: true } => DateTime.MinValue,
        { Valid: { } valid } => stored[valid.From] as DateTime?,
        _ => stored[source.Time!] as DateTime?,
    };

    /// <summary>Rule 4: the later of time, `known at` and time + `delay`; of planned rows `known at` alone. Null: not known yet.</summary>
    private static DateTime? KnownOf(OracleSource source, Dictionary<string, object?> stored, DateTime time)
    {
        if (source.KnownAt is not { } clause) return time.After(source.Delay);
        if (stored[clause.Column] is not DateTime known) return null;
        return source.IsPlanned || known > time ? known : time;
    }

    /// <summary>Rule 20: of rows with one key the first known stays, then the first by time, then by its values; a null in the key makes no two rows one.</summary>
    private static IEnumerable<KnownRow> FirstKnownOfEachKey(OracleSource source, List<KnownRow> rows)
    {
        if (source.UniqueBy.IsEmpty) return rows;
        object?[] ValuesOf(KnownRow row) => [.. source.Table.Columns.Select(column => row.Value(column.Name, Moment.Whenever))];
        var first = rows.Where(row => !row.UniqueKey.Contains(null))
            .GroupBy(row => new EntityKey([.. row.UniqueKey.Select(part => part!)]))
            .Select(group => group.OrderBy(row => row.Known).ThenBy(row => row.Time).ThenBy(ValuesOf, ByValues).First())
            .ToHashSet();
        return rows.Where(row => row.UniqueKey.Contains(null) || first.Contains(row));
    }

    private static Comparer<object?> NullsFirst { get; } = Comparer<object?>.Create((left, right) =>
        left is null || right is null ? (left is null ? 0 : 1) - (right is null ? 0 : 1) : Values.Order(left, right));

    private static Comparer<object?> NullsLast { get; } = Comparer<object?>.Create((left, right) =>
        left is null || right is null ? (left is null ? 1 : 0) - (right is null ? 1 : 0) : Values.Order(left, right));

    private static Comparer<object?[]> ByValues { get; } = Comparer<object?[]>.Create((left, right) =>
        left.Zip(right, NullsLast.Compare).FirstOrDefault(order => order != 0));
}
