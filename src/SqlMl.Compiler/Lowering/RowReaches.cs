using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Semantics;

namespace SqlMl.Compiler.Lowering;

/// <summary>How far around a cutoff a model reads each of its sources: for features, conditions, label, and the rows that are cutoffs.</summary>
internal static class RowReaches
{
    /// <summary>The reaches of all that reads a source; none where only existence, `until` or `after first` do.</summary>
    internal static ImmutableArray<RowReach> Of(LogicalModel model, LogicalSource source)
    {
        var reaches = new List<RowReach>();
        foreach (var scan in model.Scans.Concat(model.LabelScans))
        {
            if (scan.Source == source.Name) Add(OfWindow(source, scan.Window));
        }
        foreach (var line in model.Observe)
        {
            if (line is LogicalEach each && each.Rows.Source == source.Name) Add(OfAnchor(each));
        }
        return [.. reaches];

        void Add(RowReach reach)
        {
            if (!reaches.Contains(reach)) reaches.Add(reach);
        }
    }

    /// <summary>The row that a cutoff follows by an offset, or precedes, lies as far on the cutoff's other side.</summary>
    internal static RowReach Behind(Language.Types.Duration? offset, bool isEarlier = false)
    {
        var place = Reaches.Move(offset, isEarlier ? 1 : -1) ?? CompiledOffset.Cutoff;
        return new RowReach(place, place);
    }

    /// <summary>Where windows of the future end, one reach a window.</summary>
    internal static ImmutableArray<RowReach> OfEnds(ImmutableArray<LogicalWindow> windows) => [.. windows.Select(window =>
    {
        var end = Offset((window.Gap, 1), (window.Length, 1));
        return new RowReach(end, end);
    })];

    private static RowReach OfAnchor(LogicalEach line) => Behind(line.Offset, line.IsEarlier);

    private static RowReach OfWindow(LogicalSource source, LogicalWindow window)
    {
        switch (source.Nature)
        {
            case SourceNature.Static:
                return RowReach.Always;
            case SourceNature.Validity:
                // A state that began, or was over, is or is not there at every later cutoff.
                return new RowReach(null, Offset((window.Later, 1)));
        }
        if (window.IsFuture) return new RowReach(Offset((window.Later, 1), (window.Gap, 1)), Offset((window.Later, 1), (window.Gap, 1), (window.Length, 1)));
        return new RowReach(
            window.Length is null ? null : Offset((window.Later, 1), (window.Gap, -1), (window.Length, -1)), Offset((window.Later, 1), (window.Gap, -1)));
    }

    /// <summary>One length after the other. Those of calendar steps move months of their own: what a clamped day makes of them is within the slack of a reach.</summary>
    private static CompiledOffset Offset(params ReadOnlySpan<(Language.Types.Duration? Length, int Sign)> lengths)
    {
        var moves = ImmutableArray.CreateBuilder<(int Months, long Microseconds)>();
        foreach (var (length, sign) in lengths)
        {
            if (length is not null) moves.Add((sign * length.Months, sign * length.Microseconds));
        }
        return new CompiledOffset(moves.ToImmutable());
    }
}
