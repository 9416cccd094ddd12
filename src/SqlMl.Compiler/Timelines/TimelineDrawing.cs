using System.Text;

namespace SqlMl.Compiler.Timelines;

/// <summary>Draws a timeline with characters: the instants that matter in their order, not to scale, and below them a bar for each reading.</summary>
public static class TimelineDrawing
{
    private const int Margin = 6;
    private const int Gap = 3;

    /// <summary>The drawing, its lines ended by line feeds.</summary>
    public static string Draw(Timeline timeline)
    {
        var text = new StringBuilder();
        var subject = timeline.Name is "label" or "when" or "given" ? $"{timeline.Name} of {timeline.Owner}" : $"{timeline.Owner}.{timeline.Name}";
        text.Append(subject).Append(" = ").Append(timeline.Definition).Append('\n');
        text.Append("reads ").Append(timeline.Interval);
        if (timeline.Readings.Any(reading => reading is { HoldsEnd: false, End: not null })) text.Append(", the row of the cutoff itself left out");
        if (!timeline.Models.IsEmpty && timeline.Owner != timeline.Models[0]) text.Append(", in ").AppendJoin(", ", timeline.Models);
        text.Append('\n');
        if (timeline.Readings.IsEmpty) return text.ToString();

        var points = timeline.Readings
            .SelectMany(reading => new[] { reading.Start, reading.End }).OfType<TimelinePoint>().Append(TimelinePoint.Cutoff)
            .DistinctBy(point => point.Microseconds).OrderBy(point => point.Microseconds).ToList();
        var step = points.Max(point => point.Text.Length) + Gap;
        var width = Margin + (step * (points.Count - 1)) + Margin + 1;
        var names = timeline.Readings.Max(reading => reading.Value.Length);
        var indent = new string(' ', names + 2);

        text.Append('\n').Append(indent).Append(Ticks(points, step, width)).Append('\n');
        text.Append(indent).Append(Axis(points, step, width)).Append('\n');
        foreach (var reading in timeline.Readings)
        {
            text.Append(reading.Value.PadRight(names + 2)).Append(Bar(reading, At, width)).Append("  ").Append(reading.Rows);
            if (!reading.Notes.IsEmpty) text.Append(" (").AppendJoin("; ", reading.Notes).Append(')');
            text.Append('\n');
        }
        return text.ToString();

        int At(TimelinePoint point) => Margin + (step * points.FindIndex(other => other.Microseconds == point.Microseconds));
    }

    private static string Ticks(List<TimelinePoint> points, int step, int width)
    {
        var line = new string(' ', width + step).ToCharArray();
        for (var i = 0; i < points.Count; i++)
        {
            // In the middle above its tick, as far as there is room.
            var start = Math.Max(0, Margin + (step * i) - (points[i].Text.Length / 2));
            points[i].Text.CopyTo(0, line, start, points[i].Text.Length);
        }
        return new string(line).TrimEnd();
    }

    private static string Axis(List<TimelinePoint> points, int step, int width)
    {
        var line = new string('─', width).ToCharArray();
        for (var i = 0; i < points.Count; i++) line[Margin + (step * i)] = points[i].Microseconds == 0 ? '╂' : '┼';
        return new string(line) + " time";
    }

    private static string Bar(TimelineReading reading, Func<TimelinePoint, int> at, int width)
    {
        var line = new string(' ', width).ToCharArray();
        var start = reading.Start is null ? 0 : at(reading.Start);
        var end = reading.End is null ? width - 1 : at(reading.End);
        for (var i = start; i <= end; i++) line[i] = reading.IsTimeless ? '·' : '━';
        if (reading.IsTimeless) return new string(line);
        if (reading.Start is not null && reading.Start == reading.End)
        {
            line[start] = '●';
            return new string(line);
        }
        line[start] = reading.Start is null ? '◄' : reading.HoldsStart ? '[' : '(';
        line[end] = reading.End is null ? '►' : reading.HoldsEnd ? ']' : ')';
        return new string(line);
    }
}
