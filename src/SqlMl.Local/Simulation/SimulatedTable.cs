using System.Collections.Immutable;
using SqlMl.Compiler;

namespace SqlMl.Local.Simulation;

/// <summary>A table that can be made up. Tables of one simulation fit together where seed and size are equal.</summary>
/// <param name="Name">As `sqlml simulate` and `simulate:` in sqlml.yaml call it: the simulation, and the table where it makes several.</param>
/// <param name="Summary">What its rows are.</param>
/// <param name="Columns">The columns that <paramref name="Write"/> writes, in order, as DuckDB reads them from CSV.</param>
/// <param name="Write">Writes the table as CSV.</param>
public sealed record SimulatedTable(string Name, string Summary, ImmutableArray<SchemaColumn> Columns, SimulatedTableWriter Write);

/// <summary>Writes a header and rows as CSV, no value quoted, nulls empty; the same bytes for the same arguments on every platform.</summary>
/// <param name="events">How many rows the simulation's table of events has, at least one; its other tables follow from them.</param>
/// <param name="seed">What chance starts from.</param>
/// <param name="writer">What is written to.</param>
/// <param name="cancellation">Ends the simulation.</param>
/// <returns>The number of rows.</returns>
public delegate int SimulatedTableWriter(int events, long seed, TextWriter writer, CancellationToken cancellation);
