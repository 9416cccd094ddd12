using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Trainers;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds one prediction.</summary>
internal sealed class ModelBinder
{
    private readonly ProgramScope _scope;
    private readonly EntitySymbol _entity;
    private readonly PredictSyntax _syntax;
    private readonly ImmutableArray<BoundObserve> _observe;
    private readonly AnchorBinder? _anchor;
    private readonly VarBinder _vars;
    private readonly VarTable _own = new();

    internal ModelBinder(ProgramScope scope, VarBinder outer, EntitySymbol entity, PredictSyntax syntax)
    {
        (_scope, _entity, _syntax) = (scope, entity, syntax);
        _observe = BindObserve();
        _anchor = FindAnchor();
        _vars = new VarBinder(scope, _own, outer, _anchor);
    }

    private string Name => _syntax.Name.Text;

    /// <summary>The model, or one for each label of a family; none when a part could not be understood, which was reported.</summary>
    internal List<BoundModel> Bind()
    {
        ReportRepeated();
        foreach (var clause in _syntax.Clauses)
        {
            if (clause is ModelVarClauseSyntax own) _vars.Declare(_entity, own.Name, own.Value, isModelVar: true);
        }
        _vars.BindAll();

        var when = BindCondition(_syntax.Find<WhenClauseSyntax>()?.Condition, "`when`");
        var labels = BindLabels();
        if (!_syntax.Clauses.Any(clause => clause is ObserveClauseSyntax))
        {
            _scope.ReportMissing(NameErrors.MissingClause($"model `{Name}`", "observe", _syntax.Name.Span, "say where the cutoffs lie, such as `observe every 7 days`"), _syntax.Span);
        }
        var until = BindUntil();
        var features = new FeatureBinder(_scope, _entity, _own, _syntax, _anchor).Bind(_vars);
        var toLearn = ToLearn(labels);
        var trainer = new TrainerBinder(_scope).Bind(_syntax, toLearn);
        var scored = BindCondition(_syntax.Find<ScoreOnlyClauseSyntax>()?.Condition, "`score only when`");
        var (given, history, sample) = (BindGiven(), BindHistory(), BindSample());
        var awaited = new List<BoundWindow>();
        foreach (var label in labels) awaited.AddRange(Horizons(label));
        var split = new SplitBinder(_scope, Name).Bind(_syntax.Find<SplitClauseSyntax>(), Longest(awaited), toLearn);
        var outputs = new OutputBinder(_scope, _entity).Bind(_syntax.Find<OutputClauseSyntax>(), toLearn);
        ReportOthers();
        CheckDecided(labels, when);
        if (trainer is not null) CheckCut(trainer);
        if (labels.Count == 0 || _observe.IsEmpty || trainer is null || split is null) return [];

        if (given is not null) awaited.AddRange(BoundHorizons.Of(given));
        var models = new List<BoundModel>();
        foreach (var label in labels)
        {
            var horizons = Horizons(label).ToList();
            models.Add(new BoundModel
            {
                Name = Name + label.Suffix,
                Span = _syntax.Name.Span,
                Entity = _entity,
                Label = label.Expression,
                LabelSpan = label.Span,
                Task = toLearn!.Task,
                Horizon = Longest(horizons)!,
                Horizons = BoundHorizons.Last(horizons),
                Maturity = BoundHorizons.Last(given is null ? horizons : horizons.Concat(BoundHorizons.Of(given))),
                FamilyMaturity = BoundHorizons.Last(awaited),
                IsInFamily = labels.Count > 1,
                When = when,
                ScoreOnly = scored,
                Given = given,
                RequiredHistory = history,
                Sample = sample,
                Observe = _observe,
                Anchor = _anchor?.Source,
                Until = until,
                AllowImmature = _syntax.Clauses.Any(clause => clause is AllowImmatureClauseSyntax),
                Features = features,
                Trainer = trainer,
                Split = split,
                Outputs = outputs,
            });
        }
        CheckHistory(models[0]);
        new CutoffCheck(_scope, models[0]).Check();
        new UnknowableCheck(_scope, models[0]).Check();
        return models;
    }

