using System.Collections.Immutable;
using SqlMl.Language.Functions;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Compiler.Timelines;

/// <summary>Finds what the values of a program read of time: the vars, and of each model label, `when` and `given`.</summary>
internal static class TimelineBuilder
{
    /// <summary>Every value's timeline: the vars first, once for each mode in which models read them.</summary>
    internal static ImmutableArray<Timeline> Build(SemanticModel program)
    {
        var timelines = ImmutableArray.CreateBuilder<Timeline>();
        foreach (var symbol in program.Vars.Concat(program.Models.SelectMany(model => model.Features)).Distinct())
        {
            var readers = program.Models.Where(model => model.Features.Contains(symbol)).ToList();
            foreach (var isBefore in readers.Select(model => model.IsBefore).DefaultIfEmpty(false).Distinct())
            {
                var models = readers.Where(model => model.IsBefore == isBefore).Select(model => model.Name);
                timelines.Add(Of(symbol.Entity.Name, symbol.Entity, symbol.Name, symbol.DefinitionSpan.Text, symbol.Expression, isBefore, [.. models]));
            }
        }
        foreach (var model in program.Models)
        {
            timelines.Add(Of(model.Name, model.Entity, "label", model.LabelSpan.Text, model.Label, model.IsBefore, [model.Name]));
            if (model.When is not null) timelines.Add(Of(model.Name, model.Entity, "when", model.When.Span.Text, model.When, model.IsBefore, [model.Name]));
            if (model.ScoreOnly is not null) timelines.Add(Of(model.Name, model.Entity, "score only when", model.ScoreOnly.Span.Text, model.ScoreOnly, model.IsBefore, [model.Name]));
            if (model.Given is not null) timelines.Add(Of(model.Name, model.Entity, "given", model.Given.Span.Text, model.Given, model.IsBefore, [model.Name]));
        }
        return timelines.ToImmutable();
    }

    private static Timeline Of(string owner, EntitySymbol entity, string name, string definition, BoundExpression expression, bool isBefore, ImmutableArray<string> models)
    {
        var readings = new List<TimelineReading>();
        Collect(expression, name, entity, isBefore, null, readings);
        return new Timeline(owner, name, OneLine(definition), Cover(readings), isBefore, models, [.. readings.DistinctBy(reading => (reading.Rows, reading.Start, reading.End))]);
    }

    /// <summary>From where the first reading begins to where the last ends.</summary>
    private static string Cover(List<TimelineReading> readings)
    {
        var timed = readings.FindAll(reading => !reading.IsTimeless);
        if (timed.Count == 0) return readings.Count == 0 ? "no rows" : "what never changes";
        var first = timed.MinBy(reading => reading.Start?.Microseconds ?? long.MinValue)!;
        var last = timed.MaxBy(reading => reading.End?.Microseconds ?? long.MaxValue)!;
        if (first.Start is not null && first.Start == last.End) return $"what held at {first.Start.Text}";
        var start = first.Start is null ? "(-∞" : $"{(first.HoldsStart ? '[' : '(')}{first.Start.Text}";
        return last.End is null ? $"{start}, ∞)" : $"{start}, {last.End.Text}{(last.HoldsEnd ? ']' : ')')}";
    }

    private static void Collect(BoundExpression expression, string value, EntitySymbol entity, bool isBefore, Duration? later, List<TimelineReading> readings)
    {
        switch (expression)
        {
            case BoundVar { Var: var symbol }:
                if (symbol.Entity != entity) readings.Add(OfLink(symbol.Entity, value, isBefore));
                Collect(symbol.Expression, symbol.Name, symbol.Entity, isBefore, later, readings);
                break;
            case BoundAfter after:
                // What is evaluated later sees all up to that instant (rule 8).
                Collect(after.Operand, value, entity, false, after.Later, readings);
                break;
            case BoundAnchor anchor:
                readings.Add(OfAnchor(anchor, value));
                break;
            case BoundAggregate aggregate:
                readings.Add(OfAggregate(aggregate, value, isBefore, later));
                break;
            case BoundRollup rollup:
                // Who is a member is something that rows say, too (rule 21).
                readings.Add(OfAggregate(new BoundAggregate(rollup.Span, Aggregates.Last, rollup.Link, [], null, BoundWindow.AllPast), value, isBefore, later));
                foreach (var child in rollup.Children) Collect(child, value, rollup.Members, isBefore, later, readings);
                break;
            default:
                foreach (var child in expression.Children) Collect(child, value, entity, isBefore, later, readings);
                break;
        }
    }

