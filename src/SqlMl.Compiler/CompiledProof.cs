using System.Collections.Immutable;

namespace SqlMl.Compiler;

/// <summary>What a proof must know of a model to change its data on purpose: compiled with <see cref="CompileOptions.ForProof"/> alone.</summary>
public sealed record CompiledProof
{
    /// <summary>
    /// Fills <see cref="CandidateTable"/>: keys, `cutoff`, `as_of` (the run's instant) and the features in order: every eligible cutoff,
    /// before anything that looks at labels leaves one out.
    /// </summary>
    public required CompiledScript Candidates { get; init; }

    /// <summary>The name of the table of candidates, unquoted.</summary>
    public required string CandidateTable { get; init; }

    /// <summary>What each feature may read, in the order of the features.</summary>
    public required ImmutableArray<CompiledReach> Features { get; init; }

    /// <summary>What the label may read.</summary>
    public required CompiledReach Label { get; init; }

    /// <summary>Every table or file that the model reads, be it through a join, a union or a group; each once.</summary>
    public required ImmutableArray<StoredSource> Sources { get; init; }

    /// <summary>True in mode `before`: rows at the cutoff's own instant are not seen.</summary>
    public required bool IsBefore { get; init; }

    /// <summary>True where some cutoff is a row, or follows one: such cutoffs come and go with their rows.</summary>
    public required bool HasEventCutoffs { get; init; }

    /// <summary>True where the row that is a cutoff may be known later than it happens: then it is a row of training, and not due as of its own instant.</summary>
    public required bool HasLateCutoffs { get; init; }

    /// <summary>True where an entity has no cutoff from some row on (`until`).</summary>
    public required bool HasUntil { get; init; }

    /// <summary>True where labels are kept that are not complete (`allow immature`): they change as time goes on, as the program says.</summary>
    public required bool AllowsImmature { get; init; }

    /// <summary>True where the parts of the training set follow one another in time, and are purged.</summary>
    public required bool IsSplitByTime { get; init; }

    /// <summary>How the model's pivots learn again from rows that stay; null where none learns.</summary>
    public CompiledLearning? Learning { get; init; }
}

/// <summary>Pivots that learn again: over other data, and yet from the same training rows, whatever the data say of those by then.</summary>
/// <param name="Rows">Fills <paramref name="RowTable"/>: the rows of all parts with their `cutoff` and `split`, as <see cref="CompiledModel.Pivots"/> finds them.</param>
/// <param name="RowTable">The name of the table of rows, unquoted; whoever leaves some of them out asks what is learned from the others.</param>
/// <param name="Lists">Fills <paramref name="ListTable"/> from <paramref name="RowTable"/> by the steps and with the columns of <see cref="CompiledModel.Pivots"/>.</param>
/// <param name="ListTable">The name of the table of what is learned, unquoted.</param>
public sealed record CompiledLearning(CompiledScript Rows, string RowTable, CompiledScript Lists, string ListTable);

/// <summary>The stretches of time that a value may read, relative to the cutoff; several where several windows meet in it.</summary>
/// <param name="Windows">None for what reads no rows that happened.</param>
/// <param name="ReadsAnchor">True where it reads the row that is the cutoff, or that the cutoff follows.</param>
public sealed record CompiledReach(ImmutableArray<CompiledStretch> Windows, bool ReadsAnchor);

/// <summary>One stretch: rows that happened after its start, up to its end. In mode `before` a stretch of the past holds its start and not its end.</summary>
/// <param name="Start">Where it begins; null where nothing bounds it.</param>
/// <param name="End">Where it ends; null for the run's own instant.</param>
/// <param name="ReadAt">The instant as of which columns are read that are written after their rows; null for the run's own instant.</param>
/// <param name="OfStates">True for what held at an instant, where start and end are one.</param>
/// <param name="IsStrict">True where mode `before` applies to it: never for what lies behind the cutoff.</param>
public sealed record CompiledStretch(CompiledOffset? Start, CompiledOffset? End, CompiledOffset? ReadAt, bool OfStates, bool IsStrict);

/// <summary>An instant relative to the cutoff: it is moved by one length after the other, months being clamped to a month's last day.</summary>
/// <param name="Moves">Months and microseconds, negative for earlier; none for the cutoff itself.</param>
public sealed record CompiledOffset(ImmutableArray<(int Months, long Microseconds)> Moves)
{
    /// <summary>The cutoff itself.</summary>
    public static CompiledOffset Cutoff { get; } = new(ImmutableArray<(int Months, long Microseconds)>.Empty);

