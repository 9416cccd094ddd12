using System.Collections.Immutable;
using SqlMl.Language.Text;

namespace SqlMl.Compiler;

/// <summary>A `test` of the program, ready to run in an empty database: the rows it states are part of its query.</summary>
/// <param name="Name">What it says of itself.</param>
/// <param name="Span">Where its name stands.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Subject">Whose prediction, for messages: "customer 'c1' at 2024-01-31".</param>
/// <param name="Script">
/// One query: `is_eligible` and `is_given` (booleans: what `when` and `given` say), a column for each var that the test expects something of, `label`.
/// One row, unless there is no such prediction or more than one.
/// </param>
/// <param name="Expectations">What must hold, in the order written.</param>
public sealed record CompiledTest(
    string Name, SourceSpan Span, string Model, string Subject, CompiledScript Script, ImmutableArray<CompiledExpectation> Expectations);

/// <summary>What one value must be.</summary>
/// <param name="Column">The column of the test's query.</param>
/// <param name="Value">Null, boolean, long, decimal, string, a UTC instant, or an immutable array of the texts that a set holds.</param>
/// <param name="Span">The expectation.</param>
public sealed record CompiledExpectation(string Column, object? Value, SourceSpan Span);
