using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace SqlMl.Plan;

/// <summary>A plan as text that a person can read; equal expressions have equal text, so it also serves as their key.</summary>
public static class PlanText
{
    /// <summary>The whole plan, a step a line.</summary>
    public static string Print(LogicalPlan plan) => string.Join("\n", plan.Models.Select(Print));

    /// <summary>One expression on one line.</summary>
    public static string Print(LogicalExpression expression)
    {
        var text = new StringBuilder();
        Append(text, expression);
        return text.ToString();
    }

    /// <summary>One window: `(t - 7 days, t]` in mode `at`, `[t - 7 days, t)` in mode `before`.</summary>
    public static string Print(LogicalWindow window, bool isBefore)
    {
        var cutoff = window.Later is null ? "t" : $"t + {window.Later.Text}";
        var (open, close) = window.IsFuture || window.Later is not null || !isBefore ? ('(', ']') : ('[', ')');
        if (window.IsFuture)
        {
            var start = window.Gap is null ? cutoff : $"{cutoff} + {window.Gap.Text}";
            var end = window.Length is null ? "∞)" : $"{start} + {window.Length.Text}{close}";
            return $"{open}{start}, {end}{(window.IsPlanned ? $" as planned by {cutoff}" : "")}";
        }
        var near = window.Gap is null ? cutoff : $"{cutoff} - {window.Gap.Text}";
        return window.Length is null ? $"(-∞, {near}{close}" : $"{open}{near} - {window.Length.Text}, {near}{close}";
    }

    /// <summary>One aggregate without its name.</summary>
    public static string Print(LogicalAggregate aggregate)
    {
        var arguments = aggregate.Arguments.IsEmpty ? "*" : string.Join(", ", aggregate.Arguments.Select(Print));
        var filter = aggregate.Filter is null ? "" : $" where {Print(aggregate.Filter)}";
        var fallback = aggregate.Default is null ? "" : $" default {Print(aggregate.Default)}";
        var together = aggregate.Together.IsEmpty ? "" : $" of the row by {string.Join(", ", aggregate.Together.Select(Print))}";
        return $"{aggregate.Definition.Name}({arguments}{filter}){together}{fallback}";
    }

    private static string Print(LogicalModel model)
    {
        var text = new StringBuilder();
        Line(text, 0, $"model {model.Name} for {model.Entity} ({string.Join(", ", model.Keys)}), mode {(model.IsBefore ? "before" : "at")}");
        foreach (var source in model.Sources) SourceLines.Append(text, source, 1);
        if (model.Population is { } population) Line(text, 1, $"{model.Entity} from {population.Source}{(population.Since is null ? "" : $" since {Print(population.Since)}")}");
        foreach (var line in model.Observe) Line(text, 1, $"cutoffs {Print(line)}");
        if (model.Until is { } until) Line(text, 1, $"until first {Print(until)}");
        foreach (var scan in model.Scans) Append(text, scan, model.IsBefore);
        foreach (var pivot in model.Pivots) Line(text, 1, $"learn {pivot.Name}: the {pivot.Count} values that most rows of train see of {Print(pivot.Scan.Aggregates[0])}");
        foreach (var rollup in model.Rollups) Append(text, rollup, 1);
        foreach (var link in model.Links) Append(text, link, 1);
        foreach (var derived in model.Derived) Line(text, 1, $"derive {derived.Name} = {Print(derived.Expression)}   [level {derived.Level}]");
        if (model.When is not null) Line(text, 1, $"keep rows where {model.When}");
        var known = string.Join(" and ", model.Maturity.Select(window => Print(window, model.IsBefore)));
        Line(text, 1, model.AllowImmature ? "keep rows whose label is not complete" : $"keep rows whose label is complete: {known}");
        if (model.History is { } history) Line(text, 1, $"keep rows with {history.Length.Text} of {string.Join(", ", history.Sources)} before them");
        foreach (var scan in model.LabelScans) Append(text, scan, model.IsBefore);
        foreach (var rollup in model.LabelRollups) Append(text, rollup, 1);
        foreach (var link in model.LabelLinks) Append(text, link, 1);
        foreach (var derived in model.LabelDerived) Line(text, 1, $"derive {derived.Name} = {Print(derived.Expression)}   [level {derived.Level}]");
        if (model.Given is not null) Line(text, 1, $"keep rows given {Print(model.Given)}");
        Line(text, 1, $"label {Print(model.Label)}, not null");
        if (model.ScoreOnly is not null) Line(text, 1, $"score only rows where {model.ScoreOnly}");
        if (model.Sample is { } sample) Line(text, 1, $"sample {sample.ToString(CultureInfo.InvariantCulture)} rows");
        var family = model.IsInFamily ? $", with its family by {string.Join(" and ", model.FamilyMaturity.Select(window => Print(window, model.IsBefore)))}" : "";
        Line(text, 1, $"split {Print(model.Split)}{family}");
        Line(text, 1, $"features {string.Join(", ", model.Features)}");
        return text.ToString();
    }

