using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>A row of a source that happened and is known.</summary>
/// <param name="Ordinal">Its place in the table: equal rows are different rows (rule 20).</param>
/// <param name="Key">Whose it is; null where a part of the key is null and the row belongs to nobody (rule 11).</param>
/// <param name="Time">When it happened.</param>
/// <param name="Values">Stored and computed columns by name.</param>
internal sealed record KnownRow(int Ordinal, EntityKey? Key, DateTime Time, IReadOnlyDictionary<string, object?> Values)
{
    /// <summary>Whether a condition over the row's columns is true; no condition holds always.</summary>
    public bool Satisfies(OracleExpression? condition) => condition is null || Evaluator.Holds(condition);

    private ExpressionEvaluator Evaluator =>
        new(leaf => leaf is ColumnExpression column ? Values[column.Name] : throw new InvalidOperationException($"{leaf} is no column"), null);
}

/// <summary>The rows of one source that satisfy its `where`, have a time, and were known by an explicit as_of (rules 1, 4, 31, 48).</summary>
internal sealed class KnownSource
{
    private readonly Dictionary<EntityKey, ImmutableArray<KnownRow>> _rowsByKey;

    private KnownSource(string name, ImmutableArray<KnownRow> rows)
    {
        Name = name;
        Rows = rows;
        _rowsByKey = rows.Where(row => row.Key is not null).GroupBy(row => row.Key!).ToDictionary(group => group.Key, group => group.ToImmutableArray());
    }

    public string Name { get; }

    public ImmutableArray<KnownRow> Rows { get; }

    /// <summary>The keys that the source names.</summary>
    public IEnumerable<EntityKey> Keys => _rowsByKey.Keys;

    /// <summary>The time of the first row, whoever it belongs to; null for none.</summary>
    public DateTime? Start => Rows.Min(row => (DateTime?)row.Time);

    /// <summary>The time of the last row, whoever it belongs to (rule 5); null for none.</summary>
    public DateTime? End => Rows.Max(row => (DateTime?)row.Time);

    /// <summary>An entity's rows; empty for none.</summary>
    public ImmutableArray<KnownRow> RowsOf(EntityKey key) => _rowsByKey.GetValueOrDefault(key, []);

    public static KnownSource Read(OracleSource source, DateTime? asOf)
    {
        var rows = ImmutableArray.CreateBuilder<KnownRow>();
        for (var i = 0; i < source.Table.Rows.Length; i++)
        {
            if (ReadRow(source, i) is { } row && row.Satisfies(source.Where) && (asOf is null || row.Time <= asOf)) rows.Add(row);
        }
        return new KnownSource(source.Name, rows.ToImmutable());
    }

    private static KnownRow? ReadRow(OracleSource source, int ordinal)
    {
        var stored = source.Table.Columns.Zip(source.Table.Rows[ordinal]).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        if (stored[source.Time] is not DateTime time) return null;

        var values = stored.ToDictionary(pair => pair.Key, pair => Values.Of(pair.Value));
        var evaluator = new ExpressionEvaluator(leaf => values[((ColumnExpression)leaf).Name], null);
        var computed = source.Columns.Select(column => (column.Name, Value: evaluator.Evaluate(column.Value))).ToList();
        foreach (var (name, value) in computed) values.Add(name, value);

        var parts = source.Keys.Select(key => stored[key]).ToList();
        var key = parts.Contains(null) ? null : new EntityKey([.. parts.Select(part => part!)]);
        return new KnownRow(ordinal, key, time, values);
    }
}
