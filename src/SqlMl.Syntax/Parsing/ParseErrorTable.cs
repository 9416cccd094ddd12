using Antlr4.Runtime.Misc;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using static SqlMl.Syntax.Generated.SqlMlLexer;

namespace SqlMl.Syntax.Parsing;

/// <summary>Turns the place where the parser stopped, and the tokens that would have fitted, into one message in the program's words.</summary>
internal sealed class ParseErrorTable(IReadOnlyList<SourceToken> tokens)
{
    private const int MostWordsNamed = 6;

    /// <summary>The message for a token that fits nowhere; the first case that applies decides.</summary>
    /// <param name="index">The token that does not fit; the number of tokens for the end of the file.</param>
    /// <param name="expected">What would have fitted, or null where that depends on more than one token.</param>
    public Diagnostic Describe(int index, IntervalSet? expected)
    {
        var token = index < tokens.Count ? tokens[index] : null;
        var before = index > 0 ? tokens[index - 1] : tokens[0];
        var place = PlaceOf(token, before);
        bool Fits(int type) => expected?.Contains(type) ?? false;
        var isExpression = Fits(CASE) && Fits(LPAREN);

        if (before.Type == NUMBER && Fits(DAY) && !isExpression)
        {
            return token is { Type: WORD, IsFirstOnLine: false }
                ? SyntaxErrors.UnknownUnit(token.Span, SimilarNames.Nearest(token.Text, Words.Units))
                : SyntaxErrors.MissingUnit(place, before.Text);
        }
        if (before.Type == WORD && index >= 2 && tokens[index - 2].Type == OBSERVE)
        {
            // A mistyped word behind `observe` is read as the name of a param that holds a duration.
            var meant = SimilarNames.Nearest(before.Text, ["every", "at", "before"]);
            return SyntaxErrors.NotExpected(before.Span, $"`{before.Text}`", tokens[index - 2].Text, meant, meant is null ? "`every`, `at`, `before` or a duration" : null);
        }
        if (token is { Type: RBRACE } && before.Type == LBRACE) return SyntaxErrors.EmptyBlock(token.Span, tokens[Math.Max(0, index - 2)].Text);
        if (token is not null && Words.IsReserved(token.Type) && Fits(WORD) && IsUsedAsName(index, isExpression)) return SyntaxErrors.ReservedName(token.Span);
        if (isExpression) return SyntaxErrors.MissingExpression(place, before.Text);
        if (Fits(NUMBER) && Fits(PARAM) && Fits(WORD) && !Fits(EVERY)) return SyntaxErrors.MissingDuration(place, before.Text);
        if (Fits(WORD) && !Fits(NUMBER) && !Fits(COMMA)) return SyntaxErrors.MissingName(place, before.Text);
        if (Fits(STRING) && expected!.Count == 1) return SyntaxErrors.MissingString(place, before.Text, token?.Type == DESCRIPTION);

        var fitting = Fitting(expected);
        if (expected?.Count == 1) return SyntaxErrors.Missing(place, fitting[0], before.Text);
        var similar = token is { Type: WORD } ? SimilarNames.Nearest(token.Text, KeywordsOf(expected)) : null;
        var named = fitting.Count is > 0 and <= MostWordsNamed && similar is null ? string.Join(" or ", fitting) : null;
        var error = SyntaxErrors.NotExpected(place, token is null ? "the end of the file" : $"`{token.Text}`", before.Text, similar, named);
        return token?.Type is EQUAL or NOT_EQUAL or LESS or LESS_OR_EQUAL or GREATER or GREATER_OR_EQUAL
            ? error.WithHelp("a comparison has two sides; several are joined with `and`")
            : error;
    }

    /// <summary>The message for a word that begins no line of the block.</summary>
    public Diagnostic UnknownStart(int index, BlockKind block)
    {
        var token = tokens[index];
        if (!Words.IsWord(token.Type))
        {
            return SyntaxErrors.NotExpected(token.Span, $"`{token.Text}`", index > 0 ? tokens[index - 1].Text : "the beginning", null, $"a {block.Unit}");
        }
        var similar = token.Type == WORD ? SimilarNames.Nearest(token.Text, block.StartWords) : null;
        var home = BlockKind.WithClauses.FirstOrDefault(other => other.Starts.Contains(token.Type))?.Description;
        return block == BlockKind.Program
            ? SyntaxErrors.UnknownDeclaration(token.Span, similar, home, block.StartWords)
            : SyntaxErrors.UnknownClause(token.Span, block.Description, block.Unit, similar, home, block.StartWords);
    }

    /// <summary>The message for a line that ends before it is complete: the next line's first word was taken for its continuation.</summary>
    public Diagnostic BrokenOff(int next, BlockKind block) =>
        SyntaxErrors.BrokenOff(tokens[next - 1].Span, block.Unit, tokens[next].Span);

    /// <summary>The token itself, or the end of the token before where the line, block or file simply ends.</summary>
    private static SourceSpan PlaceOf(SourceToken? token, SourceToken before) =>
        token is null or { IsFirstOnLine: true } or { Type: RBRACE }
            ? new SourceSpan(before.Span.Source, before.Span.End, 0)
            : token.Span;

    // `end = 3` compares a column called `end`; `when then` forgot its condition.
    private bool IsUsedAsName(int index, bool isExpression) =>
        !isExpression || Words.TypeAt(tokens, index + 1) is DOT or EQUAL or NOT_EQUAL or LESS or GREATER or LESS_OR_EQUAL or GREATER_OR_EQUAL or IS or CAST;

    private static List<string> Fitting(IntervalSet? expected)
    {
        if (expected is null) return [];
        var types = expected.ToList();
        // Behind a complete operand every operator fits; to name them all would hide the point.
        var isBehindOperand = types.Contains(STAR) && types.Contains(PLUS);
        var words = new List<string>();
        if (types.Contains(WORD)) words.Add("a name");
        foreach (var type in types.Where(type => type > 0 && type is not (WORD or QUOTED_NAME)))
        {
            if (types.Contains(WORD) && Words.IsKeywordOrName(type)) continue;
            if (isBehindOperand && !(type is COMMA or RPAREN or RBRACKET or RBRACE || Words.IsKeywordOrName(type))) continue;
            words.Add(type switch
            {
                NUMBER => "a number",
                STRING => "a string in single quotes",
                DESCRIPTION => "a description",
                _ when Words.IsUnit(type) => "a unit of time",
                _ => $"`{Words.Spell(type)}`",
            });
        }
        return [.. words.Distinct()];
    }

    private static IEnumerable<string> KeywordsOf(IntervalSet? expected) =>
        expected is null ? [] : expected.ToList().Where(Words.IsWord).Where(type => type != WORD).Select(Words.Spell);
}
