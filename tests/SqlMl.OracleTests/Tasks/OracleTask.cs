using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests.Tasks;

/// <summary>A program of the acceptance corpus, and what one of its models means on made-up rows.</summary>
/// <param name="Section">Its heading in the corpus: `S0`, `d1`.</param>
/// <param name="Text">The program, as the corpus has it.</param>
/// <param name="Meaning">What it means, written by hand from the definitions; null where nothing of it can be run.</param>
internal sealed record OracleTask(string Section, string Text, Func<TaskRows, OracleProgram>? Meaning)
{
    /// <summary>The errors that the program gets as it stands, in order of their codes: what it needs that is not compiled, or why it is refused. Empty where it compiles.</summary>
    public ImmutableArray<string> Refused { get; init; } = [];

    /// <summary>What has to be written instead for it to compile: nothing that its rows depend on but what <see cref="Meaning"/> says as well.</summary>
    public ImmutableArray<(string Written, string Instead)> Changes { get; init; } = [];

    /// <summary>The program that is run.</summary>
    public string Compiled
    {
        get
        {
            var text = Text;
            foreach (var (written, instead) in Changes)
            {
                if (!text.Contains(written, StringComparison.Ordinal)) throw new InvalidOperationException($"{Section} does not say: {written}");
                text = text.Replace(written, instead, StringComparison.Ordinal);
            }
            return text;
        }
    }

    /// <summary>Every system and everyday task of the corpus, one with several models once for each.</summary>
    public static ImmutableArray<OracleTask> All { get; } = [.. SystemTasks.All, .. EverydayTasks.All, .. MoreEverydayTasks.All];
}
