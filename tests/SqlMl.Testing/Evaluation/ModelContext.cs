using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>An entity and an instant at which it is predicted for.</summary>
internal readonly record struct Cutoff(EntityKey Key, DateTime Instant);

/// <summary>A model with the rows it can see: evaluates its expressions at cutoffs, and knows how far its labels reach.</summary>
internal sealed class ModelContext
{
    private readonly Dictionary<string, SingleVar> _vars;
    private readonly Dictionary<OracleExpression, Dictionary<EntityKey, List<KnownRow>>> _filtered = new(ReferenceEqualityComparer.Instance);
    private readonly ImmutableArray<FutureWindow> _horizons;
    private readonly ImmutableArray<FutureWindow> _awaited;
    private readonly ImmutableArray<FutureWindow> _awaitedByFamily;
    private readonly OracleExpression _label;
    private readonly DateTime? _labelSourcesEnd;

    public ModelContext(OracleProgram program)
    {
        Model = program.Model;
        Sources = program.Sources.ToImmutableDictionary(source => source.Name, source => KnownSource.Read(source, program.AsOf));
        var vars = FeatureColumns.Spread(program.Vars);
        _vars = vars.ToDictionary(var => var.Name);
        Features = FeatureColumns.Select(vars, Model.Using);
        IsBefore = Model.Observations.Any(observation => observation is EachObservation { IsBefore: true });

        _label = Model.Family is { } family ? Within(Model.Label, family.Windows[family.Member]) : Model.Label;
        _horizons = [.. Horizons(_label)];
        _awaited = [.. _horizons, .. Horizons(Model.Given)];
        _awaitedByFamily = [.. _awaited, .. Model.Family?.Windows ?? []];
        var ends = ReadLater(_label).Concat(ReadLater(Model.Given)).Select(name => Sources[name].End).ToList();
        _labelSourcesEnd = ends.Contains(null) ? null : ends.Min();

        ReadSources = [.. FindReadSources().Distinct().Select(name => Sources[name])];
        AsOf = program.AsOf ?? ReadSources.Max(source => source.End);
    }

    public OracleModel Model { get; }

    /// <summary>Every source of the program by name.</summary>
    public ImmutableDictionary<string, KnownSource> Sources { get; }

    /// <summary>The sources that features, `when`, label, `observe` or `until` read.</summary>
    public ImmutableArray<KnownSource> ReadSources { get; }

    /// <summary>The sources that features and conditions read through windows of the past.</summary>
    public IEnumerable<KnownSource> WindowedSources =>
        Expressions().Select(WithoutLater).SelectMany(ReadBy).Where(aggregate => aggregate.Window is PastWindow).Select(aggregate => Sources[aggregate.Source]).Distinct();

    public ImmutableArray<SingleVar> Features { get; }

    /// <summary>Whether vars see the state an instant before the cutoff (rule 7).</summary>
    public bool IsBefore { get; }

    /// <summary>The run's instant (rule 48); null where nothing that the model reads has a row.</summary>
    public DateTime? AsOf { get; }

    /// <summary>The last midnight (whole hour, for steps under a day) at which labels are mature; null where a source of the label has no row (rule 23).</summary>
    public DateTime? LastMatureAnchor(OracleDuration step)
    {
        if (_labelSourcesEnd is not { } end) return null;
        var isUnderADay = !step.IsCalendar && step.Exact < TimeSpan.FromDays(1);
        var candidate = isUnderADay ? end.Date.AddHours(end.Hour) : end.Date;
        while (!IsMatureForFamily(candidate)) candidate -= isUnderADay ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        return candidate;
    }

    /// <summary>The end of the label's longest window at a cutoff: <c>t + G + H</c>.</summary>
    public DateTime LabelEnd(DateTime cutoff) => _horizons.Max(horizon => cutoff.After(horizon.After, horizon.Length));

    /// <summary>The end of the longest window of `given` and of all labels of the model's family.</summary>
    public DateTime MaturityEnd(DateTime cutoff) => _awaitedByFamily.Max(horizon => cutoff.After(horizon.After, horizon.Length));

    /// <summary>Whether every source of label and `given` reaches to the end of their windows (rule 5).</summary>
    public bool IsMature(DateTime cutoff) =>
        _labelSourcesEnd is { } end && _awaited.Max(horizon => cutoff.After(horizon.After, horizon.Length)) <= end;

    /// <summary>Whether every label of the model's family is complete.</summary>
    public bool IsMatureForFamily(DateTime cutoff) => _labelSourcesEnd is { } end && MaturityEnd(cutoff) <= end;

    /// <summary>Whether every source that is read through a window of the past has had rows for long enough (rule 30).</summary>
    public bool HasHistory(DateTime cutoff) =>
        Model.RequiredHistory is not { } length || WindowedSources.All(source => source.Start is { } start && cutoff.Before(length) >= start);

    /// <summary>Whether `given` holds at a cutoff; null is no.</summary>
    public bool IsGiven(Cutoff cutoff) => Model.Given is null || EvaluateAt(Model.Given, cutoff, IsBefore) is true;

    /// <summary>The label at a cutoff: true, false or null.</summary>
    public bool? Label(Cutoff cutoff) => (bool?)WithDefault(EvaluateAt(_label, cutoff, IsBefore), Model.LabelDefault);

