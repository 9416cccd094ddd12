using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>A row that is known at some time; rows are told apart by reference, as equal rows are different rows (rule 20).</summary>
internal sealed class KnownRow
{
    private readonly RowReader _reader;
    private readonly Dictionary<string, object?> _stored;
    private readonly Dictionary<JoinClause, ImmutableArray<KnownRow>> _partners = new(ReferenceEqualityComparer.Instance);

    /// <summary>A row whose columns <paramref name="reader"/> knows how to read.</summary>
    /// <param name="reader">What its source declares.</param>
    /// <param name="stored">The stored columns by name, as the language computes with them.</param>
    /// <param name="owners">Whose it is; none where a part of the key is null and the row belongs to nobody (rule 11).</param>
    /// <param name="time">When it happened or began to hold; the first of instants where the source is static.</param>
    /// <param name="known">When it could be read.</param>
    public KnownRow(RowReader reader, Dictionary<string, object?> stored, ImmutableArray<Owner> owners, DateTime time, DateTime known)
    {
        _reader = reader;
        _stored = stored;
        Owners = owners;
        Time = time;
        Known = known;
    }

    /// <summary>Whose row it is, of each side that names somebody.</summary>
    public ImmutableArray<Owner> Owners { get; }

    /// <summary>Whose row it is, each once: also who stands on two sides of it (rule 12).</summary>
    public IEnumerable<EntityKey> Keys => Owners.Select(owner => owner.Key).Distinct();

    public DateTime Time { get; }

    public DateTime Known { get; }

    /// <summary>The values of `key`, which tell the predictions of several anchors apart (rule 47); empty where the source has none, as a union.</summary>
    public ImmutableArray<object?> UniqueKey { get; init; } = [];

    /// <summary>The columns by which the row names the other entity: of a row of a union, those of its part.</summary>
    public ImmutableArray<string> OtherKeys => _reader.Source.OtherKeys;

    /// <summary>The row with more stored columns.</summary>
    public KnownRow With(IEnumerable<KeyValuePair<string, object?>> columns) => new(_reader, new(_stored.Concat(columns)), Owners, Time, Known);

    /// <summary>The row as a source reads it that is made from its own, with more stored columns; nobody's where that source names nobody. No prediction is told apart by it.</summary>
    public KnownRow ReadBy(RowReader reader, IEnumerable<KeyValuePair<string, object?>> columns) =>
        new(reader, new(_stored.Concat(columns)), reader.Source.Keys.IsEmpty ? [] : Owners, Time, Known);

    /// <summary>The stored columns under the name of a join.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Under(string join) => _stored.Select(column => KeyValuePair.Create($"{join}.{column.Key}", column.Value));

    /// <summary>Whether the stored column of this row has the same value, not null, as one of another row.</summary>
    public bool Matches(string column, KnownRow other, string theirs) => AreEqual(_stored[column], other._stored[theirs]);

    /// <summary>Whether the row's state is the one of a moment: from its begin to its end, which is not included (rule 19); rows that are no states always hold.</summary>
    public bool HoldsAt(Moment moment) => _reader.Source.Valid is not { } valid
        || (moment.HasReached(Time) && (_stored[valid.To] is not DateTime end || !moment.HasReached(end)));

    /// <summary>Whether a condition over the row's columns is true at a moment; no condition holds always.</summary>
    /// <param name="condition">Over columns of this row and of the anchor.</param>
    /// <param name="moment">When the row is read.</param>
    /// <param name="anchor">The row that <c>anchor.x</c> stands for; null where there is none.</param>
    /// <param name="owner">The entity that <c>key</c> stands for; null where there is none.</param>
    /// <param name="cutoff">The instant that <c>cutoff</c> stands for; null where there is none.</param>
    public bool Satisfies(OracleExpression? condition, Moment moment, KnownRow? anchor = null, EntityKey? owner = null, DateTime? cutoff = null) =>
        new ExpressionEvaluator(leaf => leaf switch
        {
            ColumnExpression column => Value(column.Name, moment),
            KeyExpression key when owner is not null => Values.Of(owner.Parts[key.Part]),
            AnchorExpression { Window: null } read when anchor is not null => anchor.Value(read.Column, moment),
            _ => throw new InvalidOperationException($"{leaf} has no value in a row"),
        }, cutoff).Holds(condition);

