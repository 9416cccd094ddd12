using System.Collections.Concurrent;
using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Local.Proving;
using SqlMl.Local.Running;

namespace SqlMl.ProofTests;

/// <summary>
/// Every bound of time that the compiler emits is dropped, and loosened by a microsecond or an equals sign, one at a time, in all scripts at once; the proof must
/// find each of these compilers out. What cannot be found out, because it changes no row, is listed with the reason.
/// </summary>
public sealed class MutationTests
{
    private static readonly ImmutableArray<string> Leaks = ["SML7040", "SML7041", "SML7042", "SML7043", "SML7044", "SML7046"];

    public static TheoryData<string> Programs => [.. MutationPrograms.All.Select(program => program.Name)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_proof_holds_for_the_compiler_as_it_is(string name)
    {
        using var program = Open(name);
        var result = program.Prove(request => request with { Cutoffs = 4 });
        Assert.True(result.Outcome == RunOutcome.Succeeded, DiagnosticText.Render(result.Diagnostics));
    }

    /// <summary>
    /// What the proof does not find yet, each a debt: the programs' data have no row where it would show, or the check is too weak there.
    /// A mutant that is found must leave the list. The other programs are looked at with SQLML_MUTATIONS=all, which takes minutes, and have debts that are not listed.
    /// </summary>
    private static readonly Dictionary<string, string[]> NotFoundYet = new(StringComparer.Ordinal)
    {
        ["grid"] =
        [
            "dropped: existing #0", "dropped: last_channel_row #0", "loosened: existing #0", "loosened: last_channel_row #0", "loosened: observed #0",
        ],
        ["before each"] = ["dropped: mature #0", "loosened: mature #0"],
    };

    public static TheoryData<string> Mutated =>
        [.. Environment.GetEnvironmentVariable("SQLML_MUTATIONS") == "all" ? MutationPrograms.All.Select(program => program.Name) : NotFoundYet.Keys];

    [Theory]
    [MemberData(nameof(Mutated))]
    public void The_proof_finds_every_bound_that_is_dropped_or_loosened_but_for_known_debts(string name)
    {
        using var program = Open(name);
        var bounds = Find(program);
        Assert.NotEmpty(bounds);
        var survivors = new ConcurrentBag<string>();
        var (killed, equivalent) = (0, 0);
        Parallel.ForEach(bounds.SelectMany(bound => new[] { (Bound: bound, Drop: true), (Bound: bound, Drop: false) }), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, mutant =>
        {
            var way = mutant.Drop ? "dropped" : "loosened";
            if (EquivalentMutants.ReasonFor(name, mutant.Bound, mutant.Drop) is not null)
            {
                Interlocked.Increment(ref equivalent);
                return;
            }
            var found = Prove(program, mutant.Bound, mutant.Drop);
            if (found.Diagnostics.Any(finding => Leaks.Contains(finding.Code))) Interlocked.Increment(ref killed);
            else survivors.Add($"{way}: {mutant.Bound.Step} #{mutant.Bound.Occurrence}: {mutant.Bound.Text} ({string.Join(", ", found.Diagnostics.Select(finding => finding.Code + finding.Message))})");
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {bounds.Length} bounds, {killed} mutants found out, {equivalent} equivalent, {survivors.Count} not found out");
        var known = NotFoundYet.GetValueOrDefault(name, []);
        var news = survivors.Where(survivor => !known.Any(debt => survivor.StartsWith(debt + ":", StringComparison.Ordinal))).Order(StringComparer.Ordinal);
        var paid = known.Where(debt => !survivors.Any(survivor => survivor.StartsWith(debt + ":", StringComparison.Ordinal)));
        Assert.Equal(["not found out:", "found out, so no debt any more:"], (string[])["not found out:", .. news, "found out, so no debt any more:", .. paid]);
        Assert.True(killed > 0);
    }

    private static ProofProgram Open(string name)
    {
        var (_, text, tables) = MutationPrograms.All.Single(program => program.Name == name);
        return ProofProgram.Of(text, tables);
    }

    /// <summary>The bounds of all scripts, of a run as of its data's end and of one as of a stated instant.</summary>
    private static ImmutableArray<TimeBound> Find(ProofProgram program)
    {
        var found = new HashSet<TimeBound>();
        foreach (var asOf in (DateTime?[])[null, new DateTime(2024, 1, 10, 0, 0, 0, DateTimeKind.Utc)])
        {
            var options = program.Options with
            {
                AsOf = asOf,
                ForProof = true,
                Rewrite = (_, query) =>
                {
                    found.UnionWith(TimeBound.Find(query));
                    return query;
                },
            };
            var compiled = SqlMlCompiler.Compile([program.Text], options);
            Assert.True(compiled.Succeeded, DiagnosticText.Render(compiled.Diagnostics));
        }
        return [.. found.OrderBy(bound => bound.Step, StringComparer.Ordinal).ThenBy(bound => bound.Text, StringComparer.Ordinal)];
    }

    private static ProofResult Prove(ProofProgram program, TimeBound bound, bool drop) => program.Prove(request => request with
    {
        Cutoffs = 4,
        StopsAtFirst = true,
        Options = request.Options with { Rewrite = (_, query) => bound.Weaken(query, drop) },
    });
}