    /// <summary>Labels of one class; of a family, which is one mistake, the first.</summary>
    private void CheckDecided(List<LabelMember> labels, BoundExpression? when)
    {
        foreach (var label in labels)
        {
            if (DecidedLabel.Of(label.Expression, null) is { } always) _scope.Report(ModellingErrors.ConstantLabel(Name, always, label.Span));
            else if (when is not null && DecidedLabel.Of(label.Expression, when) is { } decided) _scope.Report(ModellingErrors.DecidedLabel(Name, decided, label.Span, when.Span));
            else continue;
            return;
        }
    }

    /// <summary>A stated cut is a probability; weights make the model's numbers something else.</summary>
    private void CheckCut(BoundTrainer trainer)
    {
        if (!trainer.Parameters.Any(IsWeight)) return;
        foreach (var column in _syntax.Find<OutputClauseSyntax>()?.Columns ?? [])
        {
            if (column is { Kind: "class", Option: { Word: "at", Metric: null } option }) _scope.Report(ModellingErrors.CutOfWeighted(Name, option.Span, trainer.Span));
        }
    }

    private static bool IsWeight(KeyValuePair<string, string> parameter) =>
        parameter is { Key: "class_weight", Value: not "none" } or { Key: "scale_pos_weight", Value: not "1" };

    private void CheckHistory(BoundModel model)
    {
        if (_syntax.Find<RequireHistoryClauseSyntax>() is not { } clause) return;
        if (!model.WindowedAggregates().Any()) _scope.Report(TimeErrors.NoWindowForHistory(Name, clause.Span));
    }

    /// <param name="anchor">What `anchor` is; null where no row is the cutoff.</param>
    /// <param name="readsFuture">True for the label and `given`: they alone read what is not known at the cutoff.</param>
    private ValueBinder Values(AnchorBinder? anchor, bool readsFuture) => new(_scope, _entity, _vars, $"model `{Name}`", anchor, isLabel: readsFuture);

    /// <summary>`anchor`, where every cutoff belongs to a row of one source; null elsewhere.</summary>
    private AnchorBinder? FindAnchor()
    {
        if (_observe.IsEmpty || _observe[0] is not BoundObserveEach { Rows.Source: var source }) return null;
        foreach (var line in _observe)
        {
            if (line is not BoundObserveEach each || each.Rows.Source != source) return null;
        }
        return new AnchorBinder(_scope, source);
    }

    /// <summary>A condition on what is known at the cutoff; null for none.</summary>
    private BoundExpression? BindCondition(ExpressionSyntax? syntax, string clause)
    {
        if (syntax is null) return null;
        var condition = Values(_anchor, readsFuture: false).BindCondition(syntax, clause);
        if (condition.Interval.ReadsFuture) _scope.Report(TimeErrors.FutureInWhen(Name, clause, VarBinder.FutureSpan(condition), VarBinder.ReachWords(condition)));
        return condition;
    }

    private List<LabelMember> BindLabels()
    {
        if (_syntax.Find<LabelClauseSyntax>() is { } clause)
        {
            return new LabelBinder(_scope, Name, () => Values(_anchor?.ForLabel(new LabelHorizon()), readsFuture: true)).Bind(clause.Value);
        }
        if (!_syntax.Clauses.Any(item => item is RankClauseSyntax))
        {
            _scope.ReportMissing(NameErrors.MissingClause($"model `{Name}`", "label", _syntax.Name.Span, "say what is predicted, such as `label not exists(orders) in next 7 days`"), _syntax.Span);
        }
        return [];
    }

    /// <summary>What the labels ask for; those of a family are one expression and agree. Null where there is none.</summary>
    private static LabelToLearn? ToLearn(List<LabelMember> labels) =>
        labels.Count == 0 ? null : new LabelToLearn(LearningTasks.Of(labels[0].Expression.Type)!.Value, labels[0].Span);

