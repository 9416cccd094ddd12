using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;

namespace SqlMl.Cli;

/// <summary>Ends a command with an exit code and the findings that were not reported yet; caught once, where the command was started.</summary>
internal sealed class CliFailure(int exitCode, ImmutableArray<Diagnostic> diagnostics) : Exception(diagnostics.FirstOrDefault()?.Message)
{
    public CliFailure(int exitCode, Diagnostic diagnostic)
        : this(exitCode, [diagnostic])
    {
    }

    public int ExitCode { get; } = exitCode;

    public ImmutableArray<Diagnostic> Diagnostics { get; } = diagnostics;
}
