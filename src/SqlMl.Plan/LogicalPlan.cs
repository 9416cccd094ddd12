using System.Collections.Immutable;
using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>What is to be computed for every model, step by step, before any SQL.</summary>
/// <param name="Models">In the order declared.</param>
public sealed record LogicalPlan(ImmutableArray<LogicalModel> Models);

/// <summary>Where a source's rows lie.</summary>
public abstract record LogicalLocation;

/// <summary>A table, its name's parts from database to table.</summary>
public sealed record LogicalTable(ImmutableArray<NamePart> Path) : LogicalLocation;

/// <summary>A local file or glob.</summary>
public sealed record LogicalFile(string Path) : LogicalLocation;

/// <summary>A column that scans read from a source's rows.</summary>
/// <param name="Column">The column.</param>
/// <param name="Type">Its type as the program uses it; numbers and instants are converted once, here.</param>
/// <param name="Expression">How it is computed from the table's columns; null for a column of the table.</param>
public sealed record LogicalSourceColumn(LogicalColumn Column, DataType Type, LogicalExpression? Expression);

/// <summary>A source as one model reads it. Expressions are over the table's own columns.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Location">Where its rows lie.</param>
/// <param name="Time">When a row happened.</param>
/// <param name="Where">Which rows count; null for all.</param>
/// <param name="Keys">How a row names the model's entity; empty where it does not.</param>
/// <param name="Columns">What is read besides key and time.</param>
/// <param name="IsRead">True when the model reads it; false when it only tells who exists.</param>
/// <param name="IsInLabel">True when the label reads it, so that its end decides maturity.</param>
/// <param name="Span">Where it is declared.</param>
public sealed record LogicalSource(
    string Name, LogicalLocation Location, LogicalExpression Time, LogicalExpression? Where, ImmutableArray<LogicalExpression> Keys,
    ImmutableArray<LogicalSourceColumn> Columns, bool IsRead, bool IsInLabel, SourceSpan Span);

/// <summary>The rows that a scan sees, relative to the cutoff.</summary>
/// <param name="IsFuture">True for a label's window.</param>
/// <param name="Length">How long; null for all of the past.</param>
/// <param name="Gap">How far from the cutoff it begins (future) or ends (past); null for at the cutoff.</param>
public sealed record LogicalWindow(bool IsFuture, Duration? Length, Duration? Gap);

/// <summary>One aggregate with the name its value goes by.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Definition">What is computed.</param>
/// <param name="Arguments">Over the source's row.</param>
/// <param name="Filter">Which rows; null for all.</param>
/// <param name="Default">What stands in for null, a constant; null for nothing.</param>
public sealed record LogicalAggregate(
    string Name, AggregateDefinition Definition, ImmutableArray<LogicalExpression> Arguments, LogicalExpression? Filter, LogicalExpression? Default);

/// <summary>How a scan is carried out.</summary>
public enum ScanStrategy
{
    /// <summary>Cutoffs joined with the rows in their window, grouped by cutoff: works for everything.</summary>
    RangeJoin,

    /// <summary>Window frames over the rows themselves: for cutoffs that are rows of the same source.</summary>
    Frame,
}

/// <summary>Aggregates over one source and window, computed together.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Window">Which rows.</param>
/// <param name="Aggregates">At least one.</param>
/// <param name="Strategy">How.</param>
/// <param name="Reason">Why so, for `--emit optimized`.</param>
public sealed record LogicalScan(
    string Source, LogicalWindow Window, ImmutableArray<LogicalAggregate> Aggregates, ScanStrategy Strategy, string Reason);

/// <summary>A value derived from others of the same cutoff.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">Over values of lower levels.</param>
/// <param name="Level">1 for what reads aggregates alone, one more than the highest level read otherwise.</param>
public sealed record LogicalDerived(string Name, LogicalExpression Expression, int Level)
{
    /// <summary>The values by level, those of one level in the order given.</summary>
    public static ImmutableArray<LogicalDerived> Ordered(IReadOnlyCollection<LogicalDerived> values)
    {
        var ordered = ImmutableArray.CreateBuilder<LogicalDerived>(values.Count);
        for (var level = 1; ordered.Count < values.Count; level++)
        {
            foreach (var value in values)
            {
                if (value.Level == level) ordered.Add(value);
            }
        }
        return ordered.MoveToImmutable();
    }
}

