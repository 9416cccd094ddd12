using System.Globalization;
using System.Text;

namespace SqlMl.Sql;

/// <summary>
/// Collects SQL and lays it out: the only code that appends, indents, quotes and escapes.
/// A group stands on one line where it fits into <see cref="Width"/> columns; otherwise all of its own soft breaks
/// become line breaks. Laying out takes time linear in the text, however deep the groups nest.
/// </summary>
internal sealed class SqlWriter
{
    private const int Width = 100;
    private const int IndentSize = 2;

    // Past this depth indentation no longer tells a reader anything and would grow with the square of the depth.
    private const int DeepestIndent = 24;

    // As many as the deepest line begins with.
    private const string Blanks = "                                                ";

    private readonly List<Token> tokens = [];

    private enum Kind
    {
        Text,
        SoftBreak,
        HardBreak,
        Comment,
        GroupStart,
        GroupEnd,
        Indent,
        Dedent,
    }

    /// <summary>Text that holds no line break.</summary>
    public void Text(string text) => Add(Kind.Text, text);

    /// <summary>A line break where the group is broken, else <paramref name="flat"/>.</summary>
    public void SoftBreak(string flat = " ") => tokens.Add(flat == " " ? Token.BlankOrBreak : new Token(Kind.SoftBreak, flat));

    /// <summary>A line break always; every group around it is broken.</summary>
    public void HardBreak() => tokens.Add(Token.HardBreak);

    /// <summary>What follows up to <see cref="GroupEnd"/> stands on one line if it fits.</summary>
    public void GroupStart() => tokens.Add(Token.GroupStart);

    /// <summary>Ends the group begun last.</summary>
    public void GroupEnd() => tokens.Add(Token.GroupEnd);

    /// <summary>Lines that begin from here on stand deeper.</summary>
    public void Indent() => tokens.Add(Token.Indent);

    /// <summary>Takes one <see cref="Indent"/> back.</summary>
    public void Dedent() => tokens.Add(Token.Dedent);

    /// <summary>A place that stays empty unless <see cref="Fill"/> is called with the result.</summary>
    public int Reserve()
    {
        tokens.Add(Token.Nothing);
        return tokens.Count - 1;
    }

    /// <summary>Puts text into a reserved place.</summary>
    public void Fill(int place, string text) => tokens[place] = new Token(Kind.Text, text);

    /// <summary>
    /// A comment up to the end of the line. Whatever is written next begins a new line, and every control, format or
    /// line-separating character of the comment has become a blank, so that a comment can never become code.
    /// </summary>
    public void Comment(string comment)
    {
        var text = new StringBuilder("--");
        foreach (var rune in $" {comment}".EnumerateRunes())
            text.Append(EndsOrHidesText(rune) ? " " : rune.ToString());

        Add(Kind.Comment, text.ToString().TrimEnd());
    }

    /// <summary>A name between double quotes, those inside doubled. No database has a name with NUL; it becomes U+FFFD.</summary>
    public void QuotedName(string name) =>
        Text($"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal).Replace('\0', '\uFFFD')}\"");