    /// <summary>Whether `when` holds at a cutoff; null is no (rule 49).</summary>
    public bool IsEligible(Cutoff cutoff) => Model.When is null || EvaluateAt(Model.When, cutoff, IsBefore) is true;

    /// <summary>The features at a cutoff, in order of declaration.</summary>
    public ImmutableArray<object?> FeatureValues(Cutoff cutoff) => [.. Features.Select(feature => VarAt(feature, cutoff, IsBefore))];

    /// <summary>The earliest of an entity's rows of a selection; null for none.</summary>
    public DateTime? FirstTime(RowSelection rows, EntityKey key) =>
        Sources[rows.Source].RowsOf(key).Where(row => row.Satisfies(rows.Where)).Min(row => (DateTime?)row.Time);

    private object? VarAt(SingleVar var, Cutoff cutoff, bool isBefore) => WithDefault(EvaluateAt(var.Value, cutoff, isBefore), var.Default);

    private object? EvaluateAt(OracleExpression expression, Cutoff cutoff, bool isBefore) => new ExpressionEvaluator(
        leaf => leaf switch
        {
            AggregateExpression aggregate => AggregateAt(aggregate, cutoff, isBefore),
            VarExpression var => VarAt(_vars[var.Name], cutoff, isBefore),
            // Rule 8: later, and always in mode `at`.
            LaterExpression later => EvaluateAt(later.Operand, cutoff with { Instant = cutoff.Instant.After(later.Later) }, isBefore: false),
            _ => throw new InvalidOperationException($"{leaf} has no value at a cutoff"),
        },
        cutoff.Instant).Evaluate(expression);

    private object? AggregateAt(AggregateExpression aggregate, Cutoff cutoff, bool isBefore)
    {
        var interval = TimeInterval.Of(aggregate.Window, cutoff.Instant, isBefore);
        return Aggregation.Compute(aggregate, FilteredRows(aggregate, cutoff.Key).FindAll(row => interval.Contains(row.Time)));
    }

    /// <summary>An entity's rows that satisfy the aggregate's `where`, which no cutoff changes: found once.</summary>
    private List<KnownRow> FilteredRows(AggregateExpression aggregate, EntityKey key)
    {
        if (!_filtered.TryGetValue(aggregate, out var byKey)) _filtered.Add(aggregate, byKey = []);
        if (!byKey.TryGetValue(key, out var rows))
        {
            rows = [.. Sources[aggregate.Source].RowsOf(key).Where(row => row.Satisfies(aggregate.Where))];
            byKey.Add(key, rows);
        }
        return rows;
    }

    private static object? WithDefault(object? value, LiteralExpression? otherwise) => value ?? Values.Of(otherwise?.Value);

    /// <summary>The label with one window in every aggregate.</summary>
    private static OracleExpression Within(OracleExpression label, FutureWindow window) =>
        ExpressionRewriter.Rewrite(label, part => part is AggregateExpression aggregate ? aggregate with { Window = window } : part);

    /// <summary>How far an expression looks ahead: its windows of the future, and what is evaluated later.</summary>
    private static IEnumerable<FutureWindow> Horizons(OracleExpression? expression) => expression is null ? [] : ExpressionRewriter.Parts(expression).SelectMany(part => part switch
    {
        AggregateExpression { Window: FutureWindow window } => [window],
        LaterExpression later => [new FutureWindow(later.Later, null)],
        _ => Enumerable.Empty<FutureWindow>(),
    });

    /// <summary>The sources whose rows after the cutoff an expression reads.</summary>
    private IEnumerable<string> ReadLater(OracleExpression? expression) => expression is null ? [] : ExpressionRewriter.Parts(expression).SelectMany(part => part switch
    {
        AggregateExpression { Window: FutureWindow } aggregate => [aggregate.Source],
        LaterExpression later => ReadBy(later.Operand).Select(aggregate => aggregate.Source),
        _ => Enumerable.Empty<string>(),
    });

    private IEnumerable<OracleExpression> Expressions() =>
        [.. Features.Select(feature => feature.Value), _label, .. new[] { Model.When, Model.Given }.OfType<OracleExpression>()];

    private static OracleExpression WithoutLater(OracleExpression expression) =>
        ExpressionRewriter.Rewrite(expression, part => part is LaterExpression ? new LiteralExpression(null) : part);

    private IEnumerable<string> FindReadSources()
    {
        return Expressions().SelectMany(ReadBy).Select(aggregate => aggregate.Source)
            .Concat(Model.Observations.Select(observation => observation switch
            {
                EachObservation each => each.Rows.Source,
                AfterFirstObservation first => first.Rows.Source,
                _ => null,
            }).OfType<string>())
            .Concat(Model.Until is null ? [] : [Model.Until.Source]);
    }

    private IEnumerable<AggregateExpression> ReadBy(OracleExpression expression) => ExpressionRewriter.Parts(expression).SelectMany(part => part switch
    {
        AggregateExpression aggregate => [aggregate],
        VarExpression var => ReadBy(_vars[var.Name].Value),
        _ => Enumerable.Empty<AggregateExpression>(),
    });
}
