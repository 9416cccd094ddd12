using SqlMl.Syntax.Generated;
using static SqlMl.Syntax.Building.LeafBuilder;
using static SqlMl.Syntax.Generated.SqlMlParser;

namespace SqlMl.Syntax.Building;

/// <summary>Builds what `observe` says.</summary>
internal sealed class ObservationBuilder(LeafBuilder leaves, ExpressionBuilder expressions) : SqlMlParserBaseVisitor<ObserveSyntax>
{
    public override ObserveSyntax VisitGridObservation(GridObservationContext grid) => new GridObserveSyntax(
        Span(grid), leaves.Duration(grid.duration()), OptionalString(grid.STRING()), From(grid.bounds()), Until(grid.bounds()),
        leaves.OptionalNumber(grid.NUMBER()));

    public override ObserveSyntax VisitAtObservation(AtObservationContext at) => at.eachRow() is { } rows
        ? Each(at, isBefore: false, null, rows, at.bounds())
        : new InstantsObserveSyntax(Span(at), Strings(at.instants()));

    public override ObserveSyntax VisitBeforeObservation(BeforeObservationContext before) =>
        Each(before, isBefore: true, null, before.eachRow(), before.bounds());

    public override ObserveSyntax VisitOffsetObservation(OffsetObservationContext offset)
    {
        var duration = leaves.Duration(offset.duration());
        return offset.firstCall() is { } first
            ? new AfterFirstObserveSyntax(Span(offset), duration, expressions.Build(first), From(offset.bounds()), Until(offset.bounds()))
            : Each(offset, offset.BEFORE() is not null, duration, offset.eachRow(), offset.bounds());
    }

    private EachObserveSyntax Each(ObservationContext whole, bool isBefore, DurationSyntax? offset, EachRowContext rows, BoundsContext? bounds) => new(
        Span(whole), isBefore, offset, Declared(rows.path()), expressions.BuildOptional(rows.expression()), From(bounds), Until(bounds));

    private InstantSyntax? From(BoundsContext? bounds) => bounds?.FROM() is null ? null : leaves.Instant(bounds.instant(0));

    private InstantSyntax? Until(BoundsContext? bounds) => bounds?.UNTIL() is null ? null : leaves.Instant(bounds.instant()[^1]);
}
