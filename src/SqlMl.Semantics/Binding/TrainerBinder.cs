using System.Collections.Immutable;
using SqlMl.Language.Trainers;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds how a model is trained, against the catalogue of trainers.</summary>
internal sealed class TrainerBinder(ProgramScope scope)
{
    /// <summary>The trainer; null when it could not be understood, which was reported.</summary>
    internal BoundTrainer? Bind(PredictSyntax model)
    {
        switch (model.Find<TrainClauseSyntax>()?.Trainer)
        {
            case null:
                if (model.Find<RankClauseSyntax>() is not null) return null;
                scope.ReportMissing(NameErrors.MissingClause($"model `{model.Name.Text}`", "train", model.Name.Span, "say how to learn: `train xgboost` or `train logistic`"), model.Span);
                return null;
            case NamedTrainerSyntax named:
                return BindNamed(named);
            case var other:
                scope.Report(NameErrors.NotCompiled(other is BestOfTrainerSyntax ? "`best of`" : "an external model", other.Span));
                return null;
        }
    }

    private BoundTrainer? BindNamed(NamedTrainerSyntax syntax)
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
        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var seen = new Dictionary<string, TrainerParameterSyntax>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in syntax.Parameters)
        {
            if (definition.Find(parameter.Name.Text) is not { } known)
            {
                scope.Report(NameErrors.UnknownParameter(definition, parameter.Name.Text, parameter.Name.Span));
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
