using Antlr4.Runtime;
using Antlr4.Runtime.Misc;
using static SqlMl.Syntax.Generated.SqlMlParser;

namespace SqlMl.Syntax.Parsing;

/// <summary>
/// Goes on after an error at the next clause or declaration. Inside a clause an error ends the clause:
/// <see cref="AbandonedLine"/> passes the rules below it, so that one mistake gives one message and a clause is in the tree whole or not at all.
/// </summary>
/// <remarks>Relies on balanced brackets (<see cref="BracketRepair"/>).</remarks>
internal sealed class RecoveringStrategy(IReadOnlyList<SourceToken> tokens, ParseErrors errors) : DefaultErrorStrategy
{
    private readonly ParseErrorTable _table = new(tokens);
    private RecognitionException? _reported;

    /// <summary>Called where a repetition begins or goes on: words that begin no line of the block are reported and skipped.</summary>
    public override void Sync(Parser recognizer)
    {
        if (BlockOfBody(recognizer.Context) is not { } block) return;
        var index = recognizer.CurrentToken.TokenIndex;
        if (IsEnd(index, block) || block.Starts.Contains(tokens[index].Type)) return;
        if (recognizer.Context.children?[^1] is ParserRuleContext last && FindBreak(last.Start.TokenIndex, index, block) is { } next)
        {
            // The line before looks complete only because it took the first word of this one for its last operand.
            errors.AddUnlessSpoiled(_table.BrokenOff(next, block), tokens[next - 1]);
            last.exception ??= new InputMismatchException(recognizer);
            recognizer.InputStream.Seek(next);
            return;
        }
        errors.AddUnlessSpoiled(_table.UnknownStart(index, block), tokens[index]);
        recognizer.InputStream.Seek(FindBoundary(index + 1, block, DepthAfter(index)));
    }

    /// <summary>Never inserts or drops a single token: a guess would hide what was written.</summary>
    public override IToken RecoverInline(Parser recognizer) => throw new InputMismatchException(recognizer);

    /// <summary>Reports an exception once, though the rule where it arose and the line that ends with it both say it.</summary>
    public override void ReportError(Parser recognizer, RecognitionException e)
    {
        if (ReferenceEquals(e, _reported)) return;
        _reported = e;
        var (rule, block) = EnclosingLine(recognizer.Context);
        var offending = e.OffendingToken.TokenIndex;
        if (FindBreak(rule.Start.TokenIndex, offending, block) is { } next)
        {
            errors.AddUnlessSpoiled(_table.BrokenOff(next, block), tokens[next - 1]);
        }
        else
        {
            errors.AddUnlessSpoiled(_table.Describe(offending, ExpectedAt(recognizer, e)), tokens[Math.Min(offending, tokens.Count - 1)]);
        }
    }

    /// <summary>Ends the innermost clause or declaration and goes to where the next one begins.</summary>
    public override void Recover(Parser recognizer, RecognitionException e)
    {
        if (recognizer.Context is not (DeclarationContext or SourceClauseContext or EntityClauseContext or PredictClauseContext or OutputColumnContext))
        {
            throw new AbandonedLine(e);
        }
        var (rule, block) = EnclosingLine(recognizer.Context);
        var start = rule.Start.TokenIndex;
        var offending = e.OffendingToken.TokenIndex;
        recognizer.InputStream.Seek(
            FindBreak(start, offending, block) ?? FindBoundary(Math.Max(offending, start + 1), block, DepthBetween(start, offending)));
    }

    private static IntervalSet? ExpectedAt(Parser recognizer, RecognitionException e)
    {
        // What a choice expected is known only where its first token already fits nothing.
        if (e is NoViableAltException choice && choice.StartToken != choice.OffendingToken) return null;
        return recognizer.Atn.GetExpectedTokens(e.OffendingState, e.Context);
    }

    /// <summary>
    /// Where the line really ended: keywords are names elsewhere, so that a clause broken off at `a +` takes the next line's
    /// first word for its operand and fails only behind it. Null where no line begins in between.
    /// </summary>
    private int? FindBreak(int start, int offending, BlockKind block)
    {
        var depth = 0;
        for (var index = start + 1; index < offending; index++)
        {
            if (depth == 0 && tokens[index].IsFirstOnLine && Words.BeginsLine(tokens, index, block)) return index;
            depth += DepthAfter(index);
        }
        return null;
    }

    /// <summary>The first token from <paramref name="index"/> on, outside brackets, that begins a line of the block or ends the block.</summary>
    private int FindBoundary(int index, BlockKind block, int depth)
    {
        while (!(depth == 0 && (IsEnd(index, block) || Words.BeginsLine(tokens, index, block))) && index < tokens.Count)
        {
            depth += DepthAfter(index);
            index++;
        }
        return index;
    }

    private int DepthBetween(int start, int end) => Enumerable.Range(start, Math.Max(0, end - start)).Sum(DepthAfter);

    private int DepthAfter(int index) => tokens[index].Type switch
    {
        LBRACE or LPAREN or LBRACKET => 1,
        RBRACE or RPAREN or RBRACKET => -1,
        _ => 0,
    };

    private bool IsEnd(int index, BlockKind block) =>
        index >= tokens.Count || (tokens[index].Type == RBRACE && block != BlockKind.Program);

    private static BlockKind? BlockOfBody(RuleContext context) => context switch
    {
        ProgramContext => BlockKind.Program,
        SourceBlockContext => BlockKind.Source,
        EntityBlockContext => BlockKind.Entity,
        PredictBlockContext => BlockKind.Predict,
        OutputBlockContext => BlockKind.Output,
        _ => null,
    };

    private static (ParserRuleContext Rule, BlockKind Block) EnclosingLine(RuleContext context)
    {
        for (var rule = context; ; rule = rule.Parent)
        {
            switch (rule)
            {
                case ProgramContext or DeclarationContext: return ((ParserRuleContext)rule, BlockKind.Program);
                case SourceClauseContext: return ((ParserRuleContext)rule, BlockKind.Source);
                case EntityClauseContext: return ((ParserRuleContext)rule, BlockKind.Entity);
                case PredictClauseContext: return ((ParserRuleContext)rule, BlockKind.Predict);
                case OutputColumnContext: return ((ParserRuleContext)rule, BlockKind.Output);
            }
        }
    }
}
