using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>An entity and an instant at which it is predicted for; in event modes with the row that is the cutoff.</summary>
internal readonly record struct Cutoff(EntityKey Key, DateTime Instant, KnownRow? Anchor = null);

/// <summary>A model with the rows it can see: evaluates its expressions at cutoffs, and knows how far its labels reach.</summary>
internal sealed class ModelContext
{
    private readonly Dictionary<string, SingleVar> _vars;
    private readonly Dictionary<OracleExpression, Dictionary<EntityKey, List<KnownRow>>> _filtered = new(ReferenceEqualityComparer.Instance);
    private readonly ImmutableArray<FutureWindow> _horizons;
    private readonly DateTime? _labelSourcesEnd;
    private readonly DateTime? _statedAsOf;

    public ModelContext(OracleProgram program)
    {
        Model = program.Model;
        _statedAsOf = program.AsOf;
        Sources = SourceReader.Read(program);
        var vars = FeatureColumns.Spread([.. program.Vars, .. Model.Vars]);
        _vars = vars.ToDictionary(var => var.Name);
        Features = FeatureColumns.Select(vars, Model.Using);
        IsBefore = Model.Observations.Any(observation => observation is EachObservation { IsBefore: true });
        ReadSources = [.. FindReadSources().Distinct().Select(name => Sources[name])];
        AsOf = program.AsOf ?? ReadSources.Max(source => source.LastKnown);

        var labelParts = ExpressionRewriter.Parts(Model.Label).ToList();
        _horizons = [.. labelParts.Select(WindowOf).OfType<FutureWindow>()];
        if (AsOf is not { } asOf) return;
        var ends = labelParts.SelectMany(SourcesOfLabelPart).Select(name => Sources[name].End(asOf)).ToList();
        _labelSourcesEnd = ends.Contains(null) ? null : ends.Min();
    }

    public OracleModel Model { get; }

    /// <summary>Every source of the program by name.</summary>
    public IReadOnlyDictionary<string, KnownSource> Sources { get; }

    /// <summary>The sources whose rows features, `when`, label, `observe` or `until` take; joined sources and states are read through these.</summary>
    public ImmutableArray<KnownSource> ReadSources { get; }

    public ImmutableArray<SingleVar> Features { get; }

    /// <summary>Whether vars see the state an instant before the cutoff (rule 7).</summary>
    public bool IsBefore { get; }

    /// <summary>The key of the anchor (rule 47); empty where cutoffs are rows of several sources, which have none in common.</summary>
    public ImmutableArray<object?> AnchorKey(Cutoff cutoff)
    {
        var sources = Model.Observations.Select(line => line switch { EachObservation each => each.Rows.Source, OffsetEachObservation offset => offset.Rows.Source, _ => null });
        return cutoff.Anchor is { } anchor && sources.Distinct().Count() == 1 ? anchor.UniqueKey : [];
    }

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

    /// <summary>The end of the label's longest window at a cutoff: <c>t + G + H</c>; the cutoff itself where no part has a window.</summary>
    public DateTime LabelEnd(DateTime cutoff) =>
        _horizons.Select(horizon => cutoff.After(horizon.After, horizon.Length)).DefaultIfEmpty(cutoff).Max();

    /// <summary>Whether every source of the label reaches to the end of its window (rule 5).</summary>
    public bool IsMature(DateTime cutoff) => _labelSourcesEnd is { } end && LabelEnd(cutoff) <= end;

    /// <summary>The label at a cutoff: true, false or null.</summary>
    public bool? Label(Cutoff cutoff) => (bool?)WithDefault(EvaluateAt(Model.Label, cutoff, isLabel: true), Model.LabelDefault);

    /// <summary>Whether `when` holds at a cutoff; null is no (rule 49).</summary>
    public bool IsEligible(Cutoff cutoff) => Model.When is null || EvaluateAt(Model.When, cutoff) is true;

    /// <summary>The features at a cutoff, in order of declaration.</summary>
    public ImmutableArray<object?> FeatureValues(Cutoff cutoff) => [.. Features.Select(feature => VarAt(feature, cutoff))];

    /// <summary>An entity's rows of a selection, whose condition reads only what does not change.</summary>
    public IEnumerable<KnownRow> RowsOf(RowSelection rows, EntityKey key) =>
        Sources[rows.Source].RowsOf(key).Where(row => row.Satisfies(rows.Where, Moment.Whenever));

    private object? VarAt(SingleVar var, Cutoff cutoff) => WithDefault(EvaluateAt(var.Value, cutoff), var.Default);

