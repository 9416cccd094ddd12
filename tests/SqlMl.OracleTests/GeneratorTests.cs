using SqlMl.Language.Text;
using SqlMl.Syntax;
using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Generation;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>What the random programs exercise: the agreement of oracle and SQL is worth no more than this.</summary>
public sealed class GeneratorTests(ITestOutputHelper output)
{
    private const int LeastOccurrences = 5;
    private const int ProgramsWithout = 14;

    [Fact]
    public void Every_construct_occurs_in_several_of_the_random_programs() =>
        AssertAllOccur([.. RandomPrograms.Seeds(RandomPrograms.Features).Select(RandomPrograms.Generate)], RandomPrograms.Features);

    /// <summary>Also of what the compiler does not support yet, or is switched off: it must be there when it is switched on.</summary>
    [Fact]
    public void With_all_features_every_construct_occurs_and_every_program_is_in_the_languages_syntax()
    {
        (OracleProgram Program, OracleResult Result)[] programs =
            [.. RandomPrograms.Seeds(ProgramFeatures.All).Select(seed => ProgramGenerator.Generate(seed, ProgramFeatures.All))];

        foreach (var text in programs.Select(generated => ProgramText.Render(generated.Program)))
        {
            var errors = SyntaxTree.Parse(new SourceText("random.sqlml", text)).Diagnostics;
            Assert.True(errors.IsEmpty, $"{string.Join(", ", errors.Select(error => error.Message))}\n{text}");
        }
        AssertAllOccur(programs, ProgramFeatures.All);
    }

    [Fact]
    public void A_feature_that_is_off_never_occurs()
    {
        foreach (var feature in Enum.GetValues<ProgramFeatures>().Where(feature => feature is not (ProgramFeatures.None or ProgramFeatures.All)))
        {
            var others = ProgramFeatures.All & ~feature;
            var found = Enumerable.Range(0, ProgramsWithout).Select(seed => ProgramGenerator.Generate(seed, others))
                .SelectMany(generated => ProgramTraits.Of(generated.Program, generated.Result)).ToHashSet();
            Assert.DoesNotContain(ProgramTraits.All(ProgramFeatures.All).Except(ProgramTraits.All(others)), found.Contains);
        }
    }

    [Fact]
    public void A_seed_always_gives_the_same_program_and_data()
    {
        var (first, second) = (ProgramGenerator.Generate(17).Program, ProgramGenerator.Generate(17).Program);

        Assert.Equal(ProgramText.Render(first), ProgramText.Render(second));
        Assert.Equal(first.Sources.Select(source => source.Table.ToCsv()), second.Sources.Select(source => source.Table.ToCsv()));
        Assert.NotEqual(ProgramText.Render(first), ProgramText.Render(ProgramGenerator.Generate(18).Program));
    }

    private void AssertAllOccur((OracleProgram Program, OracleResult Result)[] programs, ProgramFeatures features)
    {
        var counts = programs.SelectMany(generated => ProgramTraits.Of(generated.Program, generated.Result)).CountBy(trait => trait).ToDictionary();
        var all = ProgramTraits.All(features);
        var lines = all.Select(trait => $"{counts.GetValueOrDefault(trait),4}  {trait}");
        output.WriteLine($"of {programs.Length} programs:\n{string.Join('\n', lines)}");

        Assert.Subset(all.ToHashSet(), counts.Keys.ToHashSet());
        Assert.DoesNotContain(all, trait => counts.GetValueOrDefault(trait) < LeastOccurrences);
    }
}
