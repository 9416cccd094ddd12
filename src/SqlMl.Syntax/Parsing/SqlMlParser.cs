using Antlr4.Runtime;

namespace SqlMl.Syntax.Generated;

/// <summary>What the `catch` clauses of the grammar call.</summary>
internal partial class SqlMlParser
{
    private void RecoverLine(ParserRuleContext line, RecognitionException error)
    {
        line.exception = error;
        ErrorHandler.ReportError(this, error);
        ErrorHandler.Recover(this, error);
    }
}