    private static string Print(LogicalSplit split) => split switch
    {
        LogicalTimeSplit time => $"by time {Parts(time.Parts)}, purged",
        LogicalInstantSplit at => $"at {string.Join(", ", at.Instants.Select(Instant))}, purged",
        LogicalRandomSplit random => $"random {Parts(random.Parts)} seed {random.Seed}{(random.IsStratified ? " stratified" : "")}",
        LogicalEntitySplit entity => $"by entity {Parts(entity.Parts)} seed {entity.Seed}",
        _ => split.GetType().Name,
    };

    private static string Parts(ImmutableArray<decimal> parts) =>
        string.Join(" / ", parts.Select(part => part.ToString("0.######", CultureInfo.InvariantCulture)));

    private static void Append(StringBuilder text, LogicalLink link, int depth)
    {
        Line(text, depth, $"link to {link.Entity} {string.Join(", ", link.Keys.Select(Print))}: {string.Join(", ", link.Names.Select(name => $"{name.Name} = {name.Value}"))}");
        AppendValues(text, link.Values, depth + 1);
    }

    private static void Append(StringBuilder text, LogicalRollup rollup, int depth)
    {
        Line(text, depth, $"members {rollup.Entity} where {string.Join(", ", rollup.Link)} is the key, of {rollup.Source}");
        foreach (var aggregate in rollup.Aggregates) Line(text, depth + 1, $"{aggregate.Name} = {Print(aggregate)}");
        AppendValues(text, rollup.Values, depth + 1);
    }

    /// <summary>How the values of another entity are computed.</summary>
    private static void AppendValues(StringBuilder text, LogicalModel values, int depth)
    {
        foreach (var source in values.Sources.Where(source => source.IsRead)) SourceLines.Append(text, source, depth);
        foreach (var scan in values.Scans) Append(text, scan, values.IsBefore, depth);
        foreach (var rollup in values.Rollups) Append(text, rollup, depth);
        foreach (var link in values.Links) Append(text, link, depth);
        foreach (var derived in values.Derived) Line(text, depth, $"derive {derived.Name} = {Print(derived.Expression)}   [level {derived.Level}]");
    }

    private static void Append(StringBuilder text, LogicalScan scan, bool isBefore, int depth = 1)
    {
        Line(text, depth, $"scan {scan.Rows} {Print(scan.Window, isBefore)} by {Words(scan.Strategy)}: {scan.Reason}");
        foreach (var aggregate in scan.Aggregates) Line(text, depth + 1, $"{aggregate.Name} = {Print(aggregate)}");
    }

    private static string Words(ScanStrategy strategy) => strategy switch
    {
        ScanStrategy.RangeJoin => "range join",
        ScanStrategy.Frame => "frame",
        ScanStrategy.RunningSums => "running sums",
        ScanStrategy.Explode => "explode",
        ScanStrategy.Carry => "carry",
        ScanStrategy.Sweep => "sweep",
        ScanStrategy.OnceAnEntity => "entity",
        _ => throw new InvalidOperationException($"No words for {strategy}."),
    };

    private static string Print(LogicalObserve observe)
    {
        var line = observe switch
        {
            LogicalGrid grid => $"every {grid.Step.Text}{(grid.AlignedTo is { } instant ? $" aligned to {Instant(instant)}" : "")}",
            LogicalEach { Offset: { } offset } each => $"{offset.Text} {(each.IsEarlier ? "before" : "after")} each {Print(each.Rows)}",
            LogicalEach each => $"each {Print(each.Rows)}",
            LogicalAfterFirst after => $"{after.Offset.Text} after first {Print(after.Rows)}",
            LogicalInstants instants => $"at {string.Join(", ", instants.Instants.Select(Instant))}",
            _ => observe.GetType().Name,
        };
        var from = observe.From is null ? "" : $" from {Print(observe.From)}";
        var until = observe.Until is null ? "" : $" until {Print(observe.Until)}";
        return $"{line}{from}{until}{(observe is LogicalGrid { Count: { } count } ? $" count {count}" : "")}";
    }

    private static string Print(LogicalRows rows) =>
        $"{rows.Source}{(rows.Side is null ? "" : $" as {rows.Side}")}{(rows.Filter is null ? "" : $" where {Print(rows.Filter)}")}";

