using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Language.Text;
using SqlMl.Local.Running;

namespace SqlMl.Local.Refreshing;

/// <summary>What building a training set incrementally needs.</summary>
public sealed record RefreshRequest
{
    /// <summary>The run; its program was compiled from the files with the options. Rows are kept in its local database.</summary>
    public required RunRequest Run { get; init; }

    /// <summary>The program's files; it is compiled again for the cutoffs that are to be built.</summary>
    public required ImmutableArray<SourceText> Files { get; init; }

    /// <summary>The options it compiles with, file paths absolute.</summary>
    public required CompileOptions Options { get; init; }

    /// <summary>True to build all rows, whatever was kept.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>What came of it.</summary>
/// <param name="Run">How it ended.</param>
/// <param name="Summary">What was kept and built; null unless it succeeded.</param>
public sealed record RefreshResult(RunResult Run, RefreshSummary? Summary);
