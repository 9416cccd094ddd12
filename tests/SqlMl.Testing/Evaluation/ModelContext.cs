using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>An entity and an instant at which it is predicted for; in event modes with the row that is the cutoff.</summary>
internal readonly record struct Cutoff(EntityKey Key, DateTime Instant, KnownRow? Anchor = null);

/// <summary>Whose cutoff it is.</summary>
internal enum Role
{
    /// <summary>The predicted entity's.</summary>
    Predicted,

    /// <summary>The other entity's, to whom the predicted one is linked.</summary>
    Other,

    /// <summary>A member's of the predicted one.</summary>
    Member,
}

/// <summary>How an expression reads: in which mode, whether it may see what came after the cutoff, and whether its cutoff was moved.</summary>
internal readonly record struct Reading(bool IsBefore, bool IsLabel, bool IsLater)
{
    /// <summary>Whose vars and rows it reads.</summary>
    public Role Role { get; init; }
}

/// <summary>A model with the rows it can see: evaluates its expressions at cutoffs, and knows how far its labels reach.</summary>
internal sealed class ModelContext
{
    private readonly Dictionary<string, SingleVar> _vars;
    private readonly Dictionary<string, SingleVar> _otherVars;
    private readonly IReadOnlyDictionary<string, KnownSource> _otherSources;
    private readonly string? _linking;
    private readonly LastLink? _lastLink;
    private readonly Membership? _members;
    private readonly Dictionary<SingleVar, OracleExpression> _learned = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<OracleExpression, Dictionary<EntityKey, List<KnownRow>>> _filtered = new(ReferenceEqualityComparer.Instance);
    private readonly ImmutableArray<FutureWindow> _horizons;
    private readonly ImmutableArray<FutureWindow> _awaited;
    private readonly ImmutableArray<FutureWindow> _awaitedByFamily;
    private readonly OracleExpression _label;
    private readonly DateTime? _labelSourcesEnd;
    private readonly DateTime? _statedAsOf;

    public ModelContext(OracleProgram program)
    {
        Model = program.Model;
        _statedAsOf = program.AsOf;
        Sources = SourceReader.Read(program);
        Population = program.Population;
        var vars = FeatureColumns.Spread([.. program.Vars, .. Model.Vars]);
        _vars = vars.ToDictionary(var => var.Name);
        _otherVars = FeatureColumns.Spread(program.Other?.Vars ?? []).ToDictionary(var => var.Name);
        _otherSources = SourceReader.Read(program with { Sources = [.. program.Sources.Select(source => source with { Keys = source.OtherKeys, Sides = [] })] });
        // Where several sources name both entities, cutoffs are the rows of a union of such.
        var linking = program.Sources.Where(source => !source.OtherKeys.IsEmpty && !source.Keys.IsEmpty).ToList();
        _linking = linking.Count > 1 ? program.Unions.Single().Name : linking.FirstOrDefault()?.Name;
        _lastLink = linking.Count == 1 ? new LastLink(linking[0].Name, linking[0].OtherKeys) : null;
        _members = program.Members is { } members ? new Membership(program, members) : null;
        Features = FeatureColumns.Select(vars, Model.Using);
        IsBefore = Model.Observations.Any(observation => observation is EachObservation { IsBefore: true });
        _label = Model.Family is { } family ? Within(Model.Label, family.Windows[family.Member]) : Model.Label;
        ReadSources = [.. FindReadSources().Distinct().Select(name => Sources[name])];
        AsOf = program.AsOf ?? ReadSources.Max(source => source.LastKnown);

        _horizons = [.. Horizons(_label)];
        _awaited = [.. _horizons, .. Horizons(Model.Given)];
        _awaitedByFamily = [.. _awaited, .. Model.Family?.Windows ?? []];
        if (AsOf is not { } asOf) return;
        var ends = ReadLater(_label).Concat(ReadLater(Model.Given)).Select(name => Sources[name].End(asOf)).ToList();
        _labelSourcesEnd = ends.Contains(null) ? null : ends.Min();
    }

    public OracleModel Model { get; }

    /// <summary>Every source of the program by name.</summary>
    public IReadOnlyDictionary<string, KnownSource> Sources { get; }

    /// <summary>Who there is, where the program says so.</summary>
    public OraclePopulation? Population { get; }

