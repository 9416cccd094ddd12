using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Language.Text;

namespace SqlMl.Local.Proving;

/// <summary>What a proof needs: a program that compiles for DuckDB without error, and how far to look.</summary>
public sealed record ProofRequest
{
    /// <summary>The program's files; it is compiled again for each instant that the proof asks about.</summary>
    public required ImmutableArray<SourceText> Files { get; init; }

    /// <summary>The options it compiles with, file paths absolute.</summary>
    public required CompileOptions Options { get; init; }

    /// <summary>The local database, in which tables are looked for; it is read, never changed. It need not exist.</summary>
    public required string DatabaseFile { get; init; }

    /// <summary>The program's sources and where they stand, so that a finding about data can point at them.</summary>
    public ImmutableArray<ProgramSource> Sources { get; init; } = [];

    /// <summary>How many of a model's cutoffs are taken as instants at which the future is changed: first, last, the most crowded, and others spread between.</summary>
    public int Cutoffs { get; init; } = 5;

    /// <summary>Chooses which rows are changed and how, where not all are; the same seed proves the same.</summary>
    public long Seed { get; init; }

    /// <summary>True to end a model's proof with its first finding; else each check ends with its own.</summary>
    public bool StopsAtFirst { get; init; }

    /// <summary>DuckDB's threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The most memory DuckDB may take, such as `4GB`; null for its own default.</summary>
    public string? MemoryLimit { get; init; }

    /// <summary>Measures how long phases take; nothing else in a proof reads a clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
