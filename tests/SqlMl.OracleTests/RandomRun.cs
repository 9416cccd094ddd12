using System.Collections.Concurrent;
using SqlMl.Testing.Generation;

namespace SqlMl.OracleTests;

/// <summary>What came of the random programs of one observation mode.</summary>
/// <param name="Seeds">Their seeds.</param>
/// <param name="Failures">By seed what disagrees, programs set aside included.</param>
/// <param name="Traits">How many programs exercise a construct, by its name.</param>
internal sealed record ModeOutcome(
    IReadOnlyList<int> Seeds, IReadOnlyDictionary<int, Disagreement> Failures, IReadOnlyDictionary<string, int> Traits);

/// <summary>Runs the random programs, each once, on all processors; every worker keeps one database, since opening one costs as much as half a script.</summary>
public sealed class RandomRun : IDisposable
{
    /// <summary>One program of so many reads files, as on a laptop; the others read tables, as in a warehouse.</summary>
    private const int FilesInEvery = 6;

    /// <summary>One of so many is compiled with the types of its columns, too: they change casts, not rows, and cost as much as all passes.</summary>
    private const int SchemasInEvery = 4;

    private readonly ConcurrentDictionary<ObservationMode, Lazy<ModeOutcome>> _outcomes = new();
    private readonly ConcurrentBag<DuckDbExecution> _idle = [];

    /// <summary>The outcome of a mode; its programs run when it is first asked for.</summary>
    internal ModeOutcome Of(ObservationMode mode) => _outcomes.GetOrAdd(mode, key => new Lazy<ModeOutcome>(() => Run(RandomPrograms.Seeds(key)))).Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var database in _idle) database.Dispose();
    }

    private ModeOutcome Run(IReadOnlyList<int> seeds)
    {
        var failures = new ConcurrentDictionary<int, Disagreement>();
        var traits = new ConcurrentDictionary<string, int>();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            var (program, expected) = RandomPrograms.Generate(seed);
            var database = _idle.TryTake(out var idle) ? idle : new DuckDbExecution();
            var comparison = Agreement.Check(program, expected, database, inTables: seed % FilesInEvery != 0, withSchemas: seed % SchemasInEvery == 0);
            // An internal error leaves a database unusable: one that failed is not used again.
            if (comparison.Disagreement is null) _idle.Add(database);
            else database.Dispose();

            if (comparison.Disagreement is { } disagreement) failures[seed] = disagreement;
            foreach (var trait in ProgramTraits.Of(program, expected).Concat(comparison.Effects)) traits.AddOrUpdate(trait, 1, (_, count) => count + 1);
        });
        return new ModeOutcome(seeds, failures, traits);
    }
}
