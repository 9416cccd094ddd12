using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>Whom the last known row of a source names, of those that name somebody by every part of the key (rules 11, 21).</summary>
internal sealed class LastLink
{
    private readonly ImmutableArray<string> _parts;

    /// <summary>The link by some columns of a source.</summary>
    public LastLink(string source, ImmutableArray<string> parts)
    {
        _parts = parts;
        var isNamed = parts.Select(OracleExpression (part) => new IsNullExpression(new ColumnExpression(part), true)).Aggregate((left, right) => new BinaryExpression(left, OracleOperator.And, right));
        Rows = new AggregateExpression(AggregateKind.Last, source, parts[0], null, isNamed, null);
    }

    /// <summary>The rows that name somebody.</summary>
    public AggregateExpression Rows { get; }

    /// <summary>Whom the last of the rows names, of several of one instant and order the largest, part by part (rule 34); null for nobody.</summary>
    public EntityKey? Of(IReadOnlyList<KnownRow> rows, Moment moment, KnownSource source) => Aggregation.Last(rows, moment, source)
        .Select(row => _parts.Select(part => row.Value(part, moment)!).ToImmutableArray())
        .OrderDescending(Comparer<ImmutableArray<object>>.Create((left, right) => left.Zip(right, Values.Order).FirstOrDefault(order => order != 0)))
        .Select(parts => new EntityKey([.. parts.Select(part => Values.Stored(part)!)])).FirstOrDefault();
}
