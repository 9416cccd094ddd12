using System.Collections.Immutable;
using System.Globalization;

namespace SqlMl.Local.Reports;

/// <summary>A place in a chart, in the data's units.</summary>
public readonly record struct ChartPoint(double X, double Y);

/// <summary>
/// A chart drawn as one inline SVG: linear axes from 0 or a given minimum, grid lines, and marks in the order in which they are added. It scales with
/// its container; colours come from the report's style sheet by class.
/// </summary>
internal sealed class SvgChart
{
    private const double Width = 440;
    private const double Height = 300;
    private const double Left = 56;
    private const double Right = 14;
    private const double Top = 12;
    private const double Bottom = 42;

    private readonly HtmlText _marks = new();
    private readonly double _minX;
    private readonly double _maxX;
    private readonly double _minY;
    private readonly double _maxY;

    public SvgChart(string xTitle, string yTitle, double maxX = 1, double maxY = 1, string yFormat = "0.##", double minX = 0, double minY = 0)
    {
        (_minX, _maxX, _minY, _maxY) = (minX, maxX, minY, maxY);
        for (var i = 0; i <= 5; i++)
        {
            var (atX, atY) = (minX + ((maxX - minX) * i / 5), minY + ((maxY - minY) * i / 5));
            var (x, y) = (X(atX), Y(atY));
            _marks.Add($"""<line class="grid" x1="{Left:0.#}" x2="{Width - Right:0.#}" y1="{y:0.##}" y2="{y:0.##}"/>""");
            _marks.Add($"""<text class="tick" x="{Left - 8:0.#}" y="{y + 4:0.##}" text-anchor="end">{atY.ToString(yFormat, CultureInfo.InvariantCulture)}</text>""");
            _marks.Add($"""<text class="tick" x="{x:0.##}" y="{Height - Bottom + 18:0.#}" text-anchor="middle">{atX:0.##}</text>""");
        }
        _marks.Add($"""<text class="axis" x="{(Left + Width - Right) / 2:0.#}" y="{Height - 6:0.#}" text-anchor="middle">{xTitle}</text>""");
        _marks.Add($"""<text class="axis" transform="translate(13 {(Top + Height - Bottom) / 2:0.#}) rotate(-90)" text-anchor="middle">{yTitle}</text>""");
    }

    /// <summary>A line through the points, in their order.</summary>
    public SvgChart Line(IEnumerable<ChartPoint> points, string style)
    {
        _marks.Add($"""<polyline class="{style}" points="{Points(points)}"/>""");
        return this;
    }

    /// <summary>The surface between a line and the horizontal axis.</summary>
    public SvgChart Area(ImmutableArray<ChartPoint> points, string style)
    {
        if (points.IsEmpty) return this;
        var closed = points.Add(new ChartPoint(points[^1].X, _minY)).Insert(0, new ChartPoint(points[0].X, _minY));
        _marks.Add($"""<polygon class="{style}" points="{Points(closed)}"/>""");
        return this;
    }

    /// <summary>A disc whose surface grows with <paramref name="weight"/> (0 to 1), with a text shown when pointed at.</summary>
    public SvgChart Disc(ChartPoint at, double weight, string style, string hint)
    {
        _marks.Add($"""<circle class="{style}" cx="{X(at.X):0.##}" cy="{Y(at.Y):0.##}" r="{3.2 + (5.5 * Math.Sqrt(weight)):0.##}"><title>{hint}</title></circle>""");
        return this;
    }

    /// <summary>A bar between two places of the horizontal axis, from one height to another.</summary>
    public SvgChart Bar(double from, double to, double low, double high, string style, string hint)
    {
        var (x, y) = (X(from) + 0.75, Y(high));
        var width = Math.Max(X(to) - X(from) - 1.5, 0.5);
        _marks.Add($"""<rect class="{style}" x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{Y(low) - y:0.##}"><title>{hint}</title></rect>""");
        return this;
    }

    /// <summary>A vertical line with a word at its top; none where it would lie outside.</summary>
    public SvgChart Mark(double x, string text)
    {
        if (x < _minX || x > _maxX) return this;
        var anchor = x > _minX + ((_maxX - _minX) * 0.7) ? "end" : "start";
        var shift = anchor == "end" ? -5 : 5;
        _marks.Add($"""<line class="mark" x1="{X(x):0.##}" x2="{X(x):0.##}" y1="{Top:0.#}" y2="{Y(_minY):0.##}"/>""");
        _marks.Add($"""<text class="note" x="{X(x) + shift:0.##}" y="{Top + 10:0.#}" text-anchor="{anchor}">{text}</text>""");
        return this;
    }

    /// <summary>The finished picture; <paramref name="description"/> is what a screen reader says.</summary>
    public HtmlText Draw(string description) =>
        new HtmlText().Add($"""<svg viewBox="0 0 {Width:0} {Height:0}" role="img" aria-label="{description}">{_marks}</svg>""");

    private double X(double value) => Left + (Math.Clamp((value - _minX) / (_maxX - _minX), 0, 1) * (Width - Left - Right));

    private double Y(double value) => Height - Bottom - (Math.Clamp((value - _minY) / (_maxY - _minY), 0, 1) * (Height - Top - Bottom));

    private string Points(IEnumerable<ChartPoint> points) =>
        string.Join(' ', points.Select(point => string.Create(null, $"{X(point.X):0.##},{Y(point.Y):0.##}")));
}
