using SqlMl.Language.Collections;
using SqlMl.Syntax.Generated;
using static SqlMl.Syntax.Building.LeafBuilder;
using static SqlMl.Syntax.Generated.SqlMlParser;

namespace SqlMl.Syntax.Building;

/// <summary>Builds the clauses of a source.</summary>
internal sealed class SourceBuilder(LeafBuilder leaves, ExpressionBuilder expressions) : SqlMlParserBaseVisitor<SourceClauseSyntax>
{
    public override SourceClauseSyntax VisitTableClause(TableClauseContext clause) => clause.tableName() is { } table
        ? new TableClauseSyntax(Span(clause), TableName(table), null)
        : new TableClauseSyntax(Span(clause), null, Declared(clause.path()));

    public override SourceClauseSyntax VisitFileClause(FileClauseContext clause) => new FileClauseSyntax(Span(clause), String(clause.STRING()));

    public override SourceClauseSyntax VisitFromClause(FromClauseContext clause) => new FromClauseSyntax(Span(clause), Declared(clause.path()));

    public override SourceClauseSyntax VisitKeyedEntityClause(KeyedEntityClauseContext clause) =>
        new EntityClauseOfSourceSyntax(Span(clause), Declared(clause.path()), clause.entityKey().SelectAsArray(Key));

    public override SourceClauseSyntax VisitIdsClause(IdsClauseContext clause) => new IdsClauseSyntax(
        Span(clause), clause.idColumn().SelectAsArray(id => new IdSyntax(Span(id), Name(id.name()), expressions.BuildOptional(id.expression()))));

    public override SourceClauseSyntax VisitTimeClause(TimeClauseContext clause) =>
        new TimeClauseSyntax(Span(clause), expressions.Build(clause.expression()), OptionalString(clause.STRING()));

    public override SourceClauseSyntax VisitKnownClause(KnownClauseContext clause) =>
        new KnownClauseSyntax(Span(clause), expressions.Build(clause.expression()), leaves.OptionalDuration(clause.duration()));

    public override SourceClauseSyntax VisitDelayClause(DelayClauseContext clause) => new DelayClauseSyntax(Span(clause), leaves.Duration(clause.duration()));

    public override SourceClauseSyntax VisitCompleteClause(CompleteClauseContext clause) =>
        new CompleteClauseSyntax(Span(clause), leaves.Instant(clause.instant()));

    public override SourceClauseSyntax VisitKeyClause(KeyClauseContext clause) => new KeyClauseSyntax(Span(clause), Paths(clause.pathList()));

    public override SourceClauseSyntax VisitLateClause(LateClauseContext clause) =>
        new LateClauseSyntax(Span(clause), Paths(clause.pathList()), expressions.BuildOptional(clause.expression()));

    public override SourceClauseSyntax VisitPlannedClause(PlannedClauseContext clause) => new PlannedClauseSyntax(Span(clause));

    public override SourceClauseSyntax VisitJoinClause(JoinClauseContext clause) => new JoinClauseSyntax(
        Span(clause), clause.EACH() is not null, Declared(clause.path()), OptionalName(clause.name()), clause.joinKey().SelectAsArray(Key));

    public override SourceClauseSyntax VisitWhereClause(WhereClauseContext clause) => new WhereClauseSyntax(Span(clause), expressions.Build(clause.expression()));

    public override SourceClauseSyntax VisitColumnClause(ColumnClauseContext clause) =>
        new ColumnClauseSyntax(Span(clause), Name(clause.name()), expressions.Build(clause.expression()));

    public override SourceClauseSyntax VisitValidClause(ValidClauseContext clause) =>
        new ValidClauseSyntax(Span(clause), expressions.Build(clause.expression(0)), expressions.Build(clause.expression(1)));

    public override SourceClauseSyntax VisitOrderClause(OrderClauseContext clause) => new OrderClauseSyntax(Span(clause), Path(clause.path()));

    public override SourceClauseSyntax VisitStaticClause(StaticClauseContext clause) => new StaticClauseSyntax(Span(clause));

    private static PathSyntax TableName(TableNameContext table) => new(Span(table), [NameAt(table.Start), .. table.name().Select(Name)]);

    private static EntityKeySyntax Key(EntityKeyContext key) =>
        new(Span(key), Path(key.path()), OptionalName(key.cast), OptionalName(key.side));

    private static JoinKeySyntax Key(JoinKeyContext key) =>
        new(Span(key), Path(key.path(0)), key.path(1) is { } theirs ? Path(theirs) : null);
}
