using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Language.Text;

namespace SqlMl.Cli.Project;

/// <summary>What `sqlml.yaml` says; what it leaves out is null or empty.</summary>
internal sealed record ProjectSettings
{
    public static ProjectSettings None { get; } = new();

    public string? Name { get; init; }

    /// <summary>The target of commands that are given none.</summary>
    public Target? Target { get; init; }

    /// <summary>Where runs are written, relative to the project's folder.</summary>
    public string? Output { get; init; }

    /// <summary>Database and schema that tables are written to in the warehouse, as far as they are given.</summary>
    public ImmutableArray<string> OutputSchema { get; init; } = [];

    /// <summary>The warehouse that runs the SQL, for deployment.</summary>
    public string? Warehouse { get; init; }

    public ImmutableArray<SourceSetting> Sources { get; init; } = [];
}

/// <summary>Where SQL runs.</summary>
internal enum Target
{
    /// <summary>DuckDB on this machine.</summary>
    Local,

    /// <summary>A Snowflake warehouse.</summary>
    Snowflake,
}

/// <summary>Where one source's rows lie on one target; exactly one of binding and simulation is set.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Target">The target it holds for.</param>
/// <param name="Binding">A file (relative to the project's folder) or table.</param>
/// <param name="Simulation">Rows that are made up.</param>
/// <param name="Span">Where the setting stands; none for the command line.</param>
internal sealed record SourceSetting(string Source, Target Target, SourceBinding? Binding, SimulationSetting? Simulation, SourceSpan Span);

/// <summary>A simulator with its settings.</summary>
internal sealed record SimulationSetting(string Simulator, long Seed, int Events);

internal static class Targets
{
    public static IReadOnlyList<string> Names { get; } = ["local", "snowflake"];

    public static Target? Parse(string name) => name.ToLowerInvariant() switch
    {
        "local" or "duckdb" => Target.Local,
        "snowflake" => Target.Snowflake,
        _ => null,
    };

    /// <summary>The dialect that a target speaks.</summary>
    public static string DialectOf(Target target) => target == Target.Local ? "duckdb" : "snowflake";
}