/// <summary>Rows of a source that satisfy a condition.</summary>
public sealed record LogicalRows(string Source, LogicalExpression? Filter);

/// <summary>A bound: an instant, or the run's own instant moved by a duration.</summary>
public sealed record LogicalBound(DateTime? Instant, Duration? Offset, bool IsNegative);

/// <summary>Where cutoffs lie; `from` is included, `until` is not.</summary>
public abstract record LogicalObserve(LogicalBound? From, LogicalBound? Until);

/// <summary>A grid for every entity.</summary>
public sealed record LogicalGrid(Duration Step, DateTime? AlignedTo, LogicalBound? From, LogicalBound? Until, int? Count) : LogicalObserve(From, Until);

/// <summary>Every row of a kind.</summary>
public sealed record LogicalEach(LogicalRows Rows, LogicalBound? From, LogicalBound? Until) : LogicalObserve(From, Until);

/// <summary>A time after an entity's first row of a kind.</summary>
public sealed record LogicalAfterFirst(Duration Offset, LogicalRows Rows, LogicalBound? From, LogicalBound? Until) : LogicalObserve(From, Until);

/// <summary>Stated instants for every entity.</summary>
public sealed record LogicalInstants(ImmutableArray<DateTime> Instants) : LogicalObserve(null, null);

/// <summary>How rows are divided.</summary>
public sealed record LogicalSplit(bool IsByTime, ImmutableArray<decimal> Parts, long Seed, bool IsStratified);

/// <summary>One model's plan, in the order of rule 27: cutoffs, existence, until, when, maturity, null labels, split.</summary>
public sealed record LogicalModel
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The entity's name.</summary>
    public required string Entity { get; init; }

    /// <summary>The entity's key columns.</summary>
    public required ImmutableArray<string> Keys { get; init; }

    /// <summary>True in mode `before`: rows at the cutoff's own instant are not seen.</summary>
    public required bool IsBefore { get; init; }

    /// <summary>The sources, in the order declared.</summary>
    public required ImmutableArray<LogicalSource> Sources { get; init; }

    /// <summary>Where cutoffs lie.</summary>
    public required ImmutableArray<LogicalObserve> Observe { get; init; }

    /// <summary>From the first such row on an entity has no cutoff; null for none.</summary>
    public LogicalRows? Until { get; init; }

    /// <summary>The scans of the past, for vars and eligibility.</summary>
    public required ImmutableArray<LogicalScan> Scans { get; init; }

    /// <summary>Values derived from them, by level.</summary>
    public required ImmutableArray<LogicalDerived> Derived { get; init; }

    /// <summary>The name of the value that says who is eligible; null for everybody.</summary>
    public string? When { get; init; }

    /// <summary>The scans of the future.</summary>
    public required ImmutableArray<LogicalScan> LabelScans { get; init; }

    /// <summary>The label, over the label's scans and values of the cutoff.</summary>
    public required LogicalExpression Label { get; init; }

    /// <summary>The label's longest window.</summary>
    public required LogicalWindow Horizon { get; init; }

    /// <summary>True when rows whose label is not complete are kept.</summary>
    public required bool AllowImmature { get; init; }

    /// <summary>The split.</summary>
    public required LogicalSplit Split { get; init; }

    /// <summary>The names of the features, in order of declaration.</summary>
    public required ImmutableArray<string> Features { get; init; }

    /// <summary>The aggregates of all scans.</summary>
    public IEnumerable<LogicalAggregate> Aggregates
    {
        get
        {
            foreach (var scan in Scans)
            {
                foreach (var aggregate in scan.Aggregates) yield return aggregate;
            }
            foreach (var scan in LabelScans)
            {
                foreach (var aggregate in scan.Aggregates) yield return aggregate;
            }
        }
    }

    /// <summary>The derived values, those of one level together; a level reads only lower ones.</summary>
    public IEnumerable<ImmutableArray<LogicalDerived>> DerivedByLevel
    {
        get
        {
            for (int start = 0, end = 0; start < Derived.Length; start = end)
            {
                while (end < Derived.Length && Derived[end].Level == Derived[start].Level) end++;
                yield return Derived[start..end];
            }
        }
    }

    /// <summary>True where a cutoff belongs to a row or follows one.</summary>
    public bool IsEventMode => Observe.All(line => line is LogicalEach or LogicalAfterFirst);
}
