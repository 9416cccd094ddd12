using SqlMl.Language.Collections;
using SqlMl.Language.Text;
using SqlMl.Syntax.Generated;
using SqlMl.Syntax.Parsing;
using static SqlMl.Syntax.Building.LeafBuilder;
using static SqlMl.Syntax.Generated.SqlMlParser;

namespace SqlMl.Syntax.Building;

/// <summary>Builds a program's declarations. A declaration or clause that holds an error is left out whole.</summary>
internal sealed class ProgramBuilder : SqlMlParserBaseVisitor<DeclarationSyntax>
{
    private readonly LeafBuilder _leaves;
    private readonly ExpressionBuilder _expressions;
    private readonly SourceBuilder _sources;
    private readonly PredictBuilder _predictions;

    public ProgramBuilder(ParseErrors errors)
    {
        _leaves = new LeafBuilder(errors);
        _expressions = new ExpressionBuilder(_leaves, errors);
        _sources = new SourceBuilder(_leaves, _expressions);
        _predictions = new PredictBuilder(_leaves, _expressions);
    }

    /// <summary>The tree over the whole text.</summary>
    public ProgramSyntax Build(ProgramContext program, SourceSpan whole) =>
        new(whole, Whole(program.declaration(), Visit));

    public override DeclarationSyntax VisitSourceDeclaration(SourceDeclarationContext source) => new SourceSyntax(
        Span(source), Name(source.name()), source.sourceBlock() is { } block ? Body(block) : Body(source.derivedSource()));

    public override DeclarationSyntax VisitEntityDeclaration(EntityDeclarationContext entity) => new EntitySyntax(
        Span(entity), Name(entity.name()), entity.FROM() is null ? null : Declared(entity.path(0)), entity.nameList() is { } keys ? Names(keys) : [],
        entity.SINCE() is null ? null : Path(entity.path(1)),
        entity.entityBlock() is { } block ? Whole(block.entityClause(), Clause) : []);

    public override DeclarationSyntax VisitVarDeclaration(VarDeclarationContext var)
    {
        var names = var.name().SelectAsArray(Name);
        return new VarSyntax(Span(var), Dotted(names[0].Span.To(names[^2].Span), names[..^1]), names[^1], _expressions.Build(var.value()));
    }

    public override DeclarationSyntax VisitPredictDeclaration(PredictDeclarationContext predict) => new PredictSyntax(
        Span(predict), Name(predict.name()), Declared(predict.path()),
        Whole(predict.predictBlock().predictClause(), _predictions.Visit));

    public override DeclarationSyntax VisitViewDeclaration(ViewDeclarationContext view) => new ViewSyntax(
        Span(view), Name(view.name()), Declared(view.path()), view.viewItem().Any(item => item.ALL() is not null), view.viewItem().SelectAsArray(Item));

    public override DeclarationSyntax VisitCohortDeclaration(CohortDeclarationContext cohort) =>
        new CohortSyntax(Span(cohort), Name(cohort.name()), Declared(cohort.path()), _expressions.Build(cohort.expression()));

    public override DeclarationSyntax VisitParamDeclaration(ParamDeclarationContext param) =>
        new ParamSyntax(Span(param), Name(param.name()), _expressions.Build(param.expression()));

    public override DeclarationSyntax VisitImportDeclaration(ImportDeclarationContext import) =>
        new ImportSyntax(Span(import), String(import.STRING()), OptionalName(import.name()));

    public override DeclarationSyntax VisitTestDeclaration(TestDeclarationContext test) => new TestSyntax(
        Span(test), String(test.STRING(0)), Declared(test.path()), test.testRows().SelectAsArray(Rows), String(test.STRING(1)),
        _leaves.Literals(test.literals()), test.expectation().SelectAsArray(Expectation));

    private SourceBlockSyntax Body(SourceBlockContext block) =>
        new(Span(block), Whole(block.sourceClause(), _sources.Visit));

    private SourceBodySyntax Body(DerivedSourceContext derived) => derived switch
    {
        UnionSourceContext union => new SourceUnionSyntax(Span(union), union.pathList().path().SelectAsArray(Declared)),
        GroupSourceContext group => new SourceGroupSyntax(
            Span(group), Declared(group.path()), Paths(group.pathList()), group.namedExpression().SelectAsArray(Column)),
        var sql => new SourceSqlSyntax(Span(sql), ((SqlSourceContext)sql).dialectText().SelectAsArray(DialectText)),
    };

    private NamedExpressionSyntax Column(NamedExpressionContext column) =>
        new(Span(column), Name(column.name()), _expressions.Build(column.expression()));

    private EntityClauseSyntax Clause(EntityClauseContext clause) => clause switch
    {
        IdClauseContext id => new EntityIdSyntax(Span(id), Name(id.name()), Names(id.nameList())),
        IgnoreClauseContext ignore => new EntityIgnoreSyntax(Span(ignore), _expressions.Build(ignore.expression())),
        LinkLimitClauseContext limit => new EntityLinkLimitSyntax(Span(limit), _leaves.Number(limit.NUMBER())),
        _ => new EntityStitchSyntax(Span(clause)),
    };

    private static PathSyntax Item(ViewItemContext item) =>
        item.path() is { } path ? Path(path) : new PathSyntax(Span(item), [Name(item.ALL())]);

    private TestRowsSyntax Rows(TestRowsContext rows) => new(
        Span(rows), Declared(rows.path()), Names(rows.nameList()), rows.testRow().SelectAsArray(row => _leaves.Literals(row.literals())));

    private TestExpectSyntax Expectation(ExpectationContext expectation) =>
        new(Span(expectation), Declared(expectation.path()), _leaves.Literal(expectation.literal()));
}
