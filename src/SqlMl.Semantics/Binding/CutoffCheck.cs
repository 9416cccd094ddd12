using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Semantics.Binding;

/// <summary>Warns where a model's windows and cutoffs do not meet as they seem to: a window that ends just behind the row it is counted from, days beside clocks.</summary>
internal sealed class CutoffCheck(ProgramScope scope, BoundModel model)
{
    internal void Check()
    {
        foreach (var line in model.Observe)
        {
            if (line is BoundObserveAfterFirst after && WindowUpTo(after) is { } window) scope.Report(ModellingErrors.WithoutFirst(after.Rows.Source.Name, after.Span, window));
        }
        var sources = Sources();
        if (sources.Find(source => source is { IsDated: true, Knowledge: null }) is not { Time: { } day } dated) return;
        if (sources.Find(source => source.HasClock) is { Time: { } clock } other) scope.Report(ModellingErrors.DaysBesideClocks(dated.Name, day.Span, $"`{other.Name}` has clocks", clock.Span));
        else if (model.Observe.FirstOrDefault(IsWithinDay) is { } line) scope.Report(ModellingErrors.DaysBesideClocks(dated.Name, day.Span, "cutoffs lie within the day", line.Span));
    }

    /// <summary>Rule 25: `over 7 days`, seven days after a row, leaves out the row itself.</summary>
    private SourceSpan? WindowUpTo(BoundObserveAfterFirst line)
    {
        foreach (var aggregate in model.WindowedAggregates())
        {
            if (aggregate.Source == line.Rows.Source && aggregate.Window is { Gap: null, Length: { } length } && IsSame(length, line.Offset)) return aggregate.Window.Span;
        }
        return null;
    }

    private static bool IsSame(Duration length, Duration other) => length.Months == other.Months && length.Microseconds == other.Microseconds;

    private static bool IsWithinDay(BoundObserve line) => line switch
    {
        BoundObserveGrid grid => IsWithinDay(grid.Step) || IsWithinDay(grid.AlignedTo ?? grid.From?.Instant),
        BoundObserveInstants stated => stated.Instants.Any(instant => IsWithinDay(instant)),
        BoundObserveEach each => each.Offset is { } offset && IsWithinDay(offset),
        BoundObserveAfterFirst after => IsWithinDay(after.Offset),
        _ => false,
    };

    private static bool IsWithinDay(Duration length) => length.Microseconds % Duration.Day != 0;

    private static bool IsWithinDay(DateTime? instant) => instant is { TimeOfDay.Ticks: > 0 };

    /// <summary>The sources whose rows the model reads or whose rows are its cutoffs, in the order met; each var is followed once.</summary>
    private List<SourceSymbol> Sources()
    {
        var found = new List<SourceSymbol>();
        var followed = new HashSet<VarSymbol>();
        var pending = new Stack<BoundExpression>();
        foreach (var feature in model.Features) pending.Push(feature.Expression);
        pending.Push(model.Label);
        if (model.When is { } when) pending.Push(when);
        if (model.ScoreOnly is { } scored) pending.Push(scored);
        while (pending.TryPop(out var expression))
        {
            if (expression is BoundAggregate { Source: var source } && !found.Contains(source)) found.Add(source);
            if (expression is BoundRollup { Link: var link } && !found.Contains(link)) found.Add(link);
            if (expression is BoundVar { Var: var read } && followed.Add(read)) pending.Push(read.Expression);
            foreach (var child in expression.Children) pending.Push(child);
        }
        foreach (var line in model.Observe)
        {
            var rows = line is BoundObserveEach each ? each.Rows : (line as BoundObserveAfterFirst)?.Rows;
            if (rows is not null && !found.Contains(rows.Source)) found.Add(rows.Source);
        }
        return found;
    }
}
