using System.Collections.Concurrent;
using System.Globalization;
using SqlMl.Language.Diagnostics;
using SqlMl.Local.Running;
using SqlMl.Testing.Generation;

namespace SqlMl.ProofTests;

/// <summary>The proof finds nothing in what the compiler makes of random programs on random data.</summary>
public sealed class RandomProofTests
{
    private const int Programs = 14;

    [Fact]
    public void No_random_program_is_found_to_leak()
    {
        var (first, count) = Seeds();
        var failures = new ConcurrentDictionary<int, string>();
        long compared = 0;
        var rebuilds = 0;
        Parallel.ForEach(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            using var program = ProofProgram.Of(ProgramGenerator.Generate(seed, ProgramFeatures.All).Program);
            try
            {
                var result = program.Prove(request => request with { Cutoffs = 2, Seed = seed });
                // Small random data may leave nothing to examine: that is told, and is no leak.
                var leaks = result.Diagnostics.Where(finding => finding.Code is not ("SML7045" or "SML4089")).ToList();
                if (leaks.Count > 0 || result.Outcome is RunOutcome.WrongEnvironment) failures[seed] = $"{program.Text.Text}\n{DiagnosticText.Render([.. leaks])}";
                Interlocked.Add(ref compared, result.Models.Sum(model => model.Checks.Sum(check => check.RowsCompared)));
                Interlocked.Add(ref rebuilds, result.Models.Sum(model => model.Checks.Sum(check => check.Rebuilds)));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                failures[seed] = $"{program.Text.Text}\n{failure}";
            }
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} of {count}: seeds {string.Join(", ", failures.Keys.Order())}\n{string.Join('\n', failures.OrderBy(item => item.Key).Take(3).Select(item => $"seed {item.Key}\n{item.Value}"))}");
        TestContext.Current.SendDiagnosticMessage($"{count} programs, {rebuilds} rebuilds, {compared} rows compared");
        Assert.True(count == 1 || compared > 1000, $"only {compared} rows were compared");
    }

    /// <summary>The environment variable `SQLML_PROOF_SEED` leaves one program, or `from-count` of them.</summary>
    private static (int First, int Count) Seeds()
    {
        if (Environment.GetEnvironmentVariable("SQLML_PROOF_SEED") is not { Length: > 0 } text) return (0, Programs);
        var parts = text.Split('-');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1);
    }
}