    /// <inheritdoc />
    public bool Equals(CompiledOffset? other) => other is not null && Moves.AsSpan().SequenceEqual(other.Moves.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => Moves.Aggregate(Moves.Length, HashCode.Combine);
}

/// <summary>What the rows of a stored source are.</summary>
public enum StoredNature
{
    /// <summary>They happened at an instant.</summary>
    Events,

    /// <summary>They held for a while.</summary>
    States,

    /// <summary>They never change, as the program asserts.</summary>
    Static,
}

/// <summary>A table or file of the program as a proof changes it. Columns are named as the program names them.</summary>
public sealed record StoredSource
{
    /// <summary>The source's name.</summary>
    public required string Name { get; init; }

    /// <summary>What its rows are.</summary>
    public required StoredNature Nature { get; init; }

    /// <summary>A query of all its rows, all columns.</summary>
    public required string Rows { get; init; }

    /// <summary>
    /// A query over the rows that carry a column <see cref="RowNumber"/>: that number, `happened_at`, `known_at` (null for never), `held_until`, `late_1`, `late_2`...
    /// (when the late columns of that place in <see cref="Late"/> were written; null for not yet) and `key_1`... (the model's entity). Null for static rows.
    /// </summary>
    public required string? Times { get; init; }

    /// <summary>The parts of the entity's key in <see cref="Times"/>; 0 where the source does not name it.</summary>
    public required int KeyCount { get; init; }

    /// <summary>The first column that alone names the model's entity, or a part of its name; null where none does.</summary>
    public required string? EntityColumn { get; init; }

    /// <summary>The column that alone says when a row happened; null where an expression does.</summary>
    public required string? TimeColumn { get; init; }

    /// <summary>The time zone of the clock in <see cref="TimeColumn"/>; null for UTC.</summary>
    public required string? TimeZone { get; init; }

    /// <summary>The column that alone says when a row was known; null without one.</summary>
    public required string? KnownColumn { get; init; }

    /// <summary>True where something says when a row was known, be it a column, an expression or a delay.</summary>
    public required bool HasKnowledge { get; init; }

    /// <summary>How long after it happened a row is known; null for at once.</summary>
    public required CompiledOffset? Delay { get; init; }

    /// <summary>How long before its last row the source is not complete yet; null for nothing.</summary>
    public required CompiledOffset? Within { get; init; }

    /// <summary>True where silence is knowledge up to a stated instant (`complete until`), and not to the last row alone.</summary>
    public required bool IsCompleteByWord { get; init; }

    /// <summary>True where the label reads its rows, be it through a join, a union or a group.</summary>
    public required bool IsInLabel { get; init; }

    /// <summary>True for rows that may be known before they happen.</summary>
    public required bool IsPlanned { get; init; }

    /// <summary>The column that alone says until when a state held; null without one.</summary>
    public required string? EndColumn { get; init; }

    /// <summary>The columns that are written after their row, by the instant that says when.</summary>
    public required ImmutableArray<StoredLate> Late { get; init; }

    /// <summary>Columns that say who and when, and which rows belong together: they are not values.</summary>
    public required ImmutableArray<string> Fixed { get; init; }

    /// <summary>The columns of which no two rows may agree: `key`, and those that joins to it name.</summary>
    public required ImmutableArray<string> Unique { get; init; }

    /// <summary>True where of rows with one key the first known counts (`key`).</summary>
    public required bool HasKey { get; init; }

    /// <summary>True where its rows are cutoffs, or where cutoffs follow or precede them.</summary>
    public required bool IsAnchor { get; init; }

    /// <summary>True where a cutoff lies at the row itself, which is known by definition.</summary>
    public required bool IsCutoff { get; init; }

    /// <summary>Of a source whose rows are cutoffs: the columns that say which are, and those that are read of them.</summary>
    public required ImmutableArray<string> AnchorColumns { get; init; }

    /// <summary>True where old rows are read beside later ones: joined, grouped, or the rows that another source is made from.</summary>
    public required bool IsReadBeside { get; init; }

    /// <summary>The column of <see cref="Times"/> that numbers the rows; whoever runs that query adds it to the table.</summary>
    public static string RowNumber => "sqlml_row";
}

/// <summary>Columns that are written after their row.</summary>
/// <param name="Columns">Their names.</param>
/// <param name="AtColumn">The column that alone says when; null where an expression does, or nothing.</param>
/// <param name="IsDated">False where nothing says when: no feature ever sees them.</param>
public sealed record StoredLate(ImmutableArray<string> Columns, string? AtColumn, bool IsDated);
