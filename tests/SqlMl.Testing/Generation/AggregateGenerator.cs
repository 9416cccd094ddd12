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

    /// <summary>A set: a feature, and nothing to compute with.</summary>
    Set,
}

/// <summary>An expression with the kind of its value.</summary>
internal sealed record Typed(ValueKind Kind, OracleExpression Value)
{
    /// <summary>True where a value of null is possible, so that a default says something.</summary>
    public bool IsNullable => Value is not AggregateExpression
    {
        Kind: AggregateKind.Count or AggregateKind.CountDistinct or AggregateKind.Exists or AggregateKind.Sum or AggregateKind.ActiveDays,
    };
}

/// <summary>Generates aggregates of every kind over the program's sources.</summary>
internal sealed class AggregateGenerator(Dice dice, TimeScale scale, ProgramFeatures features, ImmutableArray<ReadableSource> sources)
{
    private static readonly ImmutableArray<AggregateKind> AheadKinds =
        [AggregateKind.Count, AggregateKind.Count, AggregateKind.Exists, AggregateKind.Sum, AggregateKind.Min, AggregateKind.CountDistinct];

    /// <summary>The length that a param stands for.</summary>
    public OracleDuration LookBack { get; } = dice.Pick(scale.Windows) with { Param = "look_back" };

    /// <summary>The sources whose rows may lie ahead.</summary>
    public ImmutableArray<ReadableSource> Planned => sources.RemoveAll(source => !source.IsPlanned);

    /// <summary>A pivot's aggregate, of all of its values, and the column of texts that divides it.</summary>
    public (AggregateExpression Value, string Column, ValueKind Kind) Divided(bool hasWindow)
    {
        var source = dice.Pick(sources);
        var value = Build(dice.Pick(AggregateKind.Count, AggregateKind.Count, AggregateKind.Sum, AggregateKind.Exists, AggregateKind.Avg, AggregateKind.Last), Window(hasWindow) is { } window ? window with { Ending = null } : null, source);
        return ((AggregateExpression)value.Value, ColumnOf(source, ValueKind.Text), value.Kind);
    }

    /// <summary>Any source of the program.</summary>
    public ReadableSource Source() => dice.Pick(sources);

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

    /// <summary>`days since first|last(s)`, or in other units.</summary>
    public Typed Elapsed(bool hasWindow) => new(
        ValueKind.Exact, new ElapsedExpression(dice.Pick(DurationUnit.Day, DurationUnit.Day, DurationUnit.Hour, DurationUnit.Minute, DurationUnit.Week, DurationUnit.Month, DurationUnit.Quarter, DurationUnit.Year), Instant(hasWindow)));

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

    /// <summary>Rows of a source, with or without a condition over what does not change; of one side where they stand in `first`.</summary>
    public RowSelection Rows(int whereChance, ReadableSource? from = null, bool isFirst = false)
    {
        var source = from ?? dice.Pick(sources);
        return new RowSelection(source.Name, Stored(source, whereChance)) { Side = isFirst ? Side(source) : null };
    }

    /// <summary>An aggregate over planned rows that lie ahead of the cutoff.</summary>
    public Typed Ahead() => Build(dice.Pick(AheadKinds), new FutureWindow(dice.Pick(scale.Windows), null), dice.Pick(Planned));

    /// <summary>An aggregate over the rows of any source that have a value of the anchor's.</summary>
    public Typed LikeAnchor(ReadableSource anchor, AggregateKind kind, OracleWindow? window)
    {
        var source = dice.Pick(sources);
        var value = Build(kind, window, source);
        var whole = (AggregateExpression)value.Value;
        var pairs = source.Comparable.SelectMany(ours => anchor.Comparable.Where(theirs => theirs.Type == ours.Type).Select(theirs => (ours, theirs))).ToList();
        var (ours, theirs) = dice.Pick(pairs);
        var same = new BinaryExpression(new ColumnExpression(ours.Name), OracleOperator.Equal, new AnchorExpression(theirs.Name, null));
        return value with { Value = whole with { Where = whole.Where is null ? same : new BinaryExpression(whole.Where, OracleOperator.And, same) } };
    }

    /// <summary>`over`, with or without `ending`; null for all of the past.</summary>
    public PastWindow? PastWindow() => Window(true);

