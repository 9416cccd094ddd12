using SqlMl.Testing.Generation;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>Programs are what their seed and features say.</summary>
public sealed class GeneratorTests
{
    private const int ProgramsWithout = 14;

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
}
