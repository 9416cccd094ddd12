using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds one prediction.</summary>
internal sealed class ModelBinder
{
    private sealed record LabelBinding(BoundExpression Expression, SourceSpan Span);

    private readonly ProgramScope _scope;
    private readonly EntitySymbol _entity;
    private readonly PredictSyntax _syntax;
    private readonly VarBinder _vars;
    private readonly VarTable _own = new();
    private readonly ValueBinder _values;

    internal ModelBinder(ProgramScope scope, VarBinder outer, EntitySymbol entity, PredictSyntax syntax)
    {
        (_scope, _entity, _syntax) = (scope, entity, syntax);
        _vars = new VarBinder(scope, _own, outer);
        _values = new ValueBinder(scope, entity, _vars, $"model `{syntax.Name.Text}`");
    }

    private string Name => _syntax.Name.Text;

    /// <summary>The model; null when a part of it could not be understood, which was reported.</summary>
    internal BoundModel? Bind()
    {
        ReportRepeated();
        foreach (var clause in _syntax.Clauses)
        {
            if (clause is ModelVarClauseSyntax own) _vars.Declare(_entity, own.Name, own.Value, isModelVar: true);
        }
        _vars.BindAll();

        var when = BindWhen();
        var label = BindLabel();
        var observe = BindObserve();
        var until = BindUntil();
        var features = new FeatureBinder(_scope, _entity, _own, _syntax).Bind(_vars);
        var trainer = new TrainerBinder(_scope).Bind(_syntax);
        var horizon = label is null ? null : Horizon(label.Expression);
        var split = BindSplit(horizon);
        var outputs = new OutputBinder(_scope, _entity).Bind(_syntax.Find<OutputClauseSyntax>());
        ReportOthers();
        if (label is null || horizon is null || observe.IsEmpty || trainer is null || split is null) return null;

        return new BoundModel
        {
            Name = Name,
            Span = _syntax.Name.Span,
            Entity = _entity,
            Label = label.Expression,
            LabelSpan = label.Span,
            Horizon = horizon,
            When = when,
            Observe = observe,
            Until = until,
            AllowImmature = _syntax.Find<AllowImmatureClauseSyntax>() is not null,
            Features = features,
            Trainer = trainer,
            Split = split,
            Outputs = outputs,
        };
    }

    private BoundExpression? BindWhen()
    {
        if (_syntax.Find<WhenClauseSyntax>() is not { } clause) return null;
        var when = _values.BindCondition(clause.Condition, "`when`");
        if (when.Interval.ReadsFuture) _scope.Report(TimeErrors.FutureInWhen(Name, VarBinder.FutureSpan(when), VarBinder.ReachWords(when)));
        return when;
    }

    private LabelBinding? BindLabel()
    {
        if (_syntax.Find<LabelClauseSyntax>() is not { } clause)
        {
            if (_syntax.Find<RankClauseSyntax>() is null)
            {
                _scope.ReportMissing(NameErrors.MissingClause($"model `{Name}`", "label", _syntax.Name.Span, "say what is predicted, such as `label not exists(orders) in next 7 days`"), _syntax.Span);
            }
            return null;
        }
        if (clause.Value.Family is { } family)
        {
            _scope.Report(NameErrors.NotCompiled("a family of labels", family.Span));
            return null;
        }
        var label = _values.Bind(clause.Value.Expression);
        if (clause.Value.Default is not null)
        {
            label = VarBinder.WithDefault(_values, label, _values.Bind(clause.Value.Default), clause.Value.Span);
        }
        if (VarBinder.HoldsMistake(label)) return null;
        if (label.Type != DataType.Boolean)
        {
            _scope.Report(TypeErrors.LabelType(Name, label.Type, clause.Value.Expression.Span));
            return null;
        }
        if (!label.Interval.ReadsFuture)
        {
            _scope.Report(TimeErrors.LabelWithoutFuture(Name, clause.Value.Expression.Span));
            return null;
        }
        return new LabelBinding(label, clause.Value.Expression.Span);
    }

    private ImmutableArray<BoundObserve> BindObserve()
    {
        if (_syntax.Find<ObserveClauseSyntax>() is null)
        {
            _scope.ReportMissing(NameErrors.MissingClause($"model `{Name}`", "observe", _syntax.Name.Span, "say where the cutoffs lie, such as `observe every 7 days`"), _syntax.Span);
        }
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

    /// <summary>The label's longest window: it decides maturity and purging (rule 42).</summary>
    private static BoundWindow? Horizon(BoundExpression expression)
    {
        if (expression is BoundAggregate aggregate) return aggregate.Window.IsFuture ? aggregate.Window : null;
        BoundWindow? longest = null;
        foreach (var child in expression.Children)
        {
            if (Horizon(child) is { } window && (longest is null || window.ReachMicroseconds > longest.ReachMicroseconds)) longest = window;
        }
        return longest;
    }

    private BoundSplit? BindSplit(BoundWindow? horizon)
    {
        switch (_syntax.Find<SplitClauseSyntax>())
        {
            case null:
                return new BoundSplit(true, [70, 15, 15], 0, false);
            case TimeSplitSyntax time:
                return CheckParts(time.Span, time.Parts) ? new BoundSplit(true, time.Parts, 0, false) : null;
            case RandomSplitSyntax random:
                if (!CheckParts(random.Span, random.Parts)) return null;
                if (horizon is not null) _scope.Report(TimeErrors.OverlappingSplit(Name, random.Span, HorizonLength(horizon)));
                return new BoundSplit(false, random.Parts, Seed(random), random.IsStratified);
            case var other:
                _scope.Report(NameErrors.NotCompiled(other is EntitySplitSyntax ? "`split by entity`" : "`split at`", other.Span));
                return null;
        }
    }

    private long Seed(RandomSplitSyntax split)
    {
        var seed = split.Seed ?? 0;
        if (seed is >= 0 and <= int.MaxValue && seed == decimal.Truncate(seed)) return (long)seed;
        _scope.Report(TypeErrors.ParameterValue("seed", seed.ToString(CultureInfo.InvariantCulture), $"a whole number from 0 to {int.MaxValue}", split.Span));
        return 0;
    }

    private static string HorizonLength(BoundWindow horizon) =>
        horizon.Gap is null ? horizon.Length!.Text : $"{horizon.Length!.Text} and {horizon.Gap.Text}";

    private bool CheckParts(SourceSpan span, ImmutableArray<decimal> parts)
    {
        if (parts.Length is < 2 or > 3) _scope.Report(TimeErrors.SplitParts(span, parts.Length));
        else if (parts.Any(part => part <= 0)) _scope.Report(TimeErrors.SplitShare(span));
        else return true;
        return false;
    }

    private void ReportRepeated()
    {
        var clauses = new RepeatedClauses(_scope, $"model `{Name}`");
        foreach (var clause in _syntax.Clauses) clauses.Add(Kind(clause), clause);
    }

    private static string? Kind(PredictClauseSyntax clause) => clause switch
    {
        LabelClauseSyntax => "label",
        WhenClauseSyntax => "when",
        UntilClauseSyntax => "until",
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
                case GivenClauseSyntax or SampleClauseSyntax or RequireHistoryClauseSyntax or ScoreOnlyClauseSyntax or RankClauseSyntax:
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
        GivenClauseSyntax => "`given`",
        SampleClauseSyntax => "`sample`",
        RequireHistoryClauseSyntax => "`require history`",
        ScoreOnlyClauseSyntax => "`score only when`",
        RankClauseSyntax => "`rank`",
        RetrainClauseSyntax => "`retrain`",
        _ => "`schedule`",
    };
}