    /// <summary>A column's value as it reads at a moment: stored, computed, or <c>join.column</c>.</summary>
    public object? Value(string column, Moment moment) => Value(column, moment, Time);

    /// <param name="column">The column.</param>
    /// <param name="moment">When it is read.</param>
    /// <param name="instant">Which state of a `valid` partner counts: the joining row's own instant (rule 16).</param>
    private object? Value(string column, Moment moment, DateTime instant)
    {
        if (_reader.Computed.TryGetValue(column, out var computed))
        {
            return new ExpressionEvaluator(leaf => Value(((ColumnExpression)leaf).Name, moment, instant), null).Evaluate(computed);
        }
        // The partner of `join each` is a part of the row.
        if (!_stored.ContainsKey(column) && column.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot)
        {
            var (join, theirs) = (column[..dot], column[(dot + 1)..]);
            // States have no instant of their own to go on from; a row that happened has.
            return Partner(_reader.Joins[join], instant, moment) is { } partner && moment.HasReached(partner.Known)
                ? partner.Value(theirs, moment, partner._reader.Source.Time is null ? instant : partner.Time)
                : null;
        }
        return IsWritten(column, moment) ? _stored[column] : null;
    }

    /// <summary>Rule 17: a late column reads null until the instant that its clause names.</summary>
    private bool IsWritten(string column, Moment moment) => !_reader.Late.TryGetValue(column, out var late)
        || (late.At is null ? moment.SeesUndated : _stored[late.At] is DateTime written && moment.HasReached(written));

    /// <summary>The joined row, a state as it held at the instant. What comes at that instant is known no sooner: just before it the earlier state (rule 7), long before it none.</summary>
    private KnownRow? Partner(JoinClause join, DateTime instant, Moment moment)
    {
        var partners = _reader.Partners[join.Source];
        if (!_partners.TryGetValue(join, out var matching))
        {
            matching = [.. partners.Rows.Where(row => join.Keys.All(key => AreEqual(_stored[key.Ours], row._stored[key.Theirs])))];
            _partners.Add(join, matching);
        }
        if (!partners.HoldsStates || moment.HasReached(instant)) return partners.Pick(matching.Where(row => row.HoldsAt(Moment.WindowEnd(instant))));
        return moment.Instant == instant ? partners.Pick(matching.Where(row => row.HoldsAt(moment))) : null;
    }

    private static bool AreEqual(object? left, object? right) => left is not null && right is not null && Values.Order(left, right) == 0;
}

/// <summary>An entity that a row names, and the side of the row that it stands on; null where rows have no sides.</summary>
internal sealed record Owner(string? Side, EntityKey Key);

/// <summary>What a source declares about reading its rows.</summary>
internal sealed class RowReader
{
    /// <summary>Joined sources are found in <paramref name="partners"/> by name.</summary>
    public RowReader(OracleSource source, IReadOnlyDictionary<string, KnownSource> partners)
    {
        Source = source;
        Partners = partners;
        Computed = source.Columns.ToDictionary(column => column.Name, column => column.Value);
        Joins = source.Joins.ToDictionary(join => join.Name);
        Late = source.Late.SelectMany(late => late.Columns.Select(column => (column, late))).ToDictionary(pair => pair.column, pair => pair.late);
    }

    public OracleSource Source { get; }

    public IReadOnlyDictionary<string, KnownSource> Partners { get; }

    public IReadOnlyDictionary<string, OracleExpression> Computed { get; }

    public IReadOnlyDictionary<string, JoinClause> Joins { get; }

    public IReadOnlyDictionary<string, LateClause> Late { get; }

    /// <summary>Whether a row reads the same whenever it is read.</summary>
    public bool IsUnchanging => Source.Late.IsEmpty && Source.Joins.IsEmpty;
}
