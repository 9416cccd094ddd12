using System.Collections.Immutable;

namespace SqlMl.Compiler;

/// <summary>
/// What building a training set incrementally takes: compiled with <see cref="CompileOptions.ForRefresh"/> alone. Rows are kept as they are before sample and split, which
/// look at all of them; a row is built again where rows that its cutoff may see changed, or where the cutoff itself may have come or gone.
/// </summary>
public sealed record CompiledRefresh
{
    /// <summary>Why rows cannot be kept, to follow "because"; null where they can.</summary>
    public required string? WholeBecause { get; init; }

    /// <summary>A hash of all that the program says of the rows, the run's own instant left out: kept rows of another program are worth nothing.</summary>
    public required Lazy<string> Program { get; init; }

    /// <summary>
    /// Fills <see cref="FingerprintTable"/>: `part` (a place in <see cref="Rows"/>, from 1), `day` (the first instant of a UTC day, or an instant; null for rows without a time),
    /// `row_count`, `fingerprint` (a hash of the rows in no order). Rows are those that the model reads: joined, filtered, and as known at the run's instant.
    /// </summary>
    public required CompiledScript Fingerprints { get; init; }

    /// <summary>The name of the table of fingerprints, unquoted.</summary>
    public required string FingerprintTable { get; init; }

    /// <summary>What the fingerprints are of.</summary>
    public required ImmutableArray<WatchedRows> Rows { get; init; }

    /// <summary>One query: `ordinal` (a place in <see cref="Limits"/>, from 1), `instant` (null for none).</summary>
    public required CompiledScript LimitScript { get; init; }

    /// <summary>The instants that decide which cutoffs are in the training set; none where the script has no rows.</summary>
    public required ImmutableArray<WatchedLimit> Limits { get; init; }

    /// <summary>
    /// Fills <see cref="ExampleTable"/>: keys, `cutoff`, the columns of the anchor, the features, `label`, before rows without a label fall away. Where the options say which
    /// cutoffs (<see cref="CompileOptions.Cutoffs"/>), theirs alone: the same rows that a script for all cutoffs gives them.
    /// </summary>
    public required CompiledScript Examples { get; init; }

    /// <summary>The name of the table of examples, unquoted.</summary>
    public required string ExampleTable { get; init; }

    /// <summary>Fills the training table from <see cref="ExampleTable"/>, as the model's own training script does from its sources.</summary>
    public required CompiledScript Division { get; init; }
}

/// <summary>What is watched by its rows.</summary>
public enum WatchedKind
{
    /// <summary>The rows of a source.</summary>
    Rows,

    /// <summary>The rows of a static source, which say nothing of time.</summary>
    StaticRows,

    /// <summary>From when on each entity exists.</summary>
    Existence,

    /// <summary>From when on an entity has no cutoff (`until`).</summary>
    Stops,

    /// <summary>The rows after which cutoffs lie (`after first`).</summary>
    FirstRows,

    /// <summary>The instants of a grid.</summary>
    Grid,
}

/// <summary>Rows with a fingerprint.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Name">The source's name, or the entity's.</param>
/// <param name="IsDaily">True where they are taken together by day; false where by instant.</param>
/// <param name="Reaches">Which cutoffs may see them; at least one.</param>
public sealed record WatchedRows(WatchedKind Kind, string Name, bool IsDaily, ImmutableArray<RowReach> Reaches)
{
    /// <summary>For a grid: true where a program could fix its place and does not, so that it moves with the data.</summary>
    public bool MayMove { get; init; }
}

/// <summary>What an instant decides of cutoffs.</summary>
public enum LimitKind
{
    /// <summary>Until when labels are known.</summary>
    Maturity,

    /// <summary>The run's own instant, after which there is no cutoff.</summary>
    Run,

    /// <summary>A bound of `observe` that moves with the run's instant.</summary>
    Bound,

    /// <summary>Where the sources begin that `require history` asks for.</summary>
    History,
}

/// <summary>An instant that divides cutoffs: it decides on those that it moves across.</summary>
/// <param name="Kind">What it decides.</param>
/// <param name="Reaches">Where the instant lies that is compared with it, seen from a cutoff.</param>
public sealed record WatchedLimit(LimitKind Kind, ImmutableArray<RowReach> Reaches);
