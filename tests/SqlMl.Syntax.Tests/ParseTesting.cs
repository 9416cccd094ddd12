using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Syntax.Parsing;

namespace SqlMl.Syntax.Tests;

internal static class ParseTesting
{
    public static SyntaxTree Parse(string text) => SyntaxTree.Parse(new SourceText("test.sqlml", text));

    public static ProgramSyntax Valid(string text)
    {
        var tree = Parse(text);
        Assert.True(tree.Diagnostics.IsEmpty, DiagnosticText.Render(tree.Diagnostics));
        return tree.Root;
    }

    public static T Only<T>(string text) => Assert.IsType<T>(Assert.Single(Valid(text).Declarations));

    public static ExpressionSyntax Expression(string text) => Only<CohortSyntax>($"cohort c for e = {text}").Condition;

    public static ValueSyntax Value(string text) => Only<VarSyntax>($"var e.v = {text}").Value;

    public static T Clause<T>(string text) => Assert.IsType<T>(Assert.Single(Only<PredictSyntax>($"predict p for e {{ {text} }}").Clauses));

    public static T SourceClause<T>(string text) => Assert.IsType<T>(
        Assert.Single(Assert.IsType<SourceBlockSyntax>(Only<SourceSyntax>($"source s {{ {text} }}").Body).Clauses));

    public static string[] Codes(string text) => [.. Parse(text).Diagnostics.Select(error => error.Code)];

    /// <summary>The ambiguities that full-context prediction with exact detection finds in a text without errors.</summary>
    public static List<string> Ambiguities(string text)
    {
        var source = new SourceText("test.sqlml", text);
        var errors = new ParseErrors();
        var tokens = new BracketRepair(source, new TokenReader(source, errors).Read(), errors).Repair()!;
        var parser = SyntaxParser.CreateParser(tokens);
        var listener = new AmbiguityListener();
        parser.Interpreter.PredictionMode = PredictionMode.LL_EXACT_AMBIG_DETECTION;
        parser.AddErrorListener(listener);
        parser.program();
        return listener.Found;
    }

    private sealed class AmbiguityListener : BaseErrorListener
    {
        public List<string> Found { get; } = [];

        public override void SyntaxError(
            TextWriter output, IRecognizer recognizer, IToken offendingSymbol, int line, int charPositionInLine, string msg, RecognitionException e) =>
            Found.Add($"{line}:{charPositionInLine} {msg}");

        public override void ReportAmbiguity(
            Parser recognizer, Antlr4.Runtime.Dfa.DFA dfa, int startIndex, int stopIndex, bool exact, Antlr4.Runtime.Sharpen.BitSet ambigAlts, ATNConfigSet configs) =>
            Found.Add($"rule {recognizer.RuleNames[dfa.atnStartState.ruleIndex]}, tokens {startIndex}..{stopIndex}, alternatives {ambigAlts}");
    }
}