    /// <summary>A string constant in which only the quote is special, and doubled; control characters are the caller's to avoid.</summary>
    public void PlainString(string value) => Text($"'{value.Replace("'", "''", StringComparison.Ordinal)}'");

    /// <summary>A string constant in which the quote and the backslash are special; control characters are written as \uhhhh.</summary>
    public void BackslashString(string value)
    {
        var text = new StringBuilder("'");
        foreach (var character in value)
        {
            _ = character switch
            {
                '\'' => text.Append("''"),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                _ when char.IsControl(character) => text.Append($"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        Text(text.Append('\'').ToString());
    }

    /// <summary>SQL that is not ours, in brackets. They stand on lines of their own where the text could end in a line comment.</summary>
    public void Raw(string sql)
    {
        var ownLines = sql.AsSpan().IndexOfAny('\n', '\r') >= 0
            || sql.Contains("--", StringComparison.Ordinal) || sql.Contains("//", StringComparison.Ordinal);
        Text("(");
        if (ownLines)
            HardBreak();
        Text(sql);
        if (ownLines)
            HardBreak();
        Text(")");
    }

    /// <summary>The laid-out text; lines end in a line feed and never in blanks of ours.</summary>
    public override string ToString()
    {
        var layout = new Measure(tokens);
        var output = new StringBuilder();
        // How many groups are open, and the outermost one that stands on one line: all within it do, too.
        var groups = 0;
        var flat = 0;
        var depth = 0;
        var column = 0;
        var isAfterComment = false;

        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            switch (token.Kind)
            {
                case Kind.GroupStart:
                    groups++;
                    if (flat == 0 && layout.FitsFrom(i, LineStart(column, depth)))
                        flat = groups;
                    break;
                case Kind.GroupEnd:
                    if (flat == groups)
                        flat = 0;
                    groups--;
                    break;
                case Kind.Indent:
                    depth++;
                    break;
                case Kind.Dedent:
                    depth--;
                    break;
                case Kind.HardBreak:
                case Kind.SoftBreak when flat == 0:
                    NewLine();
                    break;
                case Kind.Comment:
                    Append(column == 0 ? token.Text : $"  {token.Text}");
                    isAfterComment = true;
                    break;
                default:
                    Append(token.Text);
                    break;
            }
        }

        return output.ToString();

        void NewLine()
        {
            output.Append('\n');
            column = 0;
            isAfterComment = false;
        }

        void Append(string text)
        {
            if (text.Length == 0)
                return;
            if (isAfterComment)
                NewLine();
            if (column == 0)
            {
                column = LineStart(column, depth);
                output.Append(Blanks, 0, column);
            }

            output.Append(text);
            column += text.Length;
        }
    }

    private static int LineStart(int column, int depth) =>
        column == 0 ? IndentSize * Math.Min(depth, DeepestIndent) : column;

    private static bool EndsOrHidesText(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private void Add(Kind kind, string text) => tokens.Add(new Token(kind, text));

    /// <summary>A piece of what is written; those that are always the same exist once.</summary>
    private sealed record Token(Kind Kind, string Text)
    {
        public static readonly Token Nothing = new(Kind.Text, "");
        public static readonly Token BlankOrBreak = new(Kind.SoftBreak, " ");
        public static readonly Token HardBreak = new(Kind.HardBreak, "");
        public static readonly Token GroupStart = new(Kind.GroupStart, "");
        public static readonly Token GroupEnd = new(Kind.GroupEnd, "");
        public static readonly Token Indent = new(Kind.Indent, "");
        public static readonly Token Dedent = new(Kind.Dedent, "");
    }

    /// <summary>Answers in constant time whether a group fits, from running sums over the tokens.</summary>
    private sealed class Measure
    {
        private readonly int[] widthBefore;
        private readonly int[] hardBreaksBefore;
        private readonly int[] nextBreak;
        private readonly int[] groupEnd;

        public Measure(List<Token> tokens)
        {
            var count = tokens.Count;
            widthBefore = new int[count + 1];
            hardBreaksBefore = new int[count + 1];
            nextBreak = new int[count + 1];
            groupEnd = new int[count];
            // The start of the innermost open group; until that ends, its place in groupEnd holds the start of the group around it.
            var open = 0;

            for (var i = 0; i < count; i++)
            {
                var kind = tokens[i].Kind;
                widthBefore[i + 1] = widthBefore[i] + (kind == Kind.Comment ? 0 : tokens[i].Text.Length);
                hardBreaksBefore[i + 1] = hardBreaksBefore[i] + (kind is Kind.HardBreak or Kind.Comment ? 1 : 0);
                if (kind == Kind.GroupStart)
                    (groupEnd[i], open) = (open, i);
                else if (kind == Kind.GroupEnd)
                    (open, groupEnd[open]) = (groupEnd[open], i);
            }

            nextBreak[count] = count;
            for (var i = count - 1; i >= 0; i--)
                nextBreak[i] = tokens[i].Kind is Kind.HardBreak or Kind.SoftBreak or Kind.Comment ? i : nextBreak[i + 1];
        }

        /// <summary>True when the group, and what follows it without a chance to break, ends within the width.</summary>
        public bool FitsFrom(int start, int column)
        {
            var end = groupEnd[start];
            return hardBreaksBefore[end] == hardBreaksBefore[start]
                && column + widthBefore[nextBreak[end]] - widthBefore[start] <= Width;
        }
    }
}
