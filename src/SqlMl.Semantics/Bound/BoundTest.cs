using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>A `test`: rows that the program states, one prediction over them, and what it must be (rule 63).</summary>
/// <param name="Name">What the test says of itself.</param>
/// <param name="Span">Where its name stands.</param>
/// <param name="Model">The model, observed at the test's instant, its features those that the test expects something of; every label counts as mature.</param>
/// <param name="Rows">The rows of each source that has any.</param>
/// <param name="At">The cutoff.</param>
/// <param name="Entity">The parts of the entity's key as text; empty where there is but one prediction.</param>
/// <param name="Expectations">What must hold.</param>
public sealed record BoundTest(
    string Name, SourceSpan Span, BoundModel Model, ImmutableArray<BoundTestRows> Rows, DateTime At, ImmutableArray<string> Entity,
    ImmutableArray<BoundExpectation> Expectations);

/// <summary>A source's rows in a test.</summary>
/// <param name="Source">The source.</param>
/// <param name="Columns">Every column that the program reads of its table, and those that the test names.</param>
/// <param name="Values">The values of each row, in the columns' order: null, boolean, long, decimal, string or a UTC instant.</param>
public sealed record BoundTestRows(SourceSymbol Source, ImmutableArray<BoundTestColumn> Columns, ImmutableArray<ImmutableArray<object?>> Values);

/// <summary>A column of stated rows, and the type of its values.</summary>
public sealed record BoundTestColumn(string Name, bool IsExact, DataType Type);

/// <summary>What one value must be.</summary>
/// <param name="Column">The value's name: a var's, or `label`.</param>
/// <param name="Value">Null, boolean, long, decimal, string, a UTC instant, or the texts that a set holds.</param>
/// <param name="Span">The expectation.</param>
public sealed record BoundExpectation(string Column, object? Value, SourceSpan Span);
