using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using SqlMl.Language.Text;
using SqlMl.Syntax.Building;
using SqlMl.Syntax.Generated;

namespace SqlMl.Syntax.Parsing;

/// <summary>Text to tree: tokens, balanced brackets, ANTLR's parse tree, our nodes.</summary>
internal static class SyntaxParser
{
    /// <summary>Parses any text; never throws.</summary>
    public static SyntaxTree Parse(SourceText source)
    {
        var errors = new ParseErrors();
        var whole = new SourceSpan(source, 0, source.Text.Length);
        var tokens = new BracketRepair(source, new TokenReader(source, errors).Read(), errors).Repair();
        var root = tokens is null
            ? new ProgramSyntax(whole, [])
            : new ProgramBuilder(errors).Build(ParseTokens(tokens, errors), whole);
        return new SyntaxTree(source, root, errors.ToImmutable());
    }

    /// <summary>A parser over the tokens that reports nothing on its own.</summary>
    internal static SqlMlParser CreateParser(IReadOnlyList<SourceToken> tokens)
    {
        var parser = new SqlMlParser(new CommonTokenStream(new ListTokenSource([.. tokens])));
        parser.RemoveErrorListeners();
        return parser;
    }

    private static SqlMlParser.ProgramContext ParseTokens(IReadOnlyList<SourceToken> tokens, ParseErrors errors)
    {
        var parser = CreateParser(tokens);
        try
        {
            // Almost every program needs no full context; one that does, or that has errors, is parsed again with it.
            parser.Interpreter.PredictionMode = PredictionMode.SLL;
            parser.ErrorHandler = new BailErrorStrategy();
            return parser.program();
        }
        catch (ParseCanceledException)
        {
            parser.Reset();
            parser.Interpreter.PredictionMode = PredictionMode.LL;
            parser.ErrorHandler = new RecoveringStrategy(tokens, errors);
            return parser.program();
        }
    }
}