    /// <summary>Which other entity is meant is something that rows say, too (rule 21).</summary>
    private static TimelineReading OfLink(EntitySymbol other, string value, bool isBefore) =>
        new(value, $"the row that links to {other.Name}", null, TimelinePoint.Cutoff, isBefore, !isBefore, ["the cutoff's own, else the last that was known by t"]);

    private static TimelineReading OfAnchor(BoundAnchor anchor, string value)
    {
        var words = $"anchor.{anchor.Column.Name}, of the row that is the cutoff";
        if (!anchor.IsInLabel) return new TimelineReading(value, words, TimelinePoint.Cutoff, TimelinePoint.Cutoff, true, true, anchor.Column.IsLate ? ["late: as known at t"] : []);
        var end = anchor.Window is { } window ? Point(Far(window), window.ReachMicroseconds) : null;
        return new TimelineReading(value, words, TimelinePoint.Cutoff, end, false, true, [end is null ? "late: as known at the run's instant" : $"late: as known at {end.Text}"]);
    }

    private static TimelineReading OfAggregate(BoundAggregate aggregate, string value, bool isBefore, Duration? later)
    {
        var (source, window) = (aggregate.Source, aggregate.Window);
        var now = Moved(TimelinePoint.Cutoff, later);
        var rows = aggregate.Filter is null ? source.Name : $"{source.Name} where {OneLine(aggregate.Filter.Span.Text)}";
        if (source.Nature == SourceNature.Static) return new TimelineReading(value, rows, null, null, true, true, ["never changes"]) { IsTimeless = true };
        if (source.Nature == SourceNature.Validity) return new TimelineReading(value, rows, now, now, true, true, [$"the rows that held at {now.Text}"]);
        var (start, end) = window switch
        {
            { Length: null } => ((TimelinePoint?)null, now),
            { IsFuture: true } => (Point(Near(window), window.Gap?.LongestMicroseconds ?? 0), Point(Far(window), (window.Gap?.LongestMicroseconds ?? 0) + window.Length.LongestMicroseconds)),
            _ => (Moved(Point(Far(window), -window.BackMicroseconds), later), Moved(Point(Near(window), -(window.Gap?.LongestMicroseconds ?? 0)), later)),
        };
        // An instant before t: each bound takes what lies at it to the other side (rule 7).
        var isOpen = isBefore && !window.IsFuture && later is null;
        return new TimelineReading(value, rows, start, end, isOpen, !isOpen, Notes(aggregate, now));
    }

    private static ImmutableArray<string> Notes(BoundAggregate aggregate, TimelinePoint now)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        var isOfLabel = aggregate.Window is { IsFuture: true, IsPlanned: false };
        if (aggregate.Source.Knowledge is { } known)
        {
            var since = known.At is null ? known.Delay is null ? "they are" : $"{known.Delay.Text} after they happened" : OneLine(known.At.Span.Text);
            notes.Add(isOfLabel ? $"known at {since}: by the run's instant" : $"known at {since}: by {now.Text}");
        }
        if (aggregate.Children.Any(ReadsLate)) notes.Add(isOfLabel ? "late columns as known at the end" : $"late columns as known at {now.Text}");
        return notes.ToImmutable();
    }

    private static bool ReadsLate(BoundExpression expression) => expression is BoundColumn { Column.IsLate: true } || expression.Children.Any(ReadsLate);

    private static string Near(BoundWindow window) => window.Gap is null ? "t" : $"t {Sign(window)} {window.Gap.Text}";

    private static string Far(BoundWindow window) => $"{Near(window)} {Sign(window)} {window.Length!.Text}";

    private static char Sign(BoundWindow window) => window.IsFuture ? '+' : '-';

    private static TimelinePoint Point(string text, long microseconds) => microseconds == 0 ? TimelinePoint.Cutoff : new TimelinePoint(text, microseconds);

    private static TimelinePoint Moved(TimelinePoint point, Duration? later)
    {
        if (later is null) return point;
        var microseconds = point.Microseconds + later.LongestMicroseconds;
        return Point($"t + {later.Text}{point.Text[1..]}", microseconds);
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
