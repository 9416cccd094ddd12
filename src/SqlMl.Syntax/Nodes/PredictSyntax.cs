using System.Collections.Immutable;
using SqlMl.Language.Text;

namespace SqlMl.Syntax;

/// <summary>`predict name for entity { ... }`.</summary>
public sealed record PredictSyntax(
    SourceSpan Span, NameSyntax Name, NameSyntax Entity, ImmutableArray<PredictClauseSyntax> Clauses) : DeclarationSyntax(Span)
{
    /// <summary>The first clause of that kind; null when there is none.</summary>
    public TClause? Find<TClause>()
        where TClause : PredictClauseSyntax
    {
        foreach (var clause in Clauses)
        {
            if (clause is TClause found) return found;
        }
        return null;
    }
}

/// <summary>A clause in a prediction's braces.</summary>
public abstract record PredictClauseSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>`label value`.</summary>
public sealed record LabelClauseSyntax(SourceSpan Span, ValueSyntax Value) : PredictClauseSyntax(Span);

/// <summary>`var name = value`: a var of this model only.</summary>
public sealed record ModelVarClauseSyntax(SourceSpan Span, NameSyntax Name, ValueSyntax Value) : PredictClauseSyntax(Span);

/// <summary>`when condition`: eligibility.</summary>
public sealed record WhenClauseSyntax(SourceSpan Span, ExpressionSyntax Condition) : PredictClauseSyntax(Span);

/// <summary>`given condition`: a population that depends on the future.</summary>
public sealed record GivenClauseSyntax(SourceSpan Span, ExpressionSyntax Condition) : PredictClauseSyntax(Span);

/// <summary>`observe ...`: where the cutoffs lie.</summary>
public sealed record ObserveClauseSyntax(SourceSpan Span, ObserveSyntax Observe) : PredictClauseSyntax(Span);

/// <summary>`until first(rows)`: no cutoff of an entity from that row on. The call's name is `first`.</summary>
public sealed record UntilClauseSyntax(SourceSpan Span, CallSyntax First) : PredictClauseSyntax(Span);

/// <summary>`sample N rows`.</summary>
public sealed record SampleClauseSyntax(SourceSpan Span, decimal Rows) : PredictClauseSyntax(Span);

/// <summary>`allow immature`.</summary>
public sealed record AllowImmatureClauseSyntax(SourceSpan Span) : PredictClauseSyntax(Span);

/// <summary>`require history D`.</summary>
public sealed record RequireHistoryClauseSyntax(SourceSpan Span, DurationSyntax Duration) : PredictClauseSyntax(Span);

/// <summary>`using ...`: the features. One of <paramref name="HasAll"/>, <paramref name="IsAuto"/>, or a list.</summary>
/// <param name="Span">The clause.</param>
/// <param name="HasAll">True for `all`, to which <paramref name="Columns"/> adds.</param>
/// <param name="IsAuto">True for `auto`.</param>
/// <param name="Depth">`depth N`, or null.</param>
/// <param name="Maximum">`max N`, or null.</param>
/// <param name="Columns">Named features.</param>
/// <param name="Except">What `all` leaves out.</param>
public sealed record UsingClauseSyntax(
    SourceSpan Span, bool HasAll, bool IsAuto, decimal? Depth, decimal? Maximum,
    ImmutableArray<UsingColumnSyntax> Columns, ImmutableArray<PathSyntax> Except) : PredictClauseSyntax(Span);

/// <summary>`path [as name]`.</summary>
public sealed record UsingColumnSyntax(SourceSpan Span, PathSyntax Path, NameSyntax? Alias) : SyntaxNode(Span);

/// <summary>`train ...`.</summary>
public sealed record TrainClauseSyntax(SourceSpan Span, TrainerSyntax Trainer) : PredictClauseSyntax(Span);

/// <summary>How a model is trained.</summary>
public abstract record TrainerSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>`name [{ parameter value ... }]`.</summary>
public sealed record NamedTrainerSyntax(
    SourceSpan Span, NameSyntax Name, ImmutableArray<TrainerParameterSyntax> Parameters) : TrainerSyntax(Span);

/// <summary>`parameter value`: a number, string, or word. The kind is String for a word, too.</summary>
public sealed record TrainerParameterSyntax(SourceSpan Span, NameSyntax Name, LiteralKind Kind, string Value, SourceSpan ValueSpan) : SyntaxNode(Span);

/// <summary>`best of a, b by metric`.</summary>
public sealed record BestOfTrainerSyntax(SourceSpan Span, ImmutableArray<NameSyntax> Trainers, NameSyntax Metric) : TrainerSyntax(Span);

/// <summary>`external 'file' { map name = var ... [allow pickle] }`.</summary>
public sealed record ExternalTrainerSyntax(
    SourceSpan Span, StringSyntax File, ImmutableArray<(NameSyntax Feature, NameSyntax Var)> Map, bool AllowsPickle) : TrainerSyntax(Span);

/// <summary>`split ...`.</summary>
public abstract record SplitClauseSyntax(SourceSpan Span) : PredictClauseSyntax(Span);

/// <summary>`split by time 70 / 15 / 15`.</summary>
public sealed record TimeSplitSyntax(SourceSpan Span, ImmutableArray<decimal> Parts) : SplitClauseSyntax(Span);

