using SqlMl.Language.Text;
using static SqlMl.Syntax.Generated.SqlMlLexer;

namespace SqlMl.Syntax.Parsing;

/// <summary>
/// Makes brackets balance before the parser sees them: a bracket that is never closed is closed where the layout says that
/// it ends, a closing one without a partner is dropped, and either is reported once. The parser can then skip
/// a broken clause by counting brackets, and one forgotten brace does not swallow the declarations behind it.
/// </summary>
internal sealed class BracketRepair(SourceText source, List<SourceToken> tokens, ParseErrors errors)
{
    /// <summary>How deep brackets and `case` may nest: far beyond any program, and far within a thread's stack.</summary>
    internal const int MaxDepth = 100;

    private readonly List<SourceToken> _repaired = new(tokens.Count);
    private readonly Stack<OpenBracket> _open = [];

    private sealed record OpenBracket(int Index, BlockKind? Block);

    /// <summary>The balanced tokens, or null when they nest too deeply to be parsed at all.</summary>
    public List<SourceToken>? Repair()
    {
        if (FindTooDeep() is { } deep)
        {
            errors.Add(SyntaxErrors.NestedTooDeeply(deep.Span, MaxDepth));
            return null;
        }
        if (IsBalanced()) return tokens;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].IsFirstOnLine) CloseWhatEndsBefore(i);
            if (OpenerOf(tokens[i].Type) != 0) Close(i);
            else _repaired.Add(tokens[i]);
            if (CloserOf(tokens[i].Type) != 0) _open.Push(new OpenBracket(i, BlockOf(i)));
        }
        while (_open.Count > 0) CloseInnermost();
        return _repaired;
    }

    private SourceToken? FindTooDeep()
    {
        var depth = 0;
        foreach (var token in tokens)
        {
            if (CloserOf(token.Type) != 0 || token.Type == CASE) depth++;
            else if (OpenerOf(token.Type) != 0 || token.Type == END) depth--;
            if (depth > MaxDepth) return token;
        }
        return null;
    }

    private bool IsBalanced()
    {
        var open = new Stack<SourceToken>();
        foreach (var token in tokens)
        {
            if (CloserOf(token.Type) != 0) open.Push(token);
            else if (OpenerOf(token.Type) is not 0 and var opener && (!open.TryPop(out var last) || last.Type != opener)) return false;
        }
        return open.Count == 0;
    }

    /// <summary>A declaration ends every open bracket; a clause of the innermost block ends the brackets inside its predecessor.</summary>
    private void CloseWhatEndsBefore(int index)
    {
        if (_open.Count == 0) return;
        if (Words.BeginsDeclaration(tokens, index))
        {
            while (_open.Count > 0) CloseInnermost();
            return;
        }
        var block = _open.Select(open => open.Block).FirstOrDefault(kind => kind is not null);
        if (block is null || !Words.BeginsLine(tokens, index, block)) return;
        while (_open.Peek().Block is null && tokens[_open.Peek().Index].Type is LPAREN or LBRACKET) CloseInnermost();
    }

    private void Close(int index)
    {
        var opener = OpenerOf(tokens[index].Type);
        var isOpen = _open.Any(open => tokens[open.Index].Type == opener);
        // A brace ends the brackets within it, but no bracket ends a brace.
        while (isOpen && tokens[_open.Peek().Index].Type != opener && (opener == LBRACE || tokens[_open.Peek().Index].Type != LBRACE))
        {
            CloseInnermost();
        }
        if (_open.Count > 0 && tokens[_open.Peek().Index].Type == opener)
        {
            _open.Pop();
            _repaired.Add(tokens[index]);
        }
        else
        {
            errors.AddUnlessSpoiled(SyntaxErrors.UnopenedBracket(tokens[index].Span), tokens[index]);
        }
    }

    private void CloseInnermost()
    {
        var (index, _) = _open.Pop();
        var opening = tokens[index];
        errors.AddUnlessSpoiled(
            opening.Type == LBRACE ? SyntaxErrors.UnclosedBlock(opening.Span, OwnerOf(index)) : SyntaxErrors.UnclosedBracket(opening.Span),
            opening);
        _repaired.Add(SourceToken.Insert(source, CloserOf(opening.Type), _repaired[^1].Span.End));
    }

    /// <summary>The kind of block that a brace opens; null for brackets and for braces that hold no clauses.</summary>
    private BlockKind? BlockOf(int index) => tokens[index].Type != LBRACE ? null : tokens[OwnerIndex(index)].Type switch
    {
        SOURCE => BlockKind.Source,
        ENTITY => BlockKind.Entity,
        PREDICT => BlockKind.Predict,
        OUTPUT => BlockKind.Output,
        _ => null,
    };

    /// <summary>What the block is called in a message: the declaration or clause that it belongs to.</summary>
    private string OwnerOf(int brace)
    {
        var owner = OwnerIndex(brace);
        var isDeclaration = owner + 1 < brace && BlockKind.Program.Starts.Contains(tokens[owner].Type);
        return isDeclaration ? $"{tokens[owner].Text} {tokens[owner + 1].Text}" : tokens[owner].Text;
    }

    private int OwnerIndex(int brace)
    {
        for (var i = brace - 1; i >= 0 && tokens[i].Type is not (LBRACE or RBRACE); i--)
        {
            if (tokens[i].Type == OUTPUT && i == brace - 1) return i;
            if (BlockKind.Program.Starts.Contains(tokens[i].Type) && Words.TypeAt(tokens, i + 1) is var next && (Words.IsName(next) || next == STRING)) return i;
        }
        return Math.Max(0, brace - 1);
    }

    private static int CloserOf(int type) => type switch { LBRACE => RBRACE, LPAREN => RPAREN, LBRACKET => RBRACKET, _ => 0 };

    private static int OpenerOf(int type) => type switch { RBRACE => LBRACE, RPAREN => LPAREN, RBRACKET => LBRACKET, _ => 0 };
}
