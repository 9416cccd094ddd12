using SqlMl.Language.Collections;
using SqlMl.Syntax.Generated;
using static SqlMl.Syntax.Building.LeafBuilder;
using static SqlMl.Syntax.Generated.SqlMlParser;

namespace SqlMl.Syntax.Building;

/// <summary>Builds the lines of an output.</summary>
internal sealed class OutputBuilder(LeafBuilder leaves) : SqlMlParserBaseVisitor<OutputColumnSyntax>
{
    public override OutputColumnSyntax VisitScoredColumn(ScoredColumnContext column) => new(
        Span(column), Kind(column), OptionalName(column.columnName()), column.outputOption() is { } option ? Option(option) : null,
        Description(column.DESCRIPTION()));

    public override OutputColumnSyntax VisitAttributeColumn(AttributeColumnContext column)
    {
        var target = Name(column.name(1));
        return new(
            Span(column), Kind(column), Name(column.name(0)), new OutputOptionSyntax(target.Span, "attribute", target, []),
            Description(column.DESCRIPTION()));
    }

    public override OutputColumnSyntax VisitReasonsColumn(ReasonsColumnContext column) => new(
        Span(column), Kind(column), null,
        new OutputOptionSyntax(Span(column.TOP()).To(Span(column.NUMBER())), "top", null, [leaves.Number(column.NUMBER())]), null);

    public override OutputColumnSyntax VisitKeepColumn(KeepColumnContext column) => new(
        Span(column), Kind(column), null,
        new OutputOptionSyntax(Span(column.LAST()).To(Span(column.RUNS())), "last", null, [leaves.Number(column.NUMBER())]), null);

    private static string Kind(OutputColumnContext column) => column.Start.Text.ToLowerInvariant();

    private OutputOptionSyntax Option(OutputOptionContext option)
    {
        var word = option switch
        {
            _ when option.BEST() is not null => "best",
            _ when option.AT() is not null => "at",
            _ when option.CUT() is not null => "cut",
            _ => "percent",
        };
        return new OutputOptionSyntax(Span(option), word, OptionalName(option.name()), option.NUMBER().SelectAsArray(leaves.Number));
    }
}
