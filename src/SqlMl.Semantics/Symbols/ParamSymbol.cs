using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>A param: one constant of the program, which the command line may replace (rule 61).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Span">Where it is declared: the name.</param>
/// <param name="Constant">The number or string; null for a length of time.</param>
/// <param name="Length">The length of time; null for a constant.</param>
public sealed record ParamSymbol(string Name, SourceSpan Span, BoundConstant? Constant, Duration? Length)
{
    /// <summary>What it is, in words: a number, a string, a length of time.</summary>
    public string Words => Constant is null ? "a length of time" : Constant.Type.IsNumeric() ? "a number" : Constant.Type.Words();
}
