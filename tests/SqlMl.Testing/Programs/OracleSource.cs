using System.Collections.Immutable;

namespace SqlMl.Testing.Programs;

/// <summary>A source and its rows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Table">The rows as stored, before <paramref name="Where"/>.</param>
/// <param name="IsParquet">True to store the table as Parquet, false as CSV (where '' and null cannot be told apart).</param>
/// <param name="Keys">The columns that name the entity, in order, stored or joined; empty for a source that names none.</param>
/// <param name="Time">The column that tells when a row happened; null for a static source, for one that is valid from an instant on, and for one that is made from another.</param>
/// <param name="Where">Which rows belong to the source, over stored columns and those of static or valid partners; null for all.</param>
/// <param name="Columns">Computed columns, over stored and joined columns only.</param>
public sealed record OracleSource(
    string Name, OracleTable Table, bool IsParquet, ImmutableArray<string> Keys, string? Time,
    OracleExpression? Where, ImmutableArray<ComputedColumn> Columns)
{
    /// <summary>The name of the source that names the rows' place: its own, or that of the rows it is made `from`.</summary>
    public string StoredName => Storage == SourceStorage.Own ? Name : Name + "_rows";

    /// <summary>Where the rows lie.</summary>
    public SourceStorage Storage { get; init; }

    /// <summary>What the source is made from; null where it has rows of its own.</summary>
    public SourceOrigin? Origin { get; init; }

    /// <summary>Whether the rows lie in a table or file.</summary>
    public bool IsStored => !IsMade && Origin is null && Storage != SourceStorage.Sql;

    /// <summary>The name of the file that holds the rows.</summary>
    public string FileName => Name + (IsParquet ? ".parquet" : ".csv");

    /// <summary>`zone`: the clock of <see cref="Time"/>; null for UTC.</summary>
    public string? Zone { get; init; }

    /// <summary>True where the program makes the rows from those of other sources, so that they are stored nowhere.</summary>
    public bool IsMade { get; init; }

    /// <summary>The columns that name the other entity, in the order of its key; empty for a source that does not.</summary>
    public ImmutableArray<string> OtherKeys { get; init; } = [];

    /// <summary>The column that names the entity of <see cref="OracleProgram.Members"/>; null for a source that does not.</summary>
    public string? MemberKey { get; init; }

    /// <summary>The sides of a row on which the entity stands: the first is that of <see cref="Keys"/>; empty for rows without sides.</summary>
    public ImmutableArray<SideClause> Sides { get; init; } = [];

    /// <summary>`known at`; null where rows are known when they happen, or after <see cref="Delay"/>.</summary>
    public KnownAtClause? KnownAt { get; init; }

    /// <summary>`delay`: how long after its time a row is known; null for at once.</summary>
    public OracleDuration? Delay { get; init; }

    /// <summary>`planned`: rows are known by `known at` alone, and their time may lie ahead.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>The columns of `key`: rows that agree in all of them are one row; empty without a key.</summary>
    public ImmutableArray<string> UniqueBy { get; init; } = [];

    /// <summary>The column of `order by`; null without one.</summary>
    public string? OrderBy { get; init; }

    /// <summary>`complete until`; null where the source ends at its last known row.</summary>
    public CompleteClause? Complete { get; init; }

    /// <summary>`late`: columns that are written after the row.</summary>
    public ImmutableArray<LateClause> Late { get; init; } = [];

    /// <summary>`static`: rows describe, and do not change.</summary>
    public bool IsStatic { get; init; }

    /// <summary>`valid from a to b`; null where rows are not states.</summary>
    public ValidClause? Valid { get; init; }

    /// <summary>`join`: sources whose columns are read as <c>name.column</c>.</summary>
    public ImmutableArray<JoinClause> Joins { get; init; } = [];
}

/// <summary>`by columns as name`: a side of a row on which the entity stands.</summary>
public sealed record SideClause(string Name, ImmutableArray<string> Columns);

/// <summary>`column name = value`.</summary>
public sealed record ComputedColumn(string Name, OracleExpression Value);

/// <summary>`known at column [within duration]`.</summary>
public sealed record KnownAtClause(string Column, OracleDuration? Within);

/// <summary>`complete until 'instant'`; a null instant is `as_of`.</summary>
public sealed record CompleteClause(DateTime? Until);

/// <summary>`late columns [at at]`.</summary>
public sealed record LateClause(ImmutableArray<string> Columns, string? At);

/// <summary>`valid from a to b`.</summary>
public sealed record ValidClause(string From, string To);

/// <summary>`join source [as alias] on ours = theirs, ...`.</summary>
public sealed record JoinClause(string Source, string? Alias, ImmutableArray<JoinKey> Keys)
{
    /// <summary>What its columns are read by.</summary>
    public string Name => Alias ?? Source;
}

/// <summary>A stored column of the joining row and the one of the partner that equals it.</summary>
public sealed record JoinKey(string Ours, string Theirs);

/// <summary>`source name = union of parts`: no parts of it are unions.</summary>
public sealed record OracleUnion(string Name, ImmutableArray<string> Parts);
