using SqlMl.Testing.Generation;

namespace SqlMl.OracleTests;

/// <summary>The random programs that are compared.</summary>
internal static class RandomPrograms
{
    /// <summary>How many: the seeds from 0.</summary>
    public const int Count = 320;

    /// <summary>The seeds of one observation mode; the environment variable `SQLML_ORACLE_SEED` leaves one of them, or none.</summary>
    public static IReadOnlyList<int> Seeds(ObservationMode mode)
    {
        var modes = Enum.GetValues<ObservationMode>();
        var seeds = Enumerable.Range(0, Count).Where(seed => modes[seed % modes.Length] == mode);
        return int.TryParse(Environment.GetEnvironmentVariable("SQLML_ORACLE_SEED"), out var only)
            ? modes[only % modes.Length] == mode ? [only] : []
            : [.. seeds];
    }
}
