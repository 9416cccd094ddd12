using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Generation;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>A failing program becomes small enough to read.</summary>
public sealed class ShrinkerTests
{
    [Fact]
    public void A_shrunk_program_still_fails_and_holds_little_else()
    {
        var program = ProgramGenerator.Generate(1).Program;
        var first = program.Sources[0].Table.Rows[3];
        bool Fails(OracleProgram candidate) => candidate.Sources[0].Table.Rows.Contains(first);

        var small = ProgramShrinker.Shrink(program, Fails, budget: 1000);

        Assert.True(Fails(small));
        Assert.Empty(small.Vars);
        Assert.Null(small.Model.When);
        Assert.InRange(small.Sources[0].Table.Rows.Length, 1, 2);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(20)]
    public void Clauses_that_do_not_matter_are_left_out_and_what_remains_has_a_meaning(int seed)
    {
        var program = ProgramGenerator.Generate(seed, ProgramFeatures.All).Program;
        var first = program.Sources[0].Table.Rows[0];
        bool Fails(OracleProgram candidate)
        {
            Oracle.Evaluate(candidate);
            return candidate.Sources[0].Table.Rows.Contains(first);
        }

        var small = ProgramShrinker.Shrink(program, Fails, budget: 1000);

        Assert.Empty(small.Vars);
        Assert.Empty(small.Model.Vars);
        Assert.Empty(small.Unions);
        Assert.Empty(small.Sources.SelectMany(source => source.Late));
        Assert.All(small.Sources, source => Assert.Null(source.Complete));
        Assert.All(small.Sources, source => Assert.Empty(source.UniqueBy));
        Assert.All(small.Sources, source => Assert.True(source.KnownAt is null || source.IsPlanned));
    }
}
