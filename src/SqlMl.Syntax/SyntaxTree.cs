using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Syntax.Parsing;

namespace SqlMl.Syntax;

/// <summary>One parsed file: what could be understood of it, and what was wrong.</summary>
/// <param name="Source">The text.</param>
/// <param name="Root">Its declarations; incomplete where there are errors.</param>
/// <param name="Diagnostics">All syntax errors (block 1xxx), in the order of the text.</param>
public sealed record SyntaxTree(SourceText Source, ProgramSyntax Root, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>
    /// The tree of any text: never null, never an exception. A clause or declaration that holds an error is left out whole and
    /// reported once; all others are there. The time is linear in the length of the text.
    /// </summary>
    public static SyntaxTree Parse(SourceText source) => SyntaxParser.Parse(source);
}
