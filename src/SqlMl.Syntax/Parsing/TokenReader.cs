using Antlr4.Runtime;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using static SqlMl.Syntax.Generated.SqlMlLexer;

namespace SqlMl.Syntax.Parsing;

/// <summary>
/// Reads a text into tokens that the parser can go on with: what the lexer marks as a mistake is reported and replaced by
/// what was meant, or left out.
/// </summary>
internal sealed class TokenReader(SourceText source, ParseErrors errors)
{
    private sealed record RawToken(int Type, int Start, int Length);

    private readonly List<SourceToken> _tokens = [];
    private int _scanned;
    private bool _atLineStart = true;

    /// <summary>The tokens in the order of the text, without the end of file.</summary>
    public List<SourceToken> Read()
    {
        var raw = Scan();
        for (var i = 0; i < raw.Count; i++)
        {
            var (type, start, length) = raw[i];
            switch (type)
            {
                case UNCLOSED_STRING:
                    Report(SyntaxErrors.UnclosedString(Span(start, length)));
                    Add(STRING, start, length);
                    break;
                case UNCLOSED_DESCRIPTION:
                    Report(SyntaxErrors.UnclosedDescription(Span(start, length)));
                    Add(DESCRIPTION, start, length);
                    break;
                case UNCLOSED_QUOTED_NAME:
                    Report(SyntaxErrors.UnclosedQuotedName(Span(start, length)));
                    Add(QUOTED_NAME, start, length);
                    break;
                case EMPTY_QUOTED_NAME:
                    errors.Add(SyntaxErrors.EmptyName(Span(start, length)));
                    Add(QUOTED_NAME, start, length);
                    break;
                case FOREIGN_SIGN:
                    ReplaceForeignSign(start, length);
                    break;
                case UNEXPECTED:
                    while (i + 1 < raw.Count && raw[i + 1] is { Type: UNEXPECTED, Start: var next, Length: var more } && next == start + length)
                    {
                        length += more;
                        i++;
                    }
                    Report(SyntaxErrors.UnexpectedCharacters(Span(start, length)));
                    break;
                default:
                    Add(type, start, length);
                    break;
            }
        }
        return _tokens;
    }

    /// <summary>
    /// The lexer's tokens. Where the quotes do not pair up, the first string that runs over a line break is taken to be the one
    /// that lacks its quote, and reading goes on at the next line: otherwise every later string would be turned inside out.
    /// </summary>
    private List<RawToken> Scan()
    {
        var input = new AntlrInputStream(source.Text);
        var lexer = new Generated.SqlMlLexer(input);
        lexer.RemoveErrorListeners();
        var raw = new List<RawToken>();
        var firstLongString = -1;
        var isRepaired = false;
        for (var token = lexer.NextToken(); token.Type != TokenConstants.EOF; token = lexer.NextToken())
        {
            var (start, length) = (token.StartIndex, token.StopIndex - token.StartIndex + 1);
            if (token.Type == UNCLOSED_STRING && firstLongString >= 0 && !isRepaired)
            {
                start = raw[firstLongString].Start;
                length = source.Text.IndexOf('\n', start) - start;
                raw.RemoveRange(firstLongString, raw.Count - firstLongString);
                raw.Add(new RawToken(UNCLOSED_STRING, start, source.Text[start + length - 1] == '\r' ? length - 1 : length));
                input.Seek(start + length);
                isRepaired = true;
                continue;
            }
            if (token.Type == STRING && firstLongString < 0 && source.Text.AsSpan(start, length).Contains('\n')) firstLongString = raw.Count;
            raw.Add(new RawToken(token.Type, start, length));
        }
        return raw;
    }

    private void ReplaceForeignSign(int start, int length)
    {
        var span = Span(start, length);
        errors.Add(SyntaxErrors.ForeignSign(span));
        switch (span.Text)
        {
            case "!=": Add(NOT_EQUAL, start, length); break;
            case "==": Add(EQUAL, start, length); break;
            case "&&": Add(AND, start, length); break;
            // `||` joins strings in SQL and conditions elsewhere; a sum parses wherever either could stand.
            case "||": Add(PLUS, start, length); break;
        }
    }

    private void Add(int type, int start, int length)
    {
        // The flag looks at the text between tokens, so that a dropped character does not make its successor first.
        for (; _scanned < start; _scanned++)
        {
            if (source.Text[_scanned] == '\n') _atLineStart = true;
        }
        _tokens.Add(SourceToken.Read(source, type, start, length, _atLineStart));
        _scanned = start + length;
        _atLineStart = false;
    }

    private void Report(Diagnostic error)
    {
        errors.Add(error);
        errors.Spoil(error.Primary!.Span);
    }

    private SourceSpan Span(int start, int length) => new(source, start, length);
}
