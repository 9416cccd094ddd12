using System.Collections.Immutable;
using SqlMl.Local.Simulation;

namespace SqlMl.Cli.Simulators;

/// <summary>The tables that can be simulated, by name; `sqlml simulate` and `simulate:` in sqlml.yaml know these.</summary>
internal static class SimulatorList
{
    public const long DefaultSeed = 42;
    public const int DefaultEvents = 5000;

    public static ImmutableArray<string> Names { get; } = [.. SimulatedTables.All.Select(table => table.Name)];

    /// <summary>The table of a name that is among <see cref="Names"/>.</summary>
    public static SimulatedTable Get(string name) => SimulatedTables.Find(name) ?? throw new ArgumentException($"there is no simulator {name}", nameof(name));
}
