using System.Collections.Concurrent;
using SqlMl.Local.Proving;

namespace SqlMl.ProofTests;

/// <summary>The proofs of all <see cref="MutationPrograms"/> as the compiler is, made when the first is asked for, on all processors.</summary>
public sealed class ProvedPrograms
{
    private readonly Lazy<ConcurrentDictionary<string, ProofResult>> _results = new(() =>
    {
        var results = new ConcurrentDictionary<string, ProofResult>(StringComparer.Ordinal);
        Parallel.ForEach(MutationPrograms.All, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, item =>
        {
            using var program = MutationTests.Open(item.Name);
            results[item.Name] = program.Prove(request => request with { Cutoffs = 4 });
        });
        return results;
    });

    /// <summary>The proof of the program of that name.</summary>
    internal ProofResult Of(string name) => _results.Value[name];
}
