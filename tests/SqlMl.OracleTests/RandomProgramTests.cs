using System.Text;
using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Generation;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>The emitted DuckDB SQL against the brute-force oracle, on random programs with random data.</summary>
public sealed class RandomProgramTests(RandomRun run, ITestOutputHelper output) : IClassFixture<RandomRun>
{
    private const int FailuresShown = 2;
    private const int ShrinkBudget = 300;

    /// <summary>At most one program of so many may compare nothing.</summary>
    private const int MostSetAside = 10;

    /// <summary>The agreement is worth no more than what the programs exercise: each construct comes up so often at least.</summary>
    private const int LeastOccurrences = 20;

    public static TheoryData<ObservationMode> Modes => [.. RandomPrograms.Modes];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Emitted_sql_gives_the_rows_that_the_definitions_give(ObservationMode mode)
    {
        var (seeds, failures, _) = run.Of(mode);
        Assert.SkipWhen(seeds.Count == 0, "SQLML_ORACLE_SEED names a seed of another mode");

        var aside = failures.Values.Count(failure => failure == Disagreement.SetAside);
        output.WriteLine($"{mode}: {seeds.Count} seeds, {seeds.Min()} to {seeds.Max()}: {seeds.Count - failures.Count} agree, {aside} set aside, {failures.Count - aside} disagree");
        Assert.True(failures.Count == aside, Report(failures.Where(failure => failure.Value != Disagreement.SetAside).ToDictionary()));
        Assert.True(aside * MostSetAside <= seeds.Count, $"{aside} of {seeds.Count} programs compare nothing");
    }

    [Fact]
    public void Every_construct_occurs_in_many_of_the_random_programs_and_every_pass_matters_to_many()
    {
        Assert.SkipWhen(RandomPrograms.OnlySeed is not null, "SQLML_ORACLE_SEED leaves one program");
        var counts = RandomPrograms.Modes.SelectMany(mode => run.Of(mode).Traits).GroupBy(trait => trait.Key).ToDictionary(group => group.Key, group => group.Sum(trait => trait.Value));
        List<string> all = [.. ProgramTraits.All(ProgramFeatures.All), .. Agreement.AllEffects];
        output.WriteLine($"of {RandomPrograms.Modes.Sum(mode => run.Of(mode).Seeds.Count)} programs:\n"
            + string.Join('\n', all.OrderBy(counts.GetValueOrDefault).Select(trait => $"{counts.GetValueOrDefault(trait),4}  {trait}")));

        Assert.Subset(all.ToHashSet(), counts.Keys.ToHashSet());
        Assert.DoesNotContain(all, trait => counts.GetValueOrDefault(trait) < LeastOccurrences);
    }

    private static string Report(Dictionary<int, Disagreement> failures)
    {
        var text = new StringBuilder($"{failures.Count} programs disagree\n");
        foreach (var kind in failures.GroupBy(failure => failure.Value.Kind).OrderByDescending(kind => kind.Count()))
        {
            text.Append($"{kind.Count(),4}  {kind.Key}: seeds {string.Join(", ", kind.Select(failure => failure.Key).Order())}\n");
        }
        foreach (var seed in failures.Keys.Order().Take(FailuresShown)) text.Append(Explain(seed, failures[seed].Kind));
        return text.ToString();
    }

    /// <summary>The smallest program found that fails as the seed's does.</summary>
    private static string Explain(int seed, string kind)
    {
        var small = ProgramShrinker.Shrink(RandomPrograms.Generate(seed).Program, program => Failure(program)?.Kind == kind, ShrinkBudget);
        var tables = small.Sources.Select(source => $"{source.FileName}:\n{source.Table.ToCsv()}");
        return $"\nseed {seed}, as_of {small.AsOf?.ToString("s") ?? "not given"}, shrunk:\n{ProgramText.Render(small)}"
            + $"{string.Concat(tables)}{Failure(small)?.Details}\n";
    }

    private static Disagreement? Failure(OracleProgram program)
    {
        if (Oracle.Evaluate(program) is not { Training: not null, Features.IsEmpty: false } expected || expected.LastCutoff > expected.AsOf) return null;
        using var database = new DuckDbExecution();
        return Agreement.Check(program, expected, database).Disagreement;
    }
}
