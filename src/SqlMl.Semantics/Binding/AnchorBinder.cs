using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds columns of the row that is the cutoff.</summary>
/// <param name="scope">The program's names.</param>
/// <param name="source">The source whose rows are the cutoffs.</param>
/// <param name="horizon">In a label: the window at whose end late columns are read; null elsewhere.</param>
internal sealed class AnchorBinder(ProgramScope scope, SourceSymbol source, LabelHorizon? horizon = null)
{
    /// <summary>Whose rows the anchors are.</summary>
    internal SourceSymbol Source => source;

    /// <summary>The same anchors as a label reads them.</summary>
    internal AnchorBinder ForLabel(LabelHorizon window) => new(scope, source, window);

    /// <summary>In a label: the window at whose end late columns are read; null elsewhere.</summary>
    internal LabelHorizon? Horizon => horizon;

    /// <summary>`anchor.column`, or a column behind the anchor's joins; reports what it cannot find.</summary>
    internal BoundExpression Bind(ImmutableArray<NameSyntax> parts, SourceSpan span)
    {
        var path = new PathSyntax(span, parts);
        return new RowBinder(scope, source).BindPath(path) is BoundColumn { Column: var column }
            ? new BoundAnchor(span, column) { IsInLabel = horizon is not null && column.IsLate, Horizon = column.IsLate ? horizon : null, IsAsBefore = horizon is null && column.ChangesWithAnchor }
            : new BoundMistake(span);
    }

    /// <summary>The first place in a filter where the anchor is anything but a side of `=`; null for none (rule 56).</summary>
    internal static SourceSpan? FindMisuse(BoundExpression filter)
    {
        if (filter is BoundAnchor) return filter.Span;
        var isEquality = filter is BoundOperation { Operator: BoundOperator.Equal };
        foreach (var child in filter.Children)
        {
            if (isEquality && child is BoundAnchor) continue;
            if (FindMisuse(child) is { } span) return span;
        }
        return null;
    }
}
