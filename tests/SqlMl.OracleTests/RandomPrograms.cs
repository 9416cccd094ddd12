using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Generation;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>The random programs that are compared: 2,002, of all that the generator knows.</summary>
internal static class RandomPrograms
{
    /// <summary>286, or fewer by the environment variable `SQLML_ORACLE_COUNT`, for a look while something is being written.</summary>
    private static readonly int CountOfEachMode = int.TryParse(Environment.GetEnvironmentVariable("SQLML_ORACLE_COUNT"), out var count) ? count : 286;

    /// <summary>All observation modes; the seed says which one a program has.</summary>
    public static IReadOnlyList<ObservationMode> Modes { get; } = ObservationModes.Of(ProgramFeatures.All);

    /// <summary>The one seed that the environment variable `SQLML_ORACLE_SEED` leaves; null for all of them.</summary>
    public static int? OnlySeed { get; } = int.TryParse(Environment.GetEnvironmentVariable("SQLML_ORACLE_SEED"), out var only) ? only : null;

    /// <summary>The seeds of one observation mode.</summary>
    public static IReadOnlyList<int> Seeds(ObservationMode mode) =>
    [
        .. (OnlySeed is { } only ? [only] : Enumerable.Range(0, CountOfEachMode * Modes.Count)).Where(seed => Modes[seed % Modes.Count] == mode),
    ];

    /// <summary>The program of a seed, and what it means.</summary>
    public static (OracleProgram Program, OracleResult Result) Generate(int seed) => ProgramGenerator.Generate(seed, ProgramFeatures.All);
}
