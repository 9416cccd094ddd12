namespace SqlMl.Semantics.Binding;

/// <summary>
/// Warns where a feature, `when` or `score only when` reads what no cutoff of the model can know: states at the instants of rows that lie ahead, columns written nobody
/// knows when, windows that end before any of their rows is known. Such values are null or empty whatever the rows are, and labels may still read them.
/// </summary>
internal sealed class UnknowableCheck(ProgramScope scope, BoundModel model)
{
    private readonly HashSet<VarSymbol> _followed = [];
    private readonly bool _areAnchorsAhead = model.Observe.All(line => line is BoundObserveEach { IsEarlier: true, Offset: not null });

    internal void Check()
    {
        foreach (var feature in model.Features) Follow(feature);
        if (model.When is { } when) Check(when, "`when`", areRowsAhead: false);
        if (model.ScoreOnly is { } scored) Check(scored, "`score only when`", areRowsAhead: false);
    }

    private void Follow(VarSymbol symbol)
    {
        if (_followed.Add(symbol)) Check(symbol.Expression, $"var `{symbol.Name}`", areRowsAhead: false);
    }

    private void Check(BoundExpression expression, string reader, bool areRowsAhead)
    {
        switch (expression)
        {
            case BoundVar { Var: var read }:
                Follow(read);
                return;
            case BoundColumn { Column: var column }:
                Report(column, expression, reader, areRowsAhead);
                return;
            case BoundAnchor { Column: var column }:
                Report(column, expression, reader, _areAnchorsAhead);
                return;
            case BoundAggregate aggregate:
                CheckWindow(aggregate, reader);
                areRowsAhead = aggregate.Window.IsPlanned;
                break;
        }
        foreach (var child in expression.Children) Check(child, reader, areRowsAhead);
    }

    private void Report(ColumnSymbol column, BoundExpression place, string reader, bool isRowAhead)
    {
        if (Unknown(column, isRowAhead) is not { } found) return;
        var isWritten = found.Joined is null || !IsStateOfRow(found.Joined);
        scope.Report(ModellingErrors.NeverKnown(reader, found.Source.Name, found.Name, place.Span, isWritten ? Late(found)!.Span : found.Joined!.Join.Span, isWritten));
    }

    /// <summary>The column, or the one that it is computed from, that is null at every cutoff; null for none.</summary>
    private static ColumnSymbol? Unknown(ColumnSymbol column, bool isRowAhead)
    {
        if (Late(column) is { At: null } || (isRowAhead && column.Joined is { } joined && IsStateOfRow(joined))) return column;
        // The row that a source is made from is the same row.
        if (column.Joined is { Join.IsBase: true, Column: var origin }) return Unknown(origin, isRowAhead);
        return column.Expression is null ? UnknownOfParts(column, isRowAhead) : UnknownIn(column.Expression, isRowAhead);
    }

    /// <summary>For a column of a union: the first part's, where every part that has it has it null.</summary>
    private static ColumnSymbol? UnknownOfParts(ColumnSymbol column, bool isRowAhead)
    {
        ColumnSymbol? first = null;
        foreach (var part in column.Parts)
        {
            if (part is null) continue;
            if (Unknown(part, isRowAhead) is not { } found) return null;
            first ??= found;
        }
        return first;
    }

    private static ColumnSymbol? UnknownIn(BoundExpression computed, bool isRowAhead)
    {
        if (computed is BoundColumn { Column: var column }) return Unknown(column, isRowAhead);
        foreach (var child in computed.Children)
        {
            if (UnknownIn(child, isRowAhead) is { } found) return found;
        }
        return null;
    }

    /// <summary>When a column is written, where that is later than its row, through joins too; null for a column known with its row.</summary>
    private static LateColumns? Late(ColumnSymbol column) => column.Late ?? (column.Joined is { Column: var there } ? Late(there) : null);

    /// <summary>True for what holds at the instant of the row itself, which nobody knows before.</summary>
    private static bool IsStateOfRow(JoinedColumn joined) => joined.Join is { IsBase: false, GivesTime: false, MayLieAhead: true, Target.Nature: SourceNature.Validity };

    private void CheckWindow(BoundAggregate aggregate, string reader)
    {
        if (aggregate.Window is not { IsFuture: false, Length: { } length } window || Delayed(aggregate.Source) is not { Knowledge.Delay: { } delay } late) return;
        var longest = length.LongestMicroseconds + (window.Gap?.LongestMicroseconds ?? 0);
        if (longest > delay.ShortestMicroseconds) return;
        var span = window.Span.Source is null ? aggregate.Span : window.Span;
        scope.Report(ModellingErrors.WindowBeforeKnown(reader, aggregate.Source.Name, length.Text, delay.Text, span, late.Knowledge!.Span));
    }

    /// <summary>The source whose delay holds for every row, of a union the shortest one; null where rows may be known as they happen.</summary>
    private static SourceSymbol? Delayed(SourceSymbol source)
    {
        if (source.Knowledge is { IsPlanned: false, Delay: not null }) return source;
        switch (source.Location)
        {
            case DerivedLocation { Base.Target: var origin } when source.InheritsTime:
                return Delayed(origin);
            case UnionLocation { Parts: var parts }:
                SourceSymbol? least = null;
                foreach (var part in parts)
                {
                    if (Delayed(part) is not { } found) return null;
                    if (least is null || found.Knowledge!.Delay!.ShortestMicroseconds < least.Knowledge!.Delay!.ShortestMicroseconds) least = found;
                }
                return least;
            default:
                return null;
        }
    }
}
