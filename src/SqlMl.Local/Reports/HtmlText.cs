using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace SqlMl.Local.Reports;

/// <summary>HTML under construction. What stands literally in an interpolated string is markup; every value put into it is escaped, unless it is itself <see cref="HtmlText"/>.</summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends markup with escaped values.</summary>
    public HtmlText Add([InterpolatedStringHandlerArgument("")] ref Handler handler)
    {
        _ = handler;
        return this;
    }

    /// <summary>Appends finished markup.</summary>
    public HtmlText Add(HtmlText other)
    {
        _text.Append(other._text);
        return this;
    }

    /// <summary>Appends text of this program's own as it is; nothing that comes from a program or its data may pass here.</summary>
    public void AddOwnMarkup(string markup) => _text.Append(markup);

    public override string ToString() => _text.ToString();

    /// <summary>Escapes the holes of an interpolated string while it is written.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Handler
    {
        private readonly StringBuilder _text;

        public Handler(int literalLength, int formattedCount, HtmlText html)
        {
            _ = (literalLength, formattedCount);
            _text = html._text;
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(HtmlText markup) => _text.Append(markup._text);

        public void AppendFormatted(string? value) => _text.Append(WebUtility.HtmlEncode(value));

        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));
    }
}
