using System.Collections.Immutable;

namespace SqlMl.Semantics;

/// <summary>Which of several windows of the future end last: they decide when a label is complete, and what purging leaves out (rule 42).</summary>
public static class BoundHorizons
{
    /// <summary>
    /// The windows of which each may end after all others, in the order given. One suffices, except where calendar lengths and exact ones meet:
    /// a month ends before 30 days or after them, as February has it.
    /// </summary>
    public static ImmutableArray<BoundWindow> Last(IEnumerable<BoundWindow> windows)
    {
        var last = new List<BoundWindow>();
        foreach (var window in windows)
        {
            if (last.Exists(other => NeverEndsAfter(window, other))) continue;
            last.RemoveAll(other => NeverEndsAfter(other, window));
            last.Add(window);
        }
        return [.. last];
    }

    /// <summary>
    /// Every window of the future that an expression reads at its own cutoff, those of the vars that it names left out: they read the past.
    /// None for what is read whenever it is known.
    /// </summary>
    public static IEnumerable<BoundWindow> Of(BoundExpression expression) => expression switch
    {
        BoundAggregate aggregate => aggregate.Window.IsFuture ? [aggregate.Window] : [],
        BoundAnchor anchor => anchor.Window is { } window ? [window] : [],
        BoundAfter after => [new BoundWindow(true, after.Later, null) { Span = after.Span }],
        _ => expression.Children.SelectMany(Of),
    };

    private static bool NeverEndsAfter(BoundWindow window, BoundWindow other)
    {
        var (months, exact, order) = Parts(window);
        var (otherMonths, otherExact, otherOrder) = Parts(other);
        // Where both move by months and by an exact length, the order of the two matters, too.
        var isSameOrder = order == otherOrder || order == 0 || otherOrder == 0;
        if (isSameOrder && months <= otherMonths && exact <= otherExact) return true;
        return Longest(months, exact) <= Shortest(otherMonths, otherExact);
    }

    private static (int Months, long Exact, int Order) Parts(BoundWindow window)
    {
        // What is read whenever it is known waits for no end.
        if (window.Length is not { } length) return (0, 0, 0);
        var gap = window.Gap;
        var order = gap is null || gap.IsCalendar == length.IsCalendar ? 0 : gap.IsCalendar ? 1 : 2;
        return (length.Months + (gap?.Months ?? 0), length.Microseconds + (gap?.Microseconds ?? 0), order);
    }

    private static long Longest(int months, long exact) => exact + (months * 31L * Language.Types.Duration.Day);

    private static long Shortest(int months, long exact) => exact + (months * 28L * Language.Types.Duration.Day);
}
