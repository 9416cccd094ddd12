using System.Collections.Concurrent;
using System.Text;
using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Generation;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>The emitted DuckDB SQL against the brute-force oracle, on random programs with random data.</summary>
public sealed class RandomProgramTests
{
    private const int FailuresShown = 2;
    private const int ShrinkBudget = 300;

    /// <summary>At most one program of so many may compare nothing.</summary>
    private const int MostSetAside = 10;

    public static TheoryData<ObservationMode> Modes => [.. ObservationModes.Of(RandomPrograms.Features)];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Emitted_sql_gives_the_rows_that_the_definitions_give(ObservationMode mode)
    {
        var seeds = RandomPrograms.Seeds(mode);
        Assert.SkipWhen(seeds.Count == 0, "SQLML_ORACLE_SEED names a seed of another mode");

        var failures = new ConcurrentDictionary<int, Disagreement>();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            var (program, expected) = RandomPrograms.Generate(seed);
            if (Agreement.Check(program, expected) is { } disagreement) failures[seed] = disagreement;
        });
        var aside = failures.Count(failure => failure.Value == Disagreement.SetAside);
        TestContext.Current.TestOutputHelper?.WriteLine($"{mode}: seeds {seeds.Min()} to {seeds.Max()}: {seeds.Count - failures.Count} agree, {aside} set aside, {failures.Count - aside} disagree");
        Assert.True(failures.Count == aside, Report(failures));
        Assert.True(aside * MostSetAside <= seeds.Count, $"{aside} of {seeds.Count} programs compare nothing");
    }

    private static string Report(ConcurrentDictionary<int, Disagreement> failures)
    {
        failures = new(failures.Where(failure => failure.Value != Disagreement.SetAside));
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

    private static Disagreement? Failure(OracleProgram program) =>
        Oracle.Evaluate(program) is { Training: not null, Features.IsEmpty: false } expected && expected.LastCutoff <= expected.AsOf ? Agreement.Check(program, expected) : null;
}
