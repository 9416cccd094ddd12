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
}
