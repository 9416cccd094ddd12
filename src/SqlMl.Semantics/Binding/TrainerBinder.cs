using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Language.Trainers;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>What a label asks of the other clauses of its model.</summary>
internal sealed record LabelToLearn(LearningTask Task, SourceSpan Span);

/// <summary>Binds how a model is trained, against the catalogue of trainers.</summary>
internal sealed class TrainerBinder(ProgramScope scope)
{
    /// <summary>The trainer; null when it could not be understood, which was reported.</summary>
    /// <param name="model">The prediction.</param>
    /// <param name="label">The label that it is to learn; null when that could not be understood, and then nothing is said about whether the two fit.</param>
    internal BoundTrainer? Bind(PredictSyntax model, LabelToLearn? label)
    {
        switch (model.Find<TrainClauseSyntax>()?.Trainer)
        {
            case null:
                if (model.Find<RankClauseSyntax>() is not null) return null;
                scope.ReportMissing(NameErrors.MissingClause($"model `{model.Name.Text}`", "train", model.Name.Span, "say how to learn, such as `train xgboost`"), model.Span);
                return null;
            case NamedTrainerSyntax named:
                return BindNamed(named, label);
            case var other:
                scope.Report(NameErrors.NotCompiled(other is BestOfTrainerSyntax ? "`best of`" : "an external model", other.Span));
                return null;
        }
    }

    private BoundTrainer? BindNamed(NamedTrainerSyntax syntax, LabelToLearn? label)
    {
        if (TrainerCatalogue.Planned.Contains(syntax.Name.Text, StringComparer.OrdinalIgnoreCase))
        {
            scope.Report(NameErrors.NotCompiled($"trainer `{syntax.Name.Text}`", syntax.Name.Span));
            return null;
        }
        if (TrainerCatalogue.Find(syntax.Name.Text) is not { } definition)
        {
            scope.Report(NameErrors.UnknownTrainer(syntax.Name.Text, syntax.Name.Span, TrainerCatalogue.All.Select(item => item.Name)));
            return null;
        }
        if (label is not null && !definition.Tasks.Contains(label.Task))
        {
            var others = TrainerCatalogue.All.Where(other => other.Tasks.Contains(label.Task)).Select(other => other.Name);
            scope.Report(LabelErrors.TrainerMismatch(definition, label.Task, others, syntax.Name.Span, label.Span));
            return null;
        }
        var task = label?.Task ?? definition.Tasks[0];
        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var seen = new Dictionary<string, TrainerParameterSyntax>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in syntax.Parameters)
        {
            if (definition.Find(parameter.Name.Text, task) is not { } known)
            {
                scope.Report(NameErrors.UnknownParameter(definition, parameter.Name.Text, parameter.Name.Span));
            }
            else if (label is not null && !known.Tasks.Contains(task))
            {
                scope.Report(LabelErrors.ParameterMismatch(definition, known, task, parameter.Name.Span, label.Span));
            }
            else if (!seen.TryAdd(known.Name, parameter))
            {
                scope.Report(NameErrors.RepeatedClause($"trainer `{definition.Name}`", known.Name, seen[known.Name].Span, parameter.Span));
            }
            else if (known.Accept(parameter.Value) is not { } value)
            {
                scope.Report(TypeErrors.ParameterValue(parameter.Name.Text, parameter.Value, known.ValueWords, parameter.ValueSpan));
            }
            else if (!known.IsForReadersOnly)
            {
                values.Add(new(known.Name, value));
            }
        }
        return new BoundTrainer(definition.Name, values.ToImmutable(), syntax.Span);
    }
}
