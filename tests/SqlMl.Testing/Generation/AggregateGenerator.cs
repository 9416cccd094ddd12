using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>The kinds of value that generated expressions have.</summary>
internal enum ValueKind
{
    /// <summary>A number that both sides compute to the last bit, so that comparing it is safe.</summary>
    Exact,

    /// <summary>A number that may differ in its last digits: a feature, but never compared or divided by.</summary>
    Rounded,

    /// <summary>A text.</summary>
    Text,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An instant: never a feature.</summary>
    Instant,
}

/// <summary>An expression with the kind of its value.</summary>
internal sealed record Typed(ValueKind Kind, OracleExpression Value)
{
    /// <summary>True where a value of null is possible, so that a default says something.</summary>
    public bool IsNullable => Value is not AggregateExpression
    {
        Kind: AggregateKind.Count or AggregateKind.CountDistinct or AggregateKind.Exists or AggregateKind.Sum,
    };
}

/// <summary>Generates aggregates of every kind over the program's sources.</summary>
internal sealed class AggregateGenerator(Dice dice, TimeScale scale, ImmutableArray<OracleSource> sources)
{
    /// <summary>Any aggregate, over the past.</summary>
    public Typed Any(bool hasWindow) => Build(dice.Pick(Enum.GetValues<AggregateKind>()), Window(hasWindow));

    /// <summary>An aggregate whose value may be compared, over the past.</summary>
    public Typed Exact(bool hasWindow)
    {
        while (true)
        {
            if (Any(hasWindow) is { Kind: ValueKind.Exact } aggregate) return aggregate;
        }
    }

    /// <summary>`days since first|last(s)`, or in hours or minutes.</summary>
    public Typed Elapsed(bool hasWindow) => new(
        ValueKind.Exact, new ElapsedExpression(dice.Pick(DurationUnit.Day, DurationUnit.Day, DurationUnit.Hour, DurationUnit.Minute), Instant(hasWindow)));

    /// <summary>`first(s)` or `last(s)`.</summary>
    public AggregateExpression Instant(bool hasWindow)
    {
        var source = dice.Pick(sources);
        return new(dice.Pick(AggregateKind.First, AggregateKind.Last), source.Name, null, null, Where(source, 50), Window(hasWindow));
    }

    /// <summary>`last(s)` over all of the past.</summary>
    public AggregateExpression LastInstant()
    {
        var source = dice.Pick(sources);
        return new(AggregateKind.Last, source.Name, null, null, Where(source, 30), null);
    }

    /// <summary>Rows of a source, with or without a condition.</summary>
    public RowSelection Rows(int whereChance)
    {
        var source = dice.Pick(sources);
        return new RowSelection(source.Name, Where(source, whereChance));
    }

    /// <summary>An aggregate of a given kind over any source.</summary>
    public Typed Build(AggregateKind kind, OracleWindow? window)
    {
        var source = dice.Pick(sources);
        var where = Where(source, 40);
        var (column, by, type) = kind switch
        {
            AggregateKind.Exists => (null, null, ValueKind.Boolean),
            AggregateKind.Count => dice.Percent(60) ? (null, null, ValueKind.Exact) : (AnyColumn(source).Name, null, ValueKind.Exact),
            AggregateKind.CountDistinct => (AnyColumn(source).Name, null, ValueKind.Exact),
            AggregateKind.Sum or AggregateKind.Avg or AggregateKind.Median => NumberColumn(source),
            AggregateKind.Stddev => (NumberColumn(source).Column, null, ValueKind.Rounded),
            AggregateKind.Min or AggregateKind.Max => dice.Percent(70) ? NumberColumn(source) : ("kind", null, ValueKind.Text),
            AggregateKind.MinBy or AggregateKind.MaxBy => AnyColumn(source) is var (name, valueKind) ? (name, Key(source), valueKind) : default,
            _ => AnyColumn(source) is var (name, valueKind) ? (name, (string?)null, valueKind) : default,
        };
        return new Typed(type, new AggregateExpression(kind, source.Name, column, by, where, window));
    }

    private OracleExpression? Where(OracleSource source, int chance) =>
        dice.Maybe(chance, new RowConditionGenerator(dice, source.Table.Columns.RemoveRange(0, source.Keys.Length)).Generate);

    private PastWindow? Window(bool hasWindow)
    {
        if (!hasWindow || dice.Percent(35)) return null;
        return new PastWindow(dice.Pick(scale.Windows), dice.Maybe(30, () => dice.Pick(scale.Gaps)));
    }

    private (string? Column, string? By, ValueKind Kind) NumberColumn(OracleSource source)
    {
        var (name, kind) = dice.Pick([.. Columns(source).Where(column => column.Kind is ValueKind.Exact or ValueKind.Rounded)]);
        return (name, null, kind);
    }

    private (string Name, ValueKind Kind) AnyColumn(OracleSource source) => dice.Pick([.. Columns(source)]);

    private string Key(OracleSource source) =>
        dice.Pick([.. Columns(source).Where(column => column.Kind is ValueKind.Exact or ValueKind.Text).Select(column => column.Name)]);

    private static IEnumerable<(string Name, ValueKind Kind)> Columns(OracleSource source)
    {
        yield return ("kind", ValueKind.Text);
        yield return ("amount", ValueKind.Exact);
        yield return ("price", ValueKind.Rounded);
        yield return (source.Table.Columns.Last(column => column.Type == ColumnType.Integer).Name, ValueKind.Exact);
        yield return ("flag", ValueKind.Boolean);
        foreach (var column in source.Columns)
        {
            yield return (column.Name, column.Name switch
            {
                "total" => ValueKind.Exact,
                "per_unit" => ValueKind.Rounded,
                "is_big" => ValueKind.Boolean,
                _ => ValueKind.Text,
            });
        }
    }
}
