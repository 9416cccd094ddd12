using System.Collections.Immutable;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds where the cutoffs of a model lie.</summary>
internal sealed class ObserveBinder(ProgramScope scope, EntitySymbol entity, string model)
{
    /// <summary>The line; null when it could not be understood, which was reported.</summary>
    internal BoundObserve? Bind(ObserveSyntax syntax)
    {
        var (from, until) = (scope.BindBound(syntax.From), scope.BindBound(syntax.Until));
        if (from is not null && until is not null && IsEmpty(from, until)) scope.Report(TimeErrors.EmptyBounds(syntax.From!.Span, syntax.Until!.Span));
        return syntax switch
        {
            GridObserveSyntax grid => BindGrid(grid, from, until),
            EachObserveSyntax each => BindEach(each, from, until),
            AfterFirstObserveSyntax after => BindAfterFirst(after, from, until),
            InstantsObserveSyntax instants => BindInstants(instants),
            _ => null,
        };
    }

    private static bool IsEmpty(BoundInstant from, BoundInstant until)
    {
        if (from.Instant is { } start && until.Instant is { } end) return start >= end;
        var isComparable = from.Instant is null && until.Instant is null && from.Offset?.IsCalendar != true && until.Offset?.IsCalendar != true;
        return isComparable && Moved(from) >= Moved(until);
    }

    private static long Moved(BoundInstant bound) => (bound.Offset?.Microseconds ?? 0) * (bound.IsNegative ? -1 : 1);

    /// <summary>The rows in `first(rows)`; null when they could not be understood, which was reported.</summary>
    internal BoundRows? BindFirst(CallSyntax call)
    {
        if (call.Arguments is not [var rows] || RowBinder.Parts(rows) is not { } parts || scope.Imported.Joined(parts) is not [var name])
        {
            scope.Report(TypeErrors.FirstTakesRows(call.Span));
            return null;
        }
        return BindRows(name, call.Where, call.Span, call.Side);
    }

    private BoundObserveGrid? BindGrid(GridObserveSyntax grid, BoundInstant? from, BoundInstant? until)
    {
        var aligned = grid.AlignedTo is null ? null : scope.BindInstant(grid.AlignedTo);
        return scope.BindDuration(grid.Step) is { } step ? new BoundObserveGrid(grid.Span, step, aligned, from, until, (int?)grid.Count) : null;
    }

    private BoundObserveEach? BindEach(EachObserveSyntax each, BoundInstant? from, BoundInstant? until)
    {
        var offset = each.Offset is null ? null : scope.BindDuration(each.Offset);
        if (BindRows(each.Source, each.Where, each.Span) is not { } rows || (each.Offset is not null && offset is null)) return null;
        // A stated time before or after a row is an instant like any other: only `before each` alone sees what came before the row (rule 22).
        if (offset is null) return new BoundObserveEach(each.Span, each.IsBefore, rows, from, until);
        // Refused, but understood: what reads the anchor has one.
        if (each.IsBefore && rows.Source.Knowledge is not { IsPlanned: true }) scope.Report(KnowledgeErrors.BeforeUnplanned(rows.Source.Name, each.Span, rows.Source.Span));
        return new BoundObserveEach(each.Span, IsBefore: false, rows, from, until) { Offset = offset, IsEarlier = each.IsBefore };
    }

    private BoundObserveAfterFirst? BindAfterFirst(AfterFirstObserveSyntax after, BoundInstant? from, BoundInstant? until)
    {
        var offset = scope.BindDuration(after.Offset);
        return BindFirst(after.First) is { } rows && offset is not null
            ? new BoundObserveAfterFirst(after.Span, offset, rows, from, until)
            : null;
    }

    private BoundObserveInstants? BindInstants(InstantsObserveSyntax syntax)
    {
        var instants = syntax.Instants.Select(scope.BindInstant).OfType<DateTime>().Distinct().Order().ToImmutableArray();
        return instants.IsEmpty ? null : new BoundObserveInstants(syntax.Span, instants);
    }

    private BoundRows? BindRows(NameSyntax name, ExpressionSyntax? where, Language.Text.SourceSpan span, NameSyntax? side = null)
    {
        if (scope.RequireSource(name) is not { } source) return null;
        if (source.Time is null)
        {
            if (!source.IsIncomplete) scope.Report(TimeErrors.UntimedSource($"model `{model}`", source.Name, name.Span, source.Span));
            return null;
        }
        if (source.Entities.FirstOrDefault(item => item.Entity == entity) is not { } named)
        {
            scope.Report(NameErrors.SourceWithoutEntity(source.Name, entity.Name, name.Span, source.Span));
            return null;
        }
        if (side is not null && named.FindSide(side.Text) is null)
        {
            scope.Report(EntityErrors.UnknownSide(source.Name, entity.Name, side.Text, side.Span, named.Sides.Select(item => item.Name)));
            return null;
        }
        var filter = where is null ? null : new RowBinder(scope, source, entity: entity).BindCondition(where, "`where`");
        if (filter is not null && ColumnSymbol.ReadsLate(filter)) scope.Report(KnowledgeErrors.LateDecidesCutoff(source.Name, where!.Span));
        return new BoundRows(source, filter, span) { Side = side?.Text };
    }
}