/// <summary>`split by entity 80 / 20 [seed N]`.</summary>
public sealed record EntitySplitSyntax(SourceSpan Span, ImmutableArray<decimal> Parts, decimal? Seed) : SplitClauseSyntax(Span);

/// <summary>`split random 80 / 20 [seed N] [stratified]`.</summary>
public sealed record RandomSplitSyntax(SourceSpan Span, ImmutableArray<decimal> Parts, decimal? Seed, bool IsStratified) : SplitClauseSyntax(Span);

/// <summary>`split at 'instant', ...`.</summary>
public sealed record InstantSplitSyntax(SourceSpan Span, ImmutableArray<StringSyntax> Instants) : SplitClauseSyntax(Span);

/// <summary>`retrain after D`.</summary>
public sealed record RetrainClauseSyntax(SourceSpan Span, DurationSyntax After) : PredictClauseSyntax(Span);

/// <summary>`schedule score daily [at '03:00'] | weekly | every D`. Exactly one of the three is given.</summary>
public sealed record ScheduleClauseSyntax(SourceSpan Span, bool IsDaily, StringSyntax? At, bool IsWeekly, DurationSyntax? Every) : PredictClauseSyntax(Span);

/// <summary>`score only when condition`.</summary>
public sealed record ScoreOnlyClauseSyntax(SourceSpan Span, ExpressionSyntax Condition) : PredictClauseSyntax(Span);

/// <summary>`rank top N path in next H`.</summary>
public sealed record RankClauseSyntax(SourceSpan Span, decimal Top, PathSyntax Path, DurationSyntax Horizon) : PredictClauseSyntax(Span);

/// <summary>`output { ... }`.</summary>
public sealed record OutputClauseSyntax(SourceSpan Span, ImmutableArray<OutputColumnSyntax> Columns) : PredictClauseSyntax(Span);

/// <summary>One line of an output: `class is_likely at best f1 "..."`.</summary>
/// <param name="Span">The line.</param>
/// <param name="Kind">score, percentile, decile, raw, class, band, holdout, attribute, reasons or keep.</param>
/// <param name="Name">The column's name, or null.</param>
/// <param name="Option">What qualifies it, or null.</param>
/// <param name="Description">Its description, or null.</param>
public sealed record OutputColumnSyntax(
    SourceSpan Span, string Kind, NameSyntax? Name, OutputOptionSyntax? Option, StringSyntax? Description) : SyntaxNode(Span);

/// <summary>What qualifies an output: `at best f1`, `at 0.5`, `at recall 0.8`, `cut 0.2, 0.6`, `10 %`, `top 3`, `last 5 runs`, an attribute's target.</summary>
/// <param name="Span">The option.</param>
/// <param name="Word">`best`, `at`, the metric's name in `at recall 0.8` stands in <paramref name="Metric"/>; `cut`, `percent`, `top`, `last`, `attribute`.</param>
/// <param name="Metric">A metric's or attribute's name, or null.</param>
/// <param name="Numbers">The numbers, in order; may be empty.</param>
public sealed record OutputOptionSyntax(SourceSpan Span, string Word, NameSyntax? Metric, ImmutableArray<decimal> Numbers) : SyntaxNode(Span);

/// <summary>Where cutoffs lie.</summary>
/// <param name="Span">The whole form.</param>
/// <param name="From">The first instant allowed, or null.</param>
/// <param name="Until">The instant from which on none is allowed, or null.</param>
public abstract record ObserveSyntax(SourceSpan Span, InstantSyntax? From, InstantSyntax? Until) : SyntaxNode(Span);

/// <summary>`every D [aligned to '...'] [from ...] [until ...] [count N]`.</summary>
public sealed record GridObserveSyntax(
    SourceSpan Span, DurationSyntax Step, StringSyntax? AlignedTo, InstantSyntax? From, InstantSyntax? Until, decimal? Count)
    : ObserveSyntax(Span, From, Until);

/// <summary>`at each source`, `before each source`, `D before each source`, `D after each source`.</summary>
/// <param name="Span">The whole form.</param>
/// <param name="IsBefore">True for the forms with `before`.</param>
/// <param name="Offset">The duration before or after, or null.</param>
/// <param name="Source">Whose rows anchor.</param>
/// <param name="Where">Which of its rows anchor, or null for all.</param>
/// <param name="From">Bound.</param>
/// <param name="Until">Bound.</param>
public sealed record EachObserveSyntax(
    SourceSpan Span, bool IsBefore, DurationSyntax? Offset, NameSyntax Source, ExpressionSyntax? Where, InstantSyntax? From, InstantSyntax? Until)
    : ObserveSyntax(Span, From, Until);

/// <summary>`D after first(rows)`: once an entity.</summary>
public sealed record AfterFirstObserveSyntax(SourceSpan Span, DurationSyntax Offset, CallSyntax First, InstantSyntax? From, InstantSyntax? Until)
    : ObserveSyntax(Span, From, Until);

/// <summary>`at 'instant', ...`.</summary>
public sealed record InstantsObserveSyntax(SourceSpan Span, ImmutableArray<StringSyntax> Instants) : ObserveSyntax(Span, null, null);