    internal static string Print(LogicalBound bound) =>
        bound.Instant is { } instant ? Instant(instant) : bound.Offset is null ? "as_of" : $"as_of {(bound.IsNegative ? "-" : "+")} {bound.Offset.Text}";

    private static string Instant(DateTime instant) => instant.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);

    internal static void Line(StringBuilder text, int depth, string line) => text.Append(' ', depth * 2).Append(line).Append('\n');

    private static void Append(StringBuilder text, LogicalExpression expression)
    {
        switch (expression)
        {
            case LogicalConstant constant:
                text.Append(Constant(constant.Value));
                break;
            case LogicalColumn column:
                text.Append(column.IsExact ? $"`{column.Path}`" : column.Path.ToLowerInvariant());
                break;
            case LogicalAnchor anchor:
                text.Append("anchor.");
                Append(text, anchor.Column);
                if (anchor.IsAsBefore) text.Append(" as of the moment before");
                if (anchor.IsInLabel) text.Append(anchor.Window is null ? " whenever known" : $" as known at the end of {Print(anchor.Window, isBefore: false)}");
                break;
            case LogicalValue value:
                text.Append('@').Append(value.Name);
                break;
            case LogicalLearned learned:
                text.Append("learned.").Append(learned.Pivot).Append('.').Append(learned.Rank);
                break;
            case LogicalCutoff:
                text.Append("cutoff");
                break;
            case LogicalKey key:
                text.Append("key.").Append(key.Name);
                break;
            case LogicalOperation operation:
                AppendCall(text, Word(operation.Operator), operation.Operands);
                break;
            case LogicalFunction function:
                AppendCall(text, function.Name, function.Arguments);
                break;
            case LogicalCase:
                AppendCall(text, "case", expression.Children);
                break;
            case LogicalCast cast:
                AppendCall(text, $"as_{cast.Type.ToString().ToLowerInvariant()}", cast.Children);
                break;
            case LogicalPath path:
                Append(text, path.Operand);
                foreach (var step in path.Steps) text.Append(step);
                break;
            case LogicalClock clock:
                Append(text, clock.Operand);
                text.Append(" zone ").Append(Constant(clock.Zone));
                break;
            case LogicalRaw raw:
                text.Append("raw {");
                foreach (var given in raw.Texts) text.Append(' ').Append(given.Dialect).Append(' ').Append(Constant(given.Text));
                text.Append(" }");
                break;
            case LogicalShift shift:
                AppendCall(text, $"{(shift.IsEarlier ? "earlier" : "later")}_by_{shift.Duration.Text.Replace(' ', '_')}", shift.Children);
                break;
            case LogicalElapsed elapsed:
                AppendCall(text, $"{(elapsed.IsUntil ? "ahead" : "elapsed")}_in_{elapsed.Unit.Text.Replace(' ', '_')}{(elapsed.Later is null ? "" : $"_after_{elapsed.Later.Text.Replace(' ', '_')}")}", elapsed.Children);
                break;
        }
    }

    private static string Word(LogicalOperator op) => op switch
    {
        LogicalOperator.Or => "or",
        LogicalOperator.And => "and",
        LogicalOperator.Not => "not",
        LogicalOperator.Equal => "equal",
        LogicalOperator.NotEqual => "notequal",
        LogicalOperator.Less => "less",
        LogicalOperator.LessOrEqual => "lessorequal",
        LogicalOperator.Greater => "greater",
        LogicalOperator.GreaterOrEqual => "greaterorequal",
        LogicalOperator.Between => "between",
        LogicalOperator.In => "in",
        LogicalOperator.Like => "like",
        LogicalOperator.ILike => "ilike",
        LogicalOperator.IsNull => "isnull",
        LogicalOperator.Add => "add",
        LogicalOperator.Subtract => "subtract",
        LogicalOperator.Multiply => "multiply",
        LogicalOperator.Divide => "divide",
        LogicalOperator.Modulo => "modulo",
        _ => "negate",
    };

    private static void AppendCall(StringBuilder text, string name, IEnumerable<LogicalExpression> operands)
    {
        text.Append(name).Append('(');
        var isFirst = true;
        foreach (var operand in operands)
        {
            if (!isFirst) text.Append(", ");
            Append(text, operand);
            isFirst = false;
        }
        text.Append(')');
    }

    private static string Constant(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string s => $"'{s.Replace("'", "''", StringComparison.Ordinal)}'",
        DateTime instant => $"instant {Instant(instant)}",
        decimal number => $"{number.ToString(CultureInfo.InvariantCulture)}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
