using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;

namespace SqlMl.Local.Running;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>All results are written.</summary>
    Succeeded,

    /// <summary>The program or its data are wrong; nothing was written.</summary>
    WrongInput,

    /// <summary>The machine failed it: disk, memory, permissions, a locked file; nothing was written.</summary>
    WrongEnvironment,

    /// <summary>It was cancelled; nothing was written.</summary>
    Interrupted,
}

/// <summary>What a run leaves behind.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Diagnostics">Findings about data and machine: one error where it failed, and any number of warnings.</param>
/// <param name="Models">The models in the program's order; empty unless it succeeded.</param>
/// <param name="Folder">The folder written, or null.</param>
public sealed record RunResult(
    RunOutcome Outcome, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<ModelRun> Models, string? Folder);

/// <summary>Ends a run with one finding; carried to the surface by <see cref="LocalRunner"/>, never further.</summary>
internal sealed class RunFailedException(RunOutcome outcome, Diagnostic diagnostic) : Exception(diagnostic.Message)
{
    public RunOutcome Outcome { get; } = outcome;

    public Diagnostic Diagnostic { get; } = diagnostic;

    public static RunFailedException Input(Diagnostic diagnostic) => new(RunOutcome.WrongInput, diagnostic);

    public static RunFailedException Environment(Diagnostic diagnostic) => new(RunOutcome.WrongEnvironment, diagnostic);
}