    /// <summary>Whether a row that is known by an instant declares the entity, from that instant or an earlier one on; in mode `before`, both before it.</summary>
    public bool IsDeclared(EntityKey key, DateTime instant)
    {
        var moment = Moment.Cutoff(instant, IsBefore);
        return Sources[Population!.Source].RowsOf(key).Any(row => moment.HasReached(row.Known)
            && (Population.Since is null ? row.Time : row.Value(Population.Since, Moment.Whenever)) is DateTime since && moment.HasReached(since));
    }

    /// <summary>The sources whose rows features, `when`, label, `observe` or `until` take; joined sources and states are read through these.</summary>
    public ImmutableArray<KnownSource> ReadSources { get; }

    /// <summary>The sources that features and conditions read through windows of the past.</summary>
    public IEnumerable<KnownSource> WindowedSources =>
        Expressions().Select(WithoutLater).SelectMany(ReadBy).Where(aggregate => aggregate.Window is PastWindow).Select(aggregate => Sources[aggregate.Source]).Distinct();

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
        while (!IsMatureForFamily(candidate)) candidate -= isUnderADay ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        return candidate;
    }

    /// <summary>The end of the label's longest window at a cutoff: <c>t + G + H</c>; the cutoff itself where no part has a window.</summary>
    public DateTime LabelEnd(DateTime cutoff) => End(_horizons, cutoff);

    /// <summary>The end of the longest window of `given` and of all labels of the model's family.</summary>
    public DateTime MaturityEnd(DateTime cutoff) => End(_awaitedByFamily, cutoff);

    /// <summary>Whether every source of label and `given` reaches to the end of their windows (rule 5).</summary>
    public bool IsMature(DateTime cutoff) => _labelSourcesEnd is { } end && End(_awaited, cutoff) <= end;

    /// <summary>Whether every label of the model's family is complete.</summary>
    public bool IsMatureForFamily(DateTime cutoff) => _labelSourcesEnd is { } end && MaturityEnd(cutoff) <= end;

    /// <summary>Whether every source that is read through a window of the past has had rows for long enough (rule 30).</summary>
    public bool HasHistory(DateTime cutoff) =>
        Model.RequiredHistory is not { } length || WindowedSources.All(source => source.Start is { } start && cutoff.Before(length) >= start);

    /// <summary>Whether `given` holds at a cutoff; null is no.</summary>
    public bool IsGiven(Cutoff cutoff) => Model.Given is null || EvaluateAt(Model.Given, cutoff, Outcome) is true;

    /// <summary>The label at a cutoff: true or false, a number, a text, or null.</summary>
    public object? Label(Cutoff cutoff) => WithDefault(EvaluateAt(_label, cutoff, Outcome), Model.LabelDefault);

    /// <summary>Whether `when` holds at a cutoff; null is no (rule 49).</summary>
    public bool IsEligible(Cutoff cutoff) => Model.When is null || EvaluateAt(Model.When, cutoff, Now) is true;

    /// <summary>Whether a row that is due is scored; null is no.</summary>
    public bool IsScored(Cutoff cutoff) => Model.ScoreOnly is null || EvaluateAt(Model.ScoreOnly, cutoff, Now) is true;

    /// <summary>The features at a cutoff, in order of declaration.</summary>
    public ImmutableArray<object?> FeatureValues(Cutoff cutoff) => [.. Features.Select(feature => VarAt(feature, cutoff, Now))];

    /// <summary>An entity's rows of a selection, whose condition reads only what does not change.</summary>
    public IEnumerable<KnownRow> RowsOf(RowSelection rows, EntityKey key) =>
        Sources[rows.Source].RowsOf(key, rows.Side).Where(row => row.Satisfies(rows.Where, Moment.Whenever, owner: key));

    /// <summary>Fixes the values of each pivot that learns (rule 39): those that most of the cutoffs see, each once, of equally many the smallest.</summary>
    public void Learn(IReadOnlyList<Cutoff> trained)
    {
        foreach (var pivot in Features.Where(feature => feature.Learned is not null).GroupBy(feature => feature.Learned!.Pivot))
        {
            var first = pivot.First();
            var (clause, whole) = (first.Learned!.Clause, (AggregateExpression)first.Value);
            var values = trained.SelectMany(cutoff => RowsAt(whole, cutoff, Now).Select(row => Functions.Cast(row.Row.Value(clause.Column, row.Moment), OracleType.String)).OfType<string>().Distinct())
                .CountBy(value => value).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, Comparer<string>.Create(Values.Order)).Take(clause.Top!.Value).Select(pair => pair.Key).ToImmutableArray();
            foreach (var column in pivot)
            {
                _learned[column] = column.Learned! switch
                {
                    { IsNull: true } => FeatureColumns.OfNull(whole, clause.Column),
                    { Rank: null } => FeatureColumns.OfOthers(whole, clause.Column, values),
                    { Rank: { } rank } => FeatureColumns.OfValue(whole, clause.Column, rank <= values.Length ? values[rank - 1] : null),
                };
            }
        }
    }

    private object? VarAt(SingleVar var, Cutoff cutoff, Reading reading) =>
        WithDefault(EvaluateAt(var.Learned is null ? var.Value : _learned[var], cutoff, reading), var.Default);

    private Dictionary<string, SingleVar> VarsOf(Reading reading) => reading.Role switch
    {
        Role.Other => _otherVars,
        Role.Member => _members!.Vars,
        _ => _vars,
    };

    /// <summary>What vars and eligibility see.</summary>
    private Reading Now => new(IsBefore, IsLabel: false, IsLater: false);

    /// <summary>What a label and `given` see.</summary>
    private Reading Outcome => new(IsBefore, IsLabel: true, IsLater: false);

    /// <summary>What they see of what is evaluated later.</summary>
    private static Reading Later => new(IsBefore: false, IsLabel: true, IsLater: true);

    /// <summary>What vars see: as of the cutoff, or later with what is evaluated later.</summary>
    private Reading Then(Reading reading) => reading.IsLater ? reading : Now;

    private object? EvaluateAt(OracleExpression expression, Cutoff cutoff, Reading reading) => new ExpressionEvaluator(
        leaf => leaf switch
        {
            AggregateExpression aggregate => AggregateAt(aggregate, cutoff, reading),
            KeyExpression key => Values.Of(cutoff.Key.Parts[key.Part]),
            VarExpression var => VarAt(VarsOf(reading)[var.Name], cutoff, reading.IsLater || reading.Role != Role.Predicted ? reading : Now),
            LinkedExpression linked => LinkOf(cutoff, reading) is { } other ? VarAt(_otherVars[linked.Name], new Cutoff(other, cutoff.Instant), Then(reading) with { Role = Role.Other }) : null,
            AnchorExpression anchor => cutoff.Anchor!.Value(anchor.Column, AnchorMoment(anchor, cutoff, reading)),
            StateExpression state => Sources[state.Source].StateOf(cutoff.Key, Past(cutoff, reading))?.Value(state.Column, Past(cutoff, reading)),
            // Rule 8: later, and always in mode `at`.
            LaterExpression later => EvaluateAt(later.Operand, cutoff with { Instant = cutoff.Instant.After(later.Later) }, Later),
            _ => throw new InvalidOperationException($"{leaf} has no value at a cutoff"),
        },
        cutoff.Instant).Evaluate(expression);

    /// <summary>Rule 21: whom the cutoff's own row names, else the last known row that names somebody; null for nobody.</summary>
    private EntityKey? LinkOf(Cutoff cutoff, Reading reading)
    {
        if (!IsLinkedByAnchor) return NamedBy(_lastLink!, cutoff, Then(reading));
        var parts = cutoff.Anchor!.OtherKeys.Select(column => Values.Stored(cutoff.Anchor.Value(column, Moment.Whenever))).ToList();
        return parts.Contains(null) ? null : new EntityKey([.. parts.OfType<object>()]);
    }

    private EntityKey? NamedBy(LastLink link, Cutoff cutoff, Reading reading)
    {
        var rows = RowsAt(link.Rows, cutoff, reading);
        return rows.Count == 0 ? null : link.Of(rows.ConvertAll(row => row.Row), rows[0].Moment, Sources[link.Rows.Source]);
    }

    private bool IsLinkedByAnchor => Model.Observations.All(line => line is EachObservation or OffsetEachObservation) && ObservedSources().Distinct().SequenceEqual([_linking!]);

    /// <summary>Rule 21: over the vars of those whom the last known row that names somebody gives to the cutoff's entity, as of the same instant.</summary>
    private object? RollupAt(AggregateExpression rollup, Cutoff cutoff, Reading outer)
    {
        var reading = Then(outer) with { Role = Role.Member };
        var rows = new List<KnownRow>();
        foreach (var key in _members!.Candidates)
        {
            var member = new Cutoff(key, cutoff.Instant);
            if (NamedBy(_members.Link, member, reading) is not { } owner || !owner.Equals(cutoff.Key)) continue;
            var row = _members.Row(Membership.ReadBy(rollup).ToDictionary(name => name, name => VarAt(_members.Vars[name], member, reading)));
            if (row.Satisfies(rollup.Where, Moment.Whenever, cutoff.Anchor, cutoff.Key, cutoff.Instant)) rows.Add(row);
        }
        return Aggregation.Compute(rollup, rows, Moment.Whenever, source: null);
    }

    private IReadOnlyDictionary<string, KnownSource> SourcesOf(Reading reading) => reading.Role switch
    {
        Role.Other => _otherSources,
        Role.Member => _members!.Sources,
        _ => Sources,
    };

    private Moment Past(Cutoff cutoff, Reading reading) =>
        reading.IsLater ? Moment.WindowEnd(Known(cutoff.Instant)) : Moment.Cutoff(cutoff.Instant, reading.IsBefore);

    /// <summary>Rule 17: a label reads late columns as known at the end of its window; without a window whenever they were known.</summary>
    private Moment LabelMoment(FutureWindow? window, Cutoff cutoff) =>
        window is null ? Moment.Run(AsOf!.Value) : Moment.WindowEnd(Known(cutoff.Instant.After(window.After, window.Length)));

    /// <summary>Rule 48: a stated as_of hides whatever was not known by then.</summary>
    private DateTime Known(DateTime end) => _statedAsOf < end ? _statedAsOf.Value : end;

    private Moment AnchorMoment(AnchorExpression anchor, Cutoff cutoff, Reading reading) =>
        reading is { IsLabel: true, IsLater: false } ? LabelMoment(anchor.Window, cutoff) : Past(cutoff, reading);

    private object? AggregateAt(AggregateExpression aggregate, Cutoff cutoff, Reading reading)
    {
        if (reading.Role == Role.Predicted && aggregate.Source == _members?.Name) return RollupAt(aggregate, cutoff, reading);
        var rows = RowsAt(aggregate, cutoff, reading);
        return Aggregation.Compute(aggregate, rows.ConvertAll(row => row.Row), rows.Count > 0 ? rows[0].Moment : Moment.Whenever, Sources[aggregate.Source]);
    }

    /// <summary>The rows that an aggregate is over, and the moment as of which all of them are read.</summary>
    private List<(KnownRow Row, Moment Moment)> RowsAt(AggregateExpression aggregate, Cutoff cutoff, Reading reading)
    {
        var interval = TimeInterval.Of(aggregate.Window, cutoff.Instant, reading.IsBefore);
        var ahead = aggregate.Window as FutureWindow;
        // Of what lies ahead of a later cutoff a var sees what is planned.
        var isOfLabel = reading.IsLabel && (ahead is not null != reading.IsLater);
        var moment = isOfLabel && ahead is not null ? LabelMoment(ahead, cutoff) : Past(cutoff, reading);
        // Rule 6: of the rows of a label's window all count that are known at as_of; elsewhere those that were known by the cutoff.
        return FilteredRows(SourcesOf(reading)[aggregate.Source], aggregate, cutoff, moment)
            .FindAll(row => interval.Contains(row.Time) && (isOfLabel || moment.HasReached(row.Known))).ConvertAll(row => (row, moment));
    }

    /// <summary>An entity's rows that satisfy the aggregate's `where`: found once where no cutoff changes it.</summary>
    private List<KnownRow> FilteredRows(KnownSource source, AggregateExpression aggregate, Cutoff cutoff, Moment moment)
    {
        List<KnownRow> Find() => [.. source.RowsOf(cutoff.Key, aggregate.Side)
            .Where(row => row.Satisfies(aggregate.Where, moment, cutoff.Anchor, cutoff.Key, cutoff.Instant))];
        if (!source.IsUnchanging || ReadsCutoff(aggregate)) return Find();
        if (!_filtered.TryGetValue(aggregate, out var byKey)) _filtered.Add(aggregate, byKey = []);
        if (!byKey.TryGetValue(cutoff.Key, out var rows)) byKey.Add(cutoff.Key, rows = Find());
        return rows;
    }

    private static bool ReadsCutoff(AggregateExpression aggregate) =>
        aggregate.Where is not null && ExpressionRewriter.Parts(aggregate.Where).Any(part => part is AnchorExpression or CutoffExpression);

    private static object? WithDefault(object? value, LiteralExpression? otherwise) => value ?? Values.Of(otherwise?.Value);

    /// <summary>The label with one window in every aggregate.</summary>
    private static OracleExpression Within(OracleExpression label, FutureWindow window) =>
        ExpressionRewriter.Rewrite(label, part => part is AggregateExpression aggregate ? aggregate with { Window = window } : part);

    /// <summary>How far an expression looks ahead: its windows of the future, and what is evaluated later.</summary>
    private static IEnumerable<FutureWindow> Horizons(OracleExpression? expression) => expression is null ? [] : ExpressionRewriter.Parts(expression).SelectMany(part => part switch
    {
        AggregateExpression { Window: FutureWindow window } => [window],
        AnchorExpression { Window: { } window } => [window],
        LaterExpression later => [new FutureWindow(later.Later, null)],
        _ => Enumerable.Empty<FutureWindow>(),
    });

    /// <summary>The end of the window that ends last; the cutoff itself without one.</summary>
    private static DateTime End(ImmutableArray<FutureWindow> windows, DateTime cutoff) =>
        windows.Select(window => cutoff.After(window.After, window.Length)).DefaultIfEmpty(cutoff).Max();

    /// <summary>The sources whose rows after the cutoff an expression reads, and the anchor's where it reads the anchor.</summary>
    private IEnumerable<string> ReadLater(OracleExpression? expression) => expression is null ? [] : ExpressionRewriter.Parts(expression).SelectMany(part => part switch
    {
        AggregateExpression { Window: FutureWindow } aggregate => [aggregate.Source],
        AnchorExpression => ObservedSources(),
        LaterExpression later => ReadBy(later.Operand).Select(aggregate => aggregate.Source),
        _ => Enumerable.Empty<string>(),
    });

    private IEnumerable<OracleExpression> Expressions() =>
        [.. Features.Select(feature => feature.Value), _label, .. new[] { Model.When, Model.Given }.OfType<OracleExpression>()];

    private static OracleExpression WithoutLater(OracleExpression expression) =>
        ExpressionRewriter.Rewrite(expression, part => part is LaterExpression ? new LiteralExpression(null) : part);

    private IEnumerable<string> ObservedSources() => Model.Observations.Select(observation => observation switch
    {
        EachObservation each => each.Rows.Source,
        OffsetEachObservation offset => offset.Rows.Source,
        AfterFirstObservation first => first.Rows.Source,
        _ => null,
    }).OfType<string>();

    private IEnumerable<string> FindReadSources()
    {
        return Expressions().Concat(Model.ScoreOnly is { } scored ? [scored] : []).SelectMany(ReadBy).Select(aggregate => aggregate.Source)
            .Concat(ObservedSources()).Concat(Model.Until is null ? [] : [Model.Until.Source]);
    }

    private IEnumerable<AggregateExpression> ReadBy(OracleExpression expression) => ExpressionRewriter.Parts(expression).SelectMany(part => part switch
    {
        AggregateExpression aggregate => aggregate.Source == _members?.Name ? _members.Reads(aggregate) : [aggregate],
        VarExpression var => ReadBy(_vars[var.Name].Value),
        LinkedExpression linked => ReadByOther(_otherVars[linked.Name].Value),
        _ => Enumerable.Empty<AggregateExpression>(),
    });

    /// <summary>What a var of the other entity reads, and the rows that link to it.</summary>
    private IEnumerable<AggregateExpression> ReadByOther(OracleExpression expression)
    {
        if (!IsLinkedByAnchor) yield return _lastLink!.Rows;
        foreach (var part in ExpressionRewriter.Parts(expression))
        {
            if (part is AggregateExpression aggregate) yield return aggregate;
            if (part is not VarExpression var) continue;
            foreach (var read in ReadByOther(_otherVars[var.Name].Value)) yield return read;
        }
    }
}
