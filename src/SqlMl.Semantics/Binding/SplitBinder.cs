using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Text;
using SqlMl.Language.Trainers;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds how a model's rows are divided.</summary>
internal sealed class SplitBinder(ProgramScope scope, string model)
{
    private static readonly BoundTimeSplit Usual = new([70, 15, 15]);

    /// <summary>The split, by time where the model does not say; null when it could not be understood, which was reported.</summary>
    /// <param name="clause">The clause; null where there is none.</param>
    /// <param name="horizon">The label's longest window, for messages; null when the label could not be understood.</param>
    /// <param name="label">The label; null likewise.</param>
    internal BoundSplit? Bind(SplitClauseSyntax? clause, BoundWindow? horizon, LabelToLearn? label)
    {
        switch (clause)
        {
            case TimeSplitSyntax time:
                return CheckParts(time.Span, time.Parts) ? new BoundTimeSplit(time.Parts) : null;
            case InstantSplitSyntax at:
                return BindInstants(at);
            case RandomSplitSyntax random:
                if (!CheckParts(random.Span, random.Parts)) return null;
                if (random.IsStratified && label?.Task == LearningTask.Regression) scope.Report(LabelErrors.StratifiedNumber(random.Span, label.Span));
                else if (horizon?.Length is not null) scope.Report(TimeErrors.OverlappingSplit(model, random.Span, Length(horizon)));
                return new BoundRandomSplit(random.Parts, Seed(random.Seed, random.Span), random.IsStratified);
            case EntitySplitSyntax entity:
                return CheckParts(entity.Span, entity.Parts) ? new BoundEntitySplit(entity.Parts, Seed(entity.Seed, entity.Span)) : null;
            default:
                return Usual;
        }
    }

    private BoundInstantSplit? BindInstants(InstantSplitSyntax clause)
    {
        var instants = ImmutableArray.CreateBuilder<DateTime>();
        foreach (var literal in clause.Instants)
        {
            if (scope.BindInstant(literal) is not { } instant) return null;
            if (instants.Count > 0 && instants[^1] >= instant)
            {
                scope.Report(TimeErrors.SplitOrder(clause.Instants[instants.Count - 1].Span, literal.Span));
                return null;
            }
            instants.Add(instant);
        }
        if (instants.Count <= 2) return new BoundInstantSplit(instants.ToImmutable());
        scope.Report(TimeErrors.SplitParts(clause.Span, instants.Count + 1));
        return null;
    }

    private bool CheckParts(SourceSpan span, ImmutableArray<decimal> parts)
    {
        if (parts.Length is < 2 or > 3) scope.Report(TimeErrors.SplitParts(span, parts.Length));
        else if (parts.Any(part => part <= 0)) scope.Report(TimeErrors.SplitShare(span));
        else return true;
        return false;
    }

    private long Seed(decimal? stated, SourceSpan span)
    {
        var seed = stated ?? 0;
        if (seed is >= 0 and <= int.MaxValue && seed == decimal.Truncate(seed)) return (long)seed;
        scope.Report(TypeErrors.ParameterValue("seed", seed.ToString(CultureInfo.InvariantCulture), $"a whole number from 0 to {int.MaxValue}", span));
        return 0;
    }

    private static string Length(BoundWindow horizon) =>
        horizon.Gap is null ? horizon.Length!.Text : $"{horizon.Length!.Text} and {horizon.Gap.Text}";
}
