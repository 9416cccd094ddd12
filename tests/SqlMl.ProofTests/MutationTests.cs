using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Local.Proving;
using SqlMl.Local.Running;

namespace SqlMl.ProofTests;

/// <summary>
/// Every bound of time that the compiler emits is dropped, and loosened by a microsecond or an equals sign, one at a time, in all scripts at once; the proof must
/// find each of these compilers out. What cannot be found out, because it changes no row, is listed with the reason.
/// </summary>
public sealed class MutationTests(ProvedPrograms proved) : IClassFixture<ProvedPrograms>
{
    private static readonly ImmutableArray<string> Leaks = ["SML7040", "SML7041", "SML7042", "SML7043", "SML7044", "SML7046", "SML7047"];

    public static TheoryData<string> Programs => [.. MutationPrograms.All.Select(program => program.Name)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_proof_holds_for_the_compiler_as_it_is(string name)
    {
        var result = proved.Of(name);
        Assert.True(result.Outcome == RunOutcome.Succeeded, DiagnosticText.Render(result.Diagnostics));
    }

    /// <summary>One bound of one program, weakened in one way.</summary>
    private sealed record Mutant(string Name, ProofProgram Program, TimeBound Bound, bool Drop)
    {
        /// <summary>Why it changes no row; null where it must be found.</summary>
        public string? Equivalence { get; init; }

        public override string ToString() => $"{Name}: {(Drop ? "dropped" : "loosened")}: {Bound.Step}: {Bound.Text}{(Bound.Occurrence == 0 ? "" : $" #{Bound.Occurrence}")}";
    }

    /// <summary>The environment variable `SQLML_MUTATIONS` leaves the mutants whose text it matches, a regular expression.</summary>
    [Fact]
    public void The_proof_finds_every_bound_that_is_dropped_or_loosened()
    {
        var only = Environment.GetEnvironmentVariable("SQLML_MUTATIONS") ?? "";
        var programs = MutationPrograms.All.ToDictionary(program => program.Name, program => Open(program.Name), StringComparer.Ordinal);
        try
        {
            var mutants = programs.SelectMany(program => Weaken(program.Key, program.Value)).Where(mutant => Regex.IsMatch(mutant.ToString(), only)).ToList();
            var equivalent = mutants.FindAll(mutant => mutant.Equivalence is not null);
            var survivors = new ConcurrentBag<string>();
            Parallel.ForEach(mutants.Except(equivalent), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, mutant =>
            {
                var findings = Prove(mutant).Diagnostics;
                if (!findings.Any(finding => Leaks.Contains(finding.Code))) survivors.Add($"{mutant} {string.Join(' ', findings.Select(finding => finding.Code))}");
            });
            var counts = string.Create(CultureInfo.InvariantCulture, $"{mutants.Count} mutants: {mutants.Count - equivalent.Count - survivors.Count} found, {equivalent.Count} equivalent, {survivors.Count} not found");
            TestContext.Current.TestOutputHelper?.WriteLine(counts);
            Assert.True(survivors.IsEmpty, $"{counts}\n{string.Join('\n', survivors.Order(StringComparer.Ordinal))}");
            Assert.NotEmpty(mutants);
        }
        finally
        {
            foreach (var program in programs.Values) program.Dispose();
        }
    }

    internal static ProofProgram Open(string name)
    {
        var (_, text, tables) = MutationPrograms.All.Single(program => program.Name == name);
        return ProofProgram.Of(text, tables);
    }

    /// <summary>Each bound of a program dropped, and loosened.</summary>
    private static IEnumerable<Mutant> Weaken(string name, ProofProgram program)
    {
        var (bounds, scoring) = Find(program);
        return bounds.SelectMany(bound => new[] { true, false }.Select(drop => new Mutant(name, program, bound, drop)
        {
            Equivalence = EquivalentMutants.ReasonFor(name, program.Text.Text, bounds, bound, drop) ?? (scoring.Contains(bound) ? OfScoring(program, bound) : null),
        }));
    }

    /// <summary>A grid is scored as of the run's own instant, and there is no row that happened or was known behind it, nor who exists from then on, unless it is planned.</summary>
    private static string? OfScoring(ProofProgram program, TimeBound bound) =>
        bound.Text is "e.happened_at <= s.cutoff" or "e.known_at <= s.cutoff" or "c.exists_from <= c.cutoff" && !program.Text.Text.Contains("planned", StringComparison.Ordinal)
            ? "it is asked when scoring alone, and no row lies behind the run's instant"
            : null;

    /// <summary>The bounds of all scripts, and those of the scoring script alone, of a run as of its data's end and of one as of a stated instant.</summary>
    private static (ImmutableArray<TimeBound> All, HashSet<TimeBound> OfScoring) Find(ProofProgram program)
    {
        var (found, scoring) = (new HashSet<TimeBound>(), new HashSet<TimeBound>());
        foreach (var asOf in (DateTime?[])[null, new DateTime(2024, 1, 10, 0, 0, 0, DateTimeKind.Utc)])
        {
            var options = program.Options with
            {
                AsOf = asOf,
                ForProof = true,
                Rewrite = (script, query) =>
                {
                    (script == "scoring" ? scoring : found).UnionWith(TimeBound.Find(query));
                    return query;
                },
            };
            var compiled = SqlMlCompiler.Compile([program.Text], options);
            Assert.True(compiled.Succeeded, DiagnosticText.Render(compiled.Diagnostics));
        }
        Assert.NotEmpty(found);
        scoring.ExceptWith(found);
        return ([.. found.Concat(scoring).OrderBy(bound => bound.Step, StringComparer.Ordinal).ThenBy(bound => bound.Text, StringComparer.Ordinal)], scoring);
    }

    private static ProofResult Prove(Mutant mutant) => mutant.Program.Prove(request => request with
    {
        Cutoffs = 4,
        StopsAtFirst = true,
        Options = request.Options with { Rewrite = (_, query) => mutant.Bound.Weaken(query, mutant.Drop) },
    });
}
