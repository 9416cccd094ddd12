using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Generation;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>The random programs that are compared.</summary>
internal static class RandomPrograms
{
    private const int CountOfEachMode = 64;

    /// <summary>What they use beyond the base: all that the compiler supports.</summary>
    public const ProgramFeatures Features = ProgramFeatures.All;

    /// <summary>The seeds of programs with <paramref name="features"/>: so many that each mode comes up 64 times.</summary>
    public static IEnumerable<int> Seeds(ProgramFeatures features) => Enumerable.Range(0, CountOfEachMode * ObservationModes.Of(features).Length);

    /// <summary>The program of a seed, and what it means.</summary>
    public static (OracleProgram Program, OracleResult Result) Generate(int seed) => ProgramGenerator.Generate(seed, Features);

    /// <summary>The seeds of one observation mode; the environment variable `SQLML_ORACLE_SEED` leaves one of them, or none.</summary>
    public static IReadOnlyList<int> Seeds(ObservationMode mode)
    {
        var modes = ObservationModes.Of(Features);
        var seeds = Seeds(Features).Where(seed => modes[seed % modes.Length] == mode);
        return int.TryParse(Environment.GetEnvironmentVariable("SQLML_ORACLE_SEED"), out var only)
            ? modes[only % modes.Length] == mode ? [only] : []
            : [.. seeds];
    }
}
