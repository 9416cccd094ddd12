using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Local.Data;
using SqlMl.Local.Running;

namespace SqlMl.Local.Proving;

/// <summary>
/// Proves on the program's own data that nothing leaks from the future: it changes what a row must not see, builds the tables again, and requires that nothing
/// moved. It works on copies in memory; no file and no table of the user is changed.
/// </summary>
public static class Prover
{
    /// <summary>Proves every model of the program.</summary>
    public static Task<ProofResult> ProveAsync(ProofRequest request, IRunProgress? progress, CancellationToken cancellation) =>
        Task.Run(() => Guard(() => Prove(request, progress, cancellation)), CancellationToken.None);

    private static ProofResult Prove(ProofRequest request, IRunProgress? progress, CancellationToken cancellation)
    {
        var program = Compile(request, request.Options);
        using var tables = new WorkTables(request, cancellation);
        var findings = new List<Diagnostic>();
        var proofs = ImmutableArray.CreateBuilder<ModelProof>();
        for (var i = 0; i < program.Models.Length; i++)
        {
            var model = program.Models[i];
            try
            {
                proofs.Add(new ModelProver(request, tables, model, i, findings, progress).Prove());
            }
            catch (DuckDbException failure)
            {
                throw EngineFailure.Explain(failure, tables.Connection, model, request.Sources);
            }
        }
        return new ProofResult(findings.Count == 0 ? RunOutcome.Succeeded : RunOutcome.WrongInput, [.. findings], proofs.ToImmutable());
    }

    /// <summary>Compiles the program with what a proof needs; it compiled before without error.</summary>
    internal static CompiledProgram Compile(ProofRequest request, CompileOptions options)
    {
        var program = SqlMlCompiler.Compile(request.Files, options with { ForProof = true });
        return program.Succeeded
            ? program
            : throw RunFailedException.Input(program.Diagnostics.First(finding => finding.Severity == DiagnosticSeverity.Error));
    }

    private static ProofResult Guard(Func<ProofResult> prove)
    {
        try
        {
            return prove();
        }
        catch (RunFailedException failure)
        {
            return new ProofResult(failure.Outcome, [failure.Diagnostic], []);
        }
        catch (OperationCanceledException)
        {
            return new ProofResult(RunOutcome.Interrupted, [RunErrors.Interrupted()], []);
        }
        catch (DuckDbNativeLibraryException failure)
        {
            return new ProofResult(RunOutcome.WrongEnvironment, [RunErrors.LibraryMissing(failure.Message)], []);
        }
    }
}
