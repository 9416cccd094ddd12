using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Trainers;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds how a model is trained, against the catalogue of trainers.</summary>
internal sealed class TrainerBinder(ProgramScope scope)
{
    /// <summary>The trainer; null when it could not be understood, which was reported.</summary>
    internal BoundTrainer? Bind(PredictSyntax model)
    {
        switch (model.Clauses.OfType<TrainClauseSyntax>().FirstOrDefault()?.Trainer)
        {
            case null:
                if (model.Clauses.Any(clause => clause is RankClauseSyntax)) return null;
                scope.Report(NameErrors.MissingClause($"model `{model.Name.Text}`", "train", model.Name.Span, "say how to learn: `train xgboost` or `train logistic`"));
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
            if (!seen.TryAdd(parameter.Name.Text, parameter))
            {
                scope.Report(NameErrors.RepeatedClause($"trainer `{definition.Name}`", parameter.Name.Text, seen[parameter.Name.Text].Span, parameter.Span));
            }
            else if (BindParameter(definition, parameter) is { } value)
            {
                values.Add(value);
            }
        }
        return new BoundTrainer(definition.Name, values.ToImmutable(), syntax.Span);
    }

    private KeyValuePair<string, string>? BindParameter(TrainerDefinition trainer, TrainerParameterSyntax syntax)
    {
        var known = trainer.Parameters.FirstOrDefault(item => item.Name.Equals(syntax.Name.Text, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            scope.Report(NameErrors.UnknownParameter(trainer.Name, syntax.Name.Text, syntax.Name.Span, trainer.Parameters.Select(item => item.Name)));
            return null;
        }
        if (known.Words.Length > 0)
        {
            if (known.Words.FirstOrDefault(word => word.Equals(syntax.Value, StringComparison.OrdinalIgnoreCase)) is { } word) return new(known.Name, word);
        }
        else if (decimal.TryParse(syntax.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) &&
            number >= known.Minimum && number <= known.Maximum && (!known.IsWhole || number == decimal.Truncate(number)))
        {
            return new(known.Name, number.ToString(CultureInfo.InvariantCulture));
        }
        scope.Report(TypeErrors.ParameterValue(known.Name, syntax.Value, known.ValueWords, syntax.ValueSpan));
        return null;
    }
}
