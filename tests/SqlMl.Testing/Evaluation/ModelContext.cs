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
    private readonly DateTime? _labelSourcesEnd;

    public ModelContext(OracleProgram program)
    {
        Model = program.Model;
        Sources = program.Sources.ToImmutableDictionary(source => source.Name, source => KnownSource.Read(source, program.AsOf));
        var vars = FeatureColumns.Spread(program.Vars);
        _vars = vars.ToDictionary(var => var.Name);
        Features = FeatureColumns.Select(vars, Model.Using);
        IsBefore = Model.Observations.Any(observation => observation is EachObservation { IsBefore: true });

        var labelAggregates = FutureAggregates(Model.Label);
        var awaited = labelAggregates.Concat(FutureAggregates(Model.Given)).ToList();
        _horizons = [.. labelAggregates.Select(aggregate => (FutureWindow)aggregate.Window!)];
        _awaited = [.. awaited.Select(aggregate => (FutureWindow)aggregate.Window!)];
        var ends = awaited.ConvertAll(aggregate => Sources[aggregate.Source].End);
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
        Expressions().SelectMany(ReadBy).Where(aggregate => aggregate.Window is PastWindow).Select(aggregate => Sources[aggregate.Source]).Distinct();

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
        while (!IsMature(candidate)) candidate -= isUnderADay ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        return candidate;
    }

    /// <summary>The end of the label's longest window at a cutoff: <c>t + G + H</c>.</summary>
    public DateTime LabelEnd(DateTime cutoff) => _horizons.Max(horizon => cutoff.After(horizon.After, horizon.Length));

    /// <summary>The end of the longest window of label and `given`.</summary>
    public DateTime MaturityEnd(DateTime cutoff) => _awaited.Max(horizon => cutoff.After(horizon.After, horizon.Length));

    /// <summary>Whether every source of label and `given` reaches to the end of their windows (rule 5).</summary>
    public bool IsMature(DateTime cutoff) => _labelSourcesEnd is { } end && MaturityEnd(cutoff) <= end;

    /// <summary>Whether every source that is read through a window of the past has had rows for long enough (rule 30).</summary>
    public bool HasHistory(DateTime cutoff) =>
        Model.RequiredHistory is not { } length || WindowedSources.All(source => source.Start is { } start && cutoff.Before(length) >= start);

    /// <summary>Whether `given` holds at a cutoff; null is no.</summary>
    public bool IsGiven(Cutoff cutoff) => Model.Given is null || EvaluateAt(Model.Given, cutoff) is true;

    /// <summary>The label at a cutoff: true, false or null.</summary>
    public bool? Label(Cutoff cutoff) => (bool?)WithDefault(EvaluateAt(Model.Label, cutoff), Model.LabelDefault);

    /// <summary>Whether `when` holds at a cutoff; null is no (rule 49).</summary>
    public bool IsEligible(Cutoff cutoff) => Model.When is null || EvaluateAt(Model.When, cutoff) is true;

    /// <summary>The features at a cutoff, in order of declaration.</summary>
    public ImmutableArray<object?> FeatureValues(Cutoff cutoff) => [.. Features.Select(feature => VarAt(feature, cutoff))];

    /// <summary>The earliest of an entity's rows of a selection; null for none.</summary>
    public DateTime? FirstTime(RowSelection rows, EntityKey key) =>
        Sources[rows.Source].RowsOf(key).Where(row => row.Satisfies(rows.Where)).Min(row => (DateTime?)row.Time);

    private object? VarAt(SingleVar var, Cutoff cutoff) => WithDefault(EvaluateAt(var.Value, cutoff), var.Default);

    private object? EvaluateAt(OracleExpression expression, Cutoff cutoff) => new ExpressionEvaluator(
        leaf => leaf switch
        {
            AggregateExpression aggregate => AggregateAt(aggregate, cutoff),
            VarExpression var => VarAt(_vars[var.Name], cutoff),
            _ => throw new InvalidOperationException($"{leaf} has no value at a cutoff"),
        },
        cutoff.Instant).Evaluate(expression);

    private object? AggregateAt(AggregateExpression aggregate, Cutoff cutoff)
    {
        var interval = TimeInterval.Of(aggregate.Window, cutoff.Instant, IsBefore);
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

    private static List<AggregateExpression> FutureAggregates(OracleExpression? expression) => expression is null
        ? []
        : [.. ExpressionRewriter.Parts(expression).OfType<AggregateExpression>().Where(aggregate => aggregate.Window is FutureWindow)];

    private IEnumerable<OracleExpression> Expressions() =>
        [.. Features.Select(feature => feature.Value), Model.Label, .. new[] { Model.When, Model.Given }.OfType<OracleExpression>()];

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