    private ImmutableArray<BoundObserve> BindObserve()
    {
        var clauses = _syntax.Clauses.OfType<ObserveClauseSyntax>().ToList();
        var binder = new ObserveBinder(_scope, _entity, Name);
        var lines = new List<BoundObserve>();
        foreach (var clause in _syntax.Clauses)
        {
            if (clause is ObserveClauseSyntax observe && binder.Bind(observe.Observe) is { } line) lines.Add(line);
        }
        var before = lines.Find(line => line is BoundObserveEach { IsBefore: true });
        var at = lines.Find(line => line is not BoundObserveEach { IsBefore: true });
        if (before is not null && at is not null) _scope.Report(TimeErrors.MixedModes(before.Span, at.Span));
        return [.. lines];
    }

    private BoundRows? BindUntil() =>
        _syntax.Find<UntilClauseSyntax>() is { } clause
            ? new ObserveBinder(_scope, _entity, Name).BindFirst(clause.First)
            : null;

    /// <summary>A condition on the future, for training and testing only (rule 49).</summary>
    private BoundExpression? BindGiven()
    {
        if (_syntax.Find<GivenClauseSyntax>() is not { } clause) return null;
        var given = Values(_anchor?.ForLabel(new LabelHorizon()), readsFuture: true).BindCondition(clause.Condition, "`given`");
        if (VarBinder.HoldsMistake(given)) return null;
        if (given.Interval.ReadsFuture) _scope.Report(TimeErrors.GivenFuture(Name, clause.Span));
        else _scope.Report(TimeErrors.GivenPast(Name, clause.Span));
        return given;
    }

    private Duration? BindHistory() =>
        _syntax.Find<RequireHistoryClauseSyntax>() is { } clause ? _scope.BindDuration(clause.Duration) : null;

    private long? BindSample()
    {
        if (_syntax.Find<SampleClauseSyntax>() is not { } clause) return null;
        if (clause.Rows is >= 1 and <= int.MaxValue && clause.Rows == decimal.Truncate(clause.Rows)) return (long)clause.Rows;
        _scope.Report(TypeErrors.ParameterValue("sample", clause.Rows.ToString(CultureInfo.InvariantCulture), $"a whole number from 1 to {int.MaxValue}", clause.Span));
        return null;
    }

    /// <summary>The windows of a label; one without an end for a label that is read whenever it is known.</summary>
    private static IEnumerable<BoundWindow> Horizons(LabelMember label) => BoundHorizons.Of(label.Expression).DefaultIfEmpty(BoundWindow.Whenever);

    /// <summary>The longest of a label's windows, which is called its horizon; null for none.</summary>
    private static BoundWindow? Longest(List<BoundWindow> windows) => 
        windows.Aggregate((BoundWindow?)null, (longest, window) => longest is null || window.ReachMicroseconds > longest.ReachMicroseconds ? window : longest);

    private void ReportRepeated()
    {
        var clauses = new RepeatedClauses(_scope, $"model `{Name}`");
        foreach (var clause in _syntax.Clauses) clauses.Add(Kind(clause), clause);
    }

    private static string? Kind(PredictClauseSyntax clause) => clause switch
    {
        LabelClauseSyntax => "label",
        WhenClauseSyntax => "when",
        ScoreOnlyClauseSyntax => "score only when",
        GivenClauseSyntax => "given",
        UntilClauseSyntax => "until",
        SampleClauseSyntax => "sample",
        RequireHistoryClauseSyntax => "require history",
        UsingClauseSyntax => "using",
        TrainClauseSyntax => "train",
        SplitClauseSyntax => "split",
        OutputClauseSyntax => "output",
        _ => null,
    };

    private void ReportOthers()
    {
        foreach (var clause in _syntax.Clauses)
        {
            switch (clause)
            {
                case RankClauseSyntax:
                    _scope.Report(NameErrors.NotCompiled(Words(clause), clause.Span));
                    break;
                case RetrainClauseSyntax or ScheduleClauseSyntax:
                    _scope.Report(NameErrors.LeftOut(Words(clause), clause.Span));
                    break;
            }
        }
    }

    private static string Words(PredictClauseSyntax clause) => clause switch
    {
        RankClauseSyntax => "`rank`",
        RetrainClauseSyntax => "`retrain`",
        _ => "`schedule`",
    };
}
