using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Local.Simulation;

namespace SqlMl.Cli.Simulators;

/// <summary>The simulators by name; `sqlml simulate` and `simulate:` in sqlml.yaml know these.</summary>
internal static class SimulatorList
{
    public const long DefaultSeed = 42;
    public const int DefaultEvents = 5000;

    public static IReadOnlyCollection<string> Names { get; } = ["web_sessions"];

    /// <summary>The columns of what a simulator writes, so that a program can be checked before anything is simulated.</summary>
    public static ImmutableArray<SchemaColumn> Schema { get; } =
    [
        new("app_id", "VARCHAR"), new("event_id", "VARCHAR"), new("domain_userid", "VARCHAR"), new("domain_sessionid", "VARCHAR"),
        new("derived_tstamp", "TIMESTAMP"), new("event_name", "VARCHAR"), new("page_url", "VARCHAR"),
    ];

    /// <summary>The events that `web_sessions` makes.</summary>
    public static IReadOnlyList<WebEvent> WebSessions(int events, long seed, CancellationToken cancellation) =>
        WebSessionSimulator.Simulate(events, seed, cancellation);
}
