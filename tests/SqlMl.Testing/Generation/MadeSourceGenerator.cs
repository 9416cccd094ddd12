using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates sources that are made from others: narrowed, multiplied, grouped.</summary>
internal sealed class MadeSourceGenerator(Dice dice, ProgramFeatures features)
{
    /// <summary>What `join each` multiplies rows by: none, one or several for each value of a quantity.</summary>
    public OracleSource Tags { get; } = new(
        "tags", new OracleTable(
            [new("ref", ColumnType.Integer), new("label", ColumnType.Text), new("weight", ColumnType.Number)],
            [.. Enumerable.Range(-1, 4).SelectMany(key => Enumerable.Range(0, dice.Below(3)).Select(_ => (ImmutableArray<object?>)[(decimal)key, dice.Pick("a", "b", null), dice.Between(0, 4) / 2m]))]),
        IsParquet: true, [], null, null, []) { IsStatic = true };

    /// <summary>Sources made from those of a program, with what can be read of them; none where none of these can be made from.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="readable">What can be read of each.</param>
    public IEnumerable<(OracleSource Source, ReadableSource Readable)> Generate(ImmutableArray<OracleSource> sources, ImmutableArray<ReadableSource> readable)
    {
        // What a source says beyond its rows, such as where it ends or how its rows are ordered, is not said of what is made from it.
        var origins = sources.Where(source => source is { Sides: [], IsPlanned: false, OrderBy: null, Complete: null, Zone: null, KnownAt: null or { Within: null } }).ToList();
        if (origins.Count == 0) yield break;
        if (dice.Percent(45)) yield return From(dice.Pick(origins), "picked", isMultiplied: false);
        if (dice.Percent(45)) yield return From(dice.Pick(origins), "tagged", isMultiplied: true);
        if (dice.Percent(45)) yield return Group(dice.Pick(origins));

        (OracleSource, ReadableSource) From(OracleSource from, string name, bool isMultiplied)
        {
            var below = readable.Single(source => source.Name == from.Name);
            var quantity = from.Table.Columns.First(column => column.Name is "qty" or "count").Name;
            var each = isMultiplied ? new JoinClause(Tags.Name, null, [new(quantity, "ref")]) : null;
            var where = dice.Maybe(60, new RowConditionGenerator(dice, below.Stored, features).Generate);
            if (each is not null && dice.Percent(40)) where = new BinaryExpression(new ColumnExpression("tags.label"), OracleOperator.Equal, new LiteralExpression("a"));
            var twice = new ComputedColumn("twice", new BinaryExpression(new ColumnExpression("amount"), OracleOperator.Multiply, new LiteralExpression(2m)));
            var origin = new FromOrigin(from.Name, each);
            var source = Empty(name, from) with { Origin = origin, Where = where, Columns = dice.Percent(40) ? [twice] : [] };
            return (source, ReadableSource.Of(source, origin, below, [Tags]));
        }

        (OracleSource, ReadableSource) Group(OracleSource from)
        {
            var quantity = from.Table.Columns.First(column => column.Name is "qty" or "count").Name;
            AggregateExpression Of(AggregateKind kind, string? column) => new(kind, from.Name, column, null, null, null);
            var origin = new GroupOrigin(
                from.Name, [.. from.Keys, "kind", "flag"],
                [
                    new("amount", Of(dice.Pick(AggregateKind.Sum, AggregateKind.Max, AggregateKind.Min), "amount")),
                    new("price", Of(dice.Pick(AggregateKind.Avg, AggregateKind.Max), "price")),
                    new(quantity, dice.Percent(50) ? Of(AggregateKind.Count, null) : Of(AggregateKind.CountDistinct, "amount")),
                ]);
            var source = Empty("grouped", from) with { Origin = origin };
            return (source, ReadableSource.Of(source, origin, readable.Single(other => other.Name == from.Name)));
        }
    }

    private static OracleSource Empty(string name, OracleSource from) => new(name, new OracleTable([], []), IsParquet: true, from.Keys, null, null, []);
}