    private object? EvaluateAt(OracleExpression expression, Cutoff cutoff, bool isLabel = false) => new ExpressionEvaluator(
        leaf => leaf switch
        {
            AggregateExpression aggregate => AggregateAt(aggregate, cutoff, isLabel),
            VarExpression var => VarAt(_vars[var.Name], cutoff),
            AnchorExpression anchor => cutoff.Anchor!.Value(anchor.Column, isLabel ? LabelMoment(anchor.Window, cutoff) : Past(cutoff)),
            StateExpression state => Sources[state.Source].StateOf(cutoff.Key, Past(cutoff))?.Value(state.Column, Past(cutoff)),
            _ => throw new InvalidOperationException($"{leaf} has no value at a cutoff"),
        },
        cutoff.Instant).Evaluate(expression);

    private Moment Past(Cutoff cutoff) => Moment.Cutoff(cutoff.Instant, IsBefore);

    /// <summary>Rule 17: a label reads late columns as known at the end of its window; without a window whenever they were known.</summary>
    private Moment LabelMoment(FutureWindow? window, Cutoff cutoff) =>
        window is null ? Moment.Run(AsOf!.Value) : Moment.WindowEnd(Known(cutoff.Instant.After(window.After, window.Length)));

    /// <summary>Rule 48: a stated as_of hides whatever was not known by then.</summary>
    private DateTime Known(DateTime end) => _statedAsOf < end ? _statedAsOf.Value : end;

    private object? AggregateAt(AggregateExpression aggregate, Cutoff cutoff, bool isLabel)
    {
        var interval = TimeInterval.Of(aggregate.Window, cutoff.Instant, IsBefore);
        var isLabelWindow = isLabel && aggregate.Window is FutureWindow;
        var moment = isLabelWindow ? LabelMoment((FutureWindow)aggregate.Window!, cutoff) : Past(cutoff);
        // Rule 6: of the rows of a label's window all count that are known at as_of; elsewhere those that were known by the cutoff.
        var rows = FilteredRows(aggregate, cutoff, moment)
            .FindAll(row => interval.Contains(row.Time) && (isLabelWindow || moment.HasReached(row.Known)));
        return Aggregation.Compute(aggregate, rows, moment, Sources[aggregate.Source].OrderBy);
    }

    /// <summary>An entity's rows that satisfy the aggregate's `where`: found once where no cutoff changes it.</summary>
    private List<KnownRow> FilteredRows(AggregateExpression aggregate, Cutoff cutoff, Moment moment)
    {
        List<KnownRow> Find() => [.. Sources[aggregate.Source].RowsOf(cutoff.Key).Where(row => row.Satisfies(aggregate.Where, moment, cutoff.Anchor))];
        if (!Sources[aggregate.Source].IsUnchanging || ReadsAnchor(aggregate)) return Find();
        if (!_filtered.TryGetValue(aggregate, out var byKey)) _filtered.Add(aggregate, byKey = []);
        if (!byKey.TryGetValue(cutoff.Key, out var rows)) byKey.Add(cutoff.Key, rows = Find());
        return rows;
    }

    private static bool ReadsAnchor(AggregateExpression aggregate) =>
        aggregate.Where is not null && ExpressionRewriter.Parts(aggregate.Where).Any(part => part is AnchorExpression);

    private static object? WithDefault(object? value, LiteralExpression? otherwise) => value ?? Values.Of(otherwise?.Value);

    private static OracleWindow? WindowOf(OracleExpression labelPart) => labelPart switch
    {
        AggregateExpression aggregate => aggregate.Window,
        AnchorExpression anchor => anchor.Window,
        _ => null,
    };

    /// <summary>The sources that must reach to the label's end: those whose rows it takes, and the anchor's where it reads the anchor.</summary>
    private IEnumerable<string> SourcesOfLabelPart(OracleExpression part) => part switch
    {
        AggregateExpression aggregate => [aggregate.Source],
        AnchorExpression => ObservedSources(),
        _ => [],
    };

    private IEnumerable<string> ObservedSources() => Model.Observations.Select(observation => observation switch
    {
        EachObservation each => each.Rows.Source,
        OffsetEachObservation offset => offset.Rows.Source,
        AfterFirstObservation first => first.Rows.Source,
        _ => null,
    }).OfType<string>();

    private IEnumerable<string> FindReadSources()
    {
        var expressions = Features.Select(feature => feature.Value).Append(Model.Label);
        if (Model.When is not null) expressions = expressions.Append(Model.When);
        return expressions.SelectMany(ReadBy).Concat(ObservedSources()).Concat(Model.Until is null ? [] : [Model.Until.Source]);
    }

    private IEnumerable<string> ReadBy(OracleExpression expression) => ExpressionRewriter.Parts(expression).SelectMany(part => part switch
    {
        AggregateExpression aggregate => [aggregate.Source],
        VarExpression var => ReadBy(_vars[var.Name].Value),
        _ => Enumerable.Empty<string>(),
    });
}
