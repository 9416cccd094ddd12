using Antlr4.Runtime;

namespace SqlMl.Syntax.Parsing;

/// <summary>
/// Leaves all rules up to the clause or declaration that holds an error. Generated rules catch only ANTLR's own exceptions, so
/// it passes them in one go; to throw the error again in each of them would take stack for every level of nesting.
/// </summary>
internal sealed class AbandonedLine(RecognitionException cause) : Exception
{
    /// <summary>The error, reported already.</summary>
    public RecognitionException Cause { get; } = cause;
}