    /// <summary>An aggregate of a given kind over a source, or any.</summary>
    public Typed Build(AggregateKind kind, OracleWindow? window, ReadableSource? from = null)
    {
        var source = from ?? dice.Pick(sources);
        var where = Where(source, 40);
        var (column, by, type) = kind switch
        {
            AggregateKind.Exists => (null, null, ValueKind.Boolean),
            AggregateKind.Count => dice.Percent(60) ? (null, null, ValueKind.Exact) : (AnyColumn(source).Name, null, ValueKind.Exact),
            AggregateKind.CountDistinct => (AnyColumn(source).Name, null, ValueKind.Exact),
            AggregateKind.Sum or AggregateKind.Avg or AggregateKind.Median => NumberColumn(source),
            AggregateKind.Stddev => (NumberColumn(source).Column, null, ValueKind.Rounded),
            AggregateKind.Min or AggregateKind.Max => dice.Percent(70) ? NumberColumn(source) : ("kind", null, ValueKind.Text),
            AggregateKind.Quantile => (NumberColumn(source).Column, null, ValueKind.Rounded),
            AggregateKind.TopValues => (AnyColumn(source).Name, null, ValueKind.Set),
            AggregateKind.Entropy => (AnyColumn(source).Name, null, ValueKind.Rounded),
            AggregateKind.Share => (ColumnOf(source, ValueKind.Boolean), null, ValueKind.Exact),
            // Of rows a microsecond apart the slope is so steep that a rounded value is no point on a level line.
            AggregateKind.Trend => (ColumnOf(source, ValueKind.Exact), null, ValueKind.Rounded),
            AggregateKind.LongestGap or AggregateKind.ActiveDays => (null, null, ValueKind.Exact),
            AggregateKind.MinBy or AggregateKind.MaxBy => AnyColumn(source) is var (name, valueKind) ? (name, Key(source), valueKind) : default,
            _ => AnyColumn(source) is var (name, valueKind) ? (name, (string?)null, valueKind) : default,
        };
        decimal? parameter = kind switch
        {
            AggregateKind.Quantile => dice.Pick(0m, 0.1m, 0.25m, 0.5m, 0.9m, 1m),
            AggregateKind.TopValues => dice.Between(1, 4),
            _ => null,
        };
        return new Typed(type, new AggregateExpression(kind, source.Name, column, by, where, window) { Parameter = parameter, Side = Side(source) });
    }

    private OracleExpression? Stored(ReadableSource source, int chance) => dice.Maybe(chance, new RowConditionGenerator(dice, source.Stored, features).Generate);

    private string? Side(ReadableSource source) => source.Sides.IsEmpty || dice.Percent(50) ? null : dice.Pick(source.Sides).Name;

    private OracleExpression? Where(ReadableSource source, int chance)
    {
        var where = Stored(source, chance);
        if (!source.Sides.IsEmpty && dice.Percent(25)) return IsOnSide(dice.Pick(source.Sides));
        if (source.Time is not null && features.HasFlag(ProgramFeatures.Functions) && dice.Percent(12)) return AgainstCutoff(source.Time, where);
        if (source.Changing.IsEmpty || !dice.Percent(35)) return where;
        var changing = Changing(dice.Pick(source.Changing));
        return where is null ? changing : new BinaryExpression(where, dice.Pick(OracleOperator.And, OracleOperator.Or), changing);
    }

    /// <summary>The last part of the entity's key is the one that the side names.</summary>
    private static BinaryExpression IsOnSide(SideClause side) => new(
        new ColumnExpression(side.Columns[^1]), OracleOperator.Equal, new KeyExpression(side.Columns.Length - 1, side.Columns.Length > 1 ? "shop" : null));

    /// <summary>How far a row lies from the cutoff, or where in the day the cutoff lies.</summary>
    private BinaryExpression AgainstCutoff(string time, OracleExpression? where)
    {
        var cutoff = new CutoffExpression();
        var condition = dice.Percent(70)
            ? new BinaryExpression(
                new CallExpression("days_between", [new ColumnExpression(time), cutoff]), dice.Pick(OracleOperator.Less, OracleOperator.GreaterOrEqual), new LiteralExpression(dice.Pick(0m, 0.5m, 2m, -1m)))
            : new BinaryExpression(new CallExpression("hour_of", [cutoff]), OracleOperator.GreaterOrEqual, new LiteralExpression(12m));
        return where is null ? condition : new BinaryExpression(where, OracleOperator.And, condition);
    }

    private OracleExpression Changing(ReadableColumn changing)
    {
        var column = new ColumnExpression(changing.Name);
        if (dice.Percent(25)) return new IsNullExpression(column, dice.Percent(50));
        return changing.Kind switch
        {
            ValueKind.Boolean => dice.Percent(50) ? column : new NotExpression(column),
            ValueKind.Text => new BinaryExpression(column, dice.Pick(OracleOperator.Equal, OracleOperator.NotEqual), new LiteralExpression("a")),
            _ => new BinaryExpression(column, dice.Pick(OracleOperator.Greater, OracleOperator.LessOrEqual), new LiteralExpression(dice.Pick(0.5m, 1m, 2m))),
        };
    }

    private PastWindow? Window(bool hasWindow)
    {
        if (!hasWindow || dice.Percent(35)) return null;
        var length = dice.Pick(scale.Windows);
        if (features.HasFlag(ProgramFeatures.Params) && dice.Percent(12)) length = LookBack;
        return new PastWindow(length, dice.Maybe(30, () => dice.Pick(scale.Gaps)));
    }

    private (string? Column, string? By, ValueKind Kind) NumberColumn(ReadableSource source)
    {
        var (name, kind) = dice.Pick([.. source.Columns.Where(column => column.Kind is ValueKind.Exact or ValueKind.Rounded)]);
        return (name, null, kind);
    }

    private ReadableColumn AnyColumn(ReadableSource source) => dice.Pick(source.Columns);

    private string ColumnOf(ReadableSource source, ValueKind kind) =>
        dice.Pick([.. source.Columns.Where(column => column.Kind == kind).Select(column => column.Name)]);

    private string Key(ReadableSource source) =>
        dice.Pick([.. source.Columns.Where(column => column.Kind is ValueKind.Exact or ValueKind.Text).Select(column => column.Name)]);
}
