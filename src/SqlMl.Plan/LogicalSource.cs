using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Where a source's rows lie.</summary>
public abstract record LogicalLocation;

/// <summary>A table, its name's parts from database to table.</summary>
public sealed record LogicalTable(ImmutableArray<NamePart> Path) : LogicalLocation;

/// <summary>A local file or glob.</summary>
public sealed record LogicalFile(string Path) : LogicalLocation;

/// <summary>The rows of another source; its columns are read through the join of the same name.</summary>
public sealed record LogicalDerivation(string Name, LogicalSource Base) : LogicalLocation;

/// <summary>The rows of several sources one after the other; the columns of each part are in the union's order.</summary>
/// <param name="Parts">The parts.</param>
/// <param name="Names">What the union calls each part.</param>
public sealed record LogicalUnion(ImmutableArray<LogicalSource> Parts, ImmutableArray<string> Names) : LogicalLocation;

/// <summary>One row for each combination of some columns of another source.</summary>
/// <param name="Base">Whose rows are grouped.</param>
/// <param name="Keys">The columns that are grouped by, under the names of the group's.</param>
/// <param name="Aggregates">The group's other columns.</param>
public sealed record LogicalGroup(LogicalSource Base, ImmutableArray<LogicalGroupKey> Keys, ImmutableArray<LogicalAggregate> Aggregates) : LogicalLocation;

/// <summary>A column that rows are grouped by.</summary>
public sealed record LogicalGroupKey(string Name, LogicalColumn Column);

/// <summary>A query as text, by dialect.</summary>
public sealed record LogicalSql(ImmutableArray<SqlText> Texts) : LogicalLocation;

/// <summary>Rows that the program itself states, in a test.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The values of each row: null, boolean, long, decimal, string or a UTC instant.</param>
public sealed record LogicalStatedRows(ImmutableArray<LogicalStatedColumn> Columns, ImmutableArray<ImmutableArray<object?>> Rows) : LogicalLocation;

/// <summary>A column of stated rows; one of unknown type holds nothing but nulls.</summary>
public sealed record LogicalStatedColumn(string Name, bool IsExact, DataType Type);

/// <summary>A column that scans read from a source's rows.</summary>
/// <param name="Column">The column.</param>
/// <param name="Type">Its type as the program uses it; numbers and instants are converted once, here.</param>
/// <param name="Expression">How it is computed from the table's columns; null for a column of the table.</param>
public sealed record LogicalSourceColumn(LogicalColumn Column, DataType Type, LogicalExpression? Expression)
{
    /// <summary>True for a column that may have become known after its row: it is read as of an instant (rules 16 and 17).</summary>
    public bool IsLate { get; init; }

    /// <summary>True where a state beside the row is also read as it held the moment before the row, by cutoffs in mode `before` (rule 7).</summary>
    public bool IsReadAsBefore { get; init; }

    /// <summary>For a column of a union: the column of each part, null where the part lacks it; else empty.</summary>
    public ImmutableArray<LogicalColumn?> Parts { get; init; } = [];

    /// <summary>True for the column of a union that holds the part's name.</summary>
    public bool IsPartName { get; init; }

    /// <summary>When a late column of the table became known; null where the program does not say, and for joined columns.</summary>
    public LogicalExpression? LateAt { get; init; }
}

/// <summary>When rows could be read, where that is later than when they happened (rule 4).</summary>
/// <param name="At">The instant that the row states; null for none.</param>
/// <param name="Within">How long after it happened a row may still arrive; null for none.</param>
/// <param name="Delay">How long after it happened every row can be read; null for none.</param>
/// <param name="IsPlanned">True where rows may be known before they happen.</param>
public sealed record LogicalKnowledge(LogicalExpression? At, Duration? Within, Duration? Delay, bool IsPlanned);

/// <summary>A joined source.</summary>
/// <param name="Name">How its columns are called.</param>
/// <param name="Target">Its rows; their <see cref="LogicalSource.Keys"/> are the columns that <paramref name="Ours"/> name.</param>
/// <param name="IsEach">True where several partners multiply rows on purpose.</param>
/// <param name="Ours">The columns of the row that name the partner.</param>
public sealed record LogicalJoin(string Name, LogicalSource Target, bool IsEach, ImmutableArray<LogicalExpression> Ours)
{
    /// <summary>True where the row has its time from the partner: both happen together.</summary>
    public bool GivesTime { get; init; }
}

/// <summary>A side of a row on which the model's entity stands.</summary>
/// <param name="Name">What the side is called.</param>
/// <param name="Keys">How the row names the entity there.</param>
public sealed record LogicalSide(string Name, ImmutableArray<LogicalExpression> Keys);

/// <summary>A source as one model reads it. Expressions are over the table's own columns.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Location">Where its rows lie.</param>
/// <param name="Time">When a row happened, or from when on it held; null for rows that never change.</param>
/// <param name="Where">Which rows count; null for all.</param>
/// <param name="Keys">How a row names the model's entity; empty where it does not.</param>
/// <param name="Columns">What is read besides key and time.</param>
/// <param name="IsRead">True when the model reads it; false when it only tells who exists.</param>
/// <param name="IsInLabel">True when the label reads it, so that its end decides maturity.</param>
/// <param name="Span">Where it is declared.</param>
public sealed record LogicalSource(
    string Name, LogicalLocation Location, LogicalExpression? Time, LogicalExpression? Where, ImmutableArray<LogicalExpression> Keys,
    ImmutableArray<LogicalSourceColumn> Columns, bool IsRead, bool IsInLabel, SourceSpan Span)
{
    /// <summary>Where the entity stands on sides of the row (rule 12): <see cref="Keys"/> are then those of all sides, one side after the other. Else empty.</summary>
    public ImmutableArray<LogicalSide> Sides { get; init; } = [];

    /// <summary>What its rows are.</summary>
    public SourceNature Nature { get; init; } = SourceNature.Events;

    /// <summary>True for rows that hold from an instant on until another.</summary>
    public bool IsState => Nature == SourceNature.Validity;

    /// <summary>True for rows that never change, which say nothing of time.</summary>
    public bool IsStatic => Nature == SourceNature.Static;

    /// <summary>Until when a row held, not included; null for rows that hold for ever, and those that happened.</summary>
    public LogicalExpression? ValidTo { get; init; }

    /// <summary>When rows could be read; null where that is when they happened.</summary>
    public LogicalKnowledge? Knowledge { get; init; }

    /// <summary>Of rows that agree in these the first known stays (rule 20).</summary>
    public ImmutableArray<LogicalExpression> RowKey { get; init; } = [];

    /// <summary>Orders rows of one instant (rule 34); null for none.</summary>
    public LogicalColumn? OrderBy { get; init; }

    /// <summary>Until when silence is knowledge (rule 5); null for its last row.</summary>
    public LogicalBound? CompleteUntil { get; init; }

    /// <summary>Its joins, of which something is read.</summary>
    public ImmutableArray<LogicalJoin> Joins { get; init; } = [];
}

