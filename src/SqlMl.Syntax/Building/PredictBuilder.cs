using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Syntax.Generated;
using static SqlMl.Syntax.Building.LeafBuilder;
using static SqlMl.Syntax.Generated.SqlMlParser;

namespace SqlMl.Syntax.Building;

/// <summary>Builds the clauses of a prediction.</summary>
internal sealed class PredictBuilder(LeafBuilder leaves, ExpressionBuilder expressions) : SqlMlParserBaseVisitor<PredictClauseSyntax>
{
    private readonly ObservationBuilder _observations = new(leaves, expressions);
    private readonly OutputBuilder _outputs = new(leaves);

    public override PredictClauseSyntax VisitLabelClause(LabelClauseContext clause) => new LabelClauseSyntax(Span(clause), expressions.Build(clause.value()));

    public override PredictClauseSyntax VisitModelVarClause(ModelVarClauseContext clause) =>
        new ModelVarClauseSyntax(Span(clause), Name(clause.name()), expressions.Build(clause.value()));

    public override PredictClauseSyntax VisitWhenClause(WhenClauseContext clause) => new WhenClauseSyntax(Span(clause), expressions.Build(clause.expression()));

    public override PredictClauseSyntax VisitGivenClause(GivenClauseContext clause) => new GivenClauseSyntax(Span(clause), expressions.Build(clause.expression()));

    public override PredictClauseSyntax VisitObserveClause(ObserveClauseContext clause) =>
        new ObserveClauseSyntax(Span(clause), _observations.Visit(clause.observation()));

    public override PredictClauseSyntax VisitUntilClause(UntilClauseContext clause) => new UntilClauseSyntax(Span(clause), expressions.Build(clause.firstCall()));

    public override PredictClauseSyntax VisitSampleClause(SampleClauseContext clause) => new SampleClauseSyntax(Span(clause), leaves.Number(clause.NUMBER()));

    public override PredictClauseSyntax VisitAllowImmatureClause(AllowImmatureClauseContext clause) => new AllowImmatureClauseSyntax(Span(clause));

    public override PredictClauseSyntax VisitRequireHistoryClause(RequireHistoryClauseContext clause) =>
        new RequireHistoryClauseSyntax(Span(clause), leaves.Duration(clause.duration()));

    public override PredictClauseSyntax VisitUsingClause(UsingClauseContext clause)
    {
        var features = clause.features();
        return new UsingClauseSyntax(
            Span(clause), features.ALL() is not null, features.AUTO() is not null,
            leaves.OptionalNumber(features.depth()?.NUMBER()), leaves.OptionalNumber(features.maximum()?.NUMBER()),
            features.feature().SelectAsArray(Feature), features.pathList() is { } except ? Paths(except) : []);
    }

    public override PredictClauseSyntax VisitTrainClause(TrainClauseContext clause) => new TrainClauseSyntax(Span(clause), Trainer(clause.trainer()));

    public override PredictClauseSyntax VisitSplitClause(SplitClauseContext clause) => clause.split() switch
    {
        RandomSplitContext random => new RandomSplitSyntax(Span(clause), Parts(random.parts()), Seed(random.seed()), random.STRATIFIED() is not null),
        InstantSplitContext at => new InstantSplitSyntax(Span(clause), Strings(at.instants())),
        ShareSplitContext share when share.ENTITY() is not null => new EntitySplitSyntax(Span(clause), Parts(share.parts()), Seed(share.seed())),
        var split => new TimeSplitSyntax(Span(clause), Parts(((ShareSplitContext)split).parts())),
    };

    public override PredictClauseSyntax VisitRetrainClause(RetrainClauseContext clause) => new RetrainClauseSyntax(Span(clause), leaves.Duration(clause.duration()));

    public override PredictClauseSyntax VisitScheduleClause(ScheduleClauseContext clause) => new ScheduleClauseSyntax(
        Span(clause), clause.DAILY() is not null, OptionalString(clause.STRING()), clause.WEEKLY() is not null, leaves.OptionalDuration(clause.duration()));

    public override PredictClauseSyntax VisitScoreOnlyClause(ScoreOnlyClauseContext clause) =>
        new ScoreOnlyClauseSyntax(Span(clause), expressions.Build(clause.expression()));

    public override PredictClauseSyntax VisitRankClause(RankClauseContext clause) =>
        new RankClauseSyntax(Span(clause), leaves.Number(clause.NUMBER()), Path(clause.path()), leaves.Duration(clause.duration()));

    public override PredictClauseSyntax VisitOutputClause(OutputClauseContext clause) => new OutputClauseSyntax(
        Span(clause), Whole(clause.outputBlock().outputColumn(), _outputs.Visit));

    private static UsingColumnSyntax Feature(FeatureContext feature)
    {
        var path = feature.featurePath();
        var names = path.name().Select(Name);
        var parts = path.ANCHOR() is { } anchor ? names.Prepend(Name(anchor)) : names;
        return new UsingColumnSyntax(Span(feature), new PathSyntax(Span(path), [.. parts]), OptionalName(feature.name()));
    }

    private static TrainerSyntax Trainer(TrainerContext trainer) => trainer switch
    {
        ExternalTrainerContext external => new ExternalTrainerSyntax(
            Span(trainer), String(external.STRING()),
            [.. external.externalOption().SelectMany(option => option.mapping()).Select(pair => (Name(pair.name(0)), Name(pair.name(1))))],
            external.externalOption().Any(option => option.PICKLE() is not null)),
        BestOfTrainerContext best => new BestOfTrainerSyntax(Span(trainer), Names(best.nameList()), Name(best.name())),
        var plain => new NamedTrainerSyntax(
            Span(plain), Name(((NamedTrainerContext)plain).name()), ((NamedTrainerContext)plain).trainerParameter().SelectAsArray(Parameter)),
    };

    private static TrainerParameterSyntax Parameter(TrainerParameterContext parameter)
    {
        var value = parameter.parameterValue();
        var span = Span(value);
        var (kind, text) = value switch
        {
            _ when value.NUMBER() is { } number => (LiteralKind.Number, (value.MINUS() is null ? "" : "-") + number.GetText()),
            _ when value.STRING() is not null => (LiteralKind.String, StringValue(span.Text)),
            _ when value.name() is { } word => (LiteralKind.String, Name(word).Text),
            _ => (LiteralKind.Boolean, span.Text.ToLowerInvariant()),
        };
        return new TrainerParameterSyntax(Span(parameter), Name(parameter.name()), kind, text, span);
    }

    private ImmutableArray<decimal> Parts(PartsContext parts) => parts.NUMBER().SelectAsArray(leaves.Number);

    private decimal? Seed(SeedContext? seed) => leaves.OptionalNumber(seed?.NUMBER());
}
