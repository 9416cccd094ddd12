using SqlMl.Testing.Generation;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>What the random programs exercise: the agreement of oracle and SQL is worth no more than this.</summary>
public sealed class GeneratorTests(ITestOutputHelper output)
{
    private const int LeastOccurrences = 5;

    [Fact]
    public void Every_construct_occurs_in_several_of_the_random_programs()
    {
        var counts = Enumerable.Range(0, RandomPrograms.Count)
            .Select(ProgramGenerator.Generate).SelectMany(generated => ProgramTraits.Of(generated.Program, generated.Result))
            .CountBy(trait => trait).ToDictionary();

        var lines = ProgramTraits.All.Select(trait => $"{counts.GetValueOrDefault(trait),4}  {trait}");
        output.WriteLine($"of {RandomPrograms.Count} programs:\n{string.Join('\n', lines)}");

        Assert.Subset(ProgramTraits.All.ToHashSet(), counts.Keys.ToHashSet());
        Assert.DoesNotContain(ProgramTraits.All, trait => counts.GetValueOrDefault(trait) < LeastOccurrences);
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
