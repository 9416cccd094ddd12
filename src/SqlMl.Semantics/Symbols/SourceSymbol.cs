using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics;

/// <summary>Where a source's rows lie.</summary>
public abstract record SourceLocation;

/// <summary>A table, its name's parts from database to table; a part in backticks is exact.</summary>
public sealed record TableLocation(ImmutableArray<NamePart> Path) : SourceLocation;

/// <summary>A part of a table's name.</summary>
/// <param name="Name">As written.</param>
/// <param name="IsExact">True when case and signs count.</param>
public sealed record NamePart(string Name, bool IsExact);

/// <summary>A local file or glob.</summary>
public sealed record FileLocation(string Path) : SourceLocation;

/// <summary>How the rows of a source name an entity: one column a key part.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Columns">The key columns, in the order of the entity's key.</param>
/// <param name="Span">The clause.</param>
public sealed record SourceEntity(EntitySymbol Entity, ImmutableArray<BoundExpression> Columns, SourceSpan Span)
{
    /// <summary>
    /// Where the entity stands on sides of the row (rule 12): each with its own key columns, and <see cref="Columns"/> are those of all sides,
    /// one side after the other; else empty.
    /// </summary>
    public ImmutableArray<SourceSide> Sides { get; init; } = [];

    /// <summary>For a union, whose parts name the entity each by columns of its own: columns of the union that hold them, one a key part; else empty.</summary>
    public ImmutableArray<BoundExpression> United { get; init; } = [];

    /// <summary>The side of that name; null for none.</summary>
    internal SourceSide? FindSide(string name)
    {
        foreach (var side in Sides)
        {
            if (side.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return side;
        }
        return null;
    }

    /// <summary>The key columns of each side, or of the row where it has no sides.</summary>
    internal IEnumerable<ImmutableArray<BoundExpression>> Keys()
    {
        if (Sides.IsEmpty) yield return Columns;
        foreach (var side in Sides) yield return side.Columns;
    }
}

/// <summary>A side of a row on which an entity stands: `by home_id as home`.</summary>
/// <param name="Name">What the side is called.</param>
/// <param name="Columns">The key columns, in the order of the entity's key.</param>
/// <param name="Span">The side where it is first named.</param>
public sealed record SourceSide(string Name, ImmutableArray<BoundExpression> Columns, SourceSpan Span);

/// <summary>The rows of another source (`from s`), its columns included.</summary>
/// <param name="Base">The source as a join of the one that is made from it.</param>
public sealed record DerivedLocation(SourceJoin Base) : SourceLocation;

/// <summary>The rows of several sources one after the other (`union of a, b`, rule 18).</summary>
/// <param name="Parts">The sources.</param>
/// <param name="Names">What the file of the union calls each: the values of `part`.</param>
public sealed record UnionLocation(ImmutableArray<SourceSymbol> Parts, ImmutableArray<string> Names) : SourceLocation;

/// <summary>One row for each combination of some columns of another source (`group s by a, b { ... }`).</summary>
/// <param name="Base">Whose rows are grouped.</param>
public sealed record GroupLocation(SourceSymbol Base) : SourceLocation;

/// <summary>A query given as text, by the name of the dialect that it is written in.</summary>
public sealed record SqlLocation(ImmutableArray<SqlText> Texts) : SourceLocation;

/// <summary>SQL in the words of one dialect.</summary>
public sealed record SqlText(string Dialect, string Text, SourceSpan Span);

/// <summary>What a source's rows are.</summary>
public enum SourceNature
{
    /// <summary>Rows that describe, and say nothing about time.</summary>
    Untimed,

    /// <summary>Rows that happened at an instant (`time`).</summary>
    Events,

    /// <summary>Rows that held for a while (`valid from a to b`, rule 19).</summary>
    Validity,

    /// <summary>Rows that the author asserts not to change (`static`, rule 13).</summary>
    Static,
}

/// <summary>When rows could be read, where that is later than when they happened (rule 4).</summary>
/// <param name="At">`known at`: a column or expression; null for none.</param>
/// <param name="Within">How long after `time` a row may still arrive: so much of the source's end is not complete (rule 5); null for none.</param>
/// <param name="Delay">`delay`: how long after `time` every row can be read; null for none.</param>
/// <param name="IsPlanned">True where rows may be known before they happen (rule 65).</param>
/// <param name="Span">The first of the clauses.</param>
public sealed record SourceKnowledge(BoundExpression? At, Duration? Within, Duration? Delay, bool IsPlanned, SourceSpan Span);

/// <summary>Columns of another source beside each row (rule 15).</summary>
/// <param name="Name">How its columns are called: the source's name, or the one behind `as`.</param>
/// <param name="Target">The joined source.</param>
/// <param name="IsEach">True where several partners multiply rows on purpose.</param>
/// <param name="Ours">The columns of the row that name the partner.</param>
/// <param name="Theirs">The partner's columns, in the same order.</param>
/// <param name="Span">The clause.</param>
public sealed record SourceJoin(
    string Name, SourceSymbol Target, bool IsEach, ImmutableArray<BoundExpression> Ours, ImmutableArray<BoundExpression> Theirs, SourceSpan Span)
{
    /// <summary>True where the source's own time is a column of the joined row: both happen together.</summary>
    public bool GivesTime { get; internal set; }

    /// <summary>True where the row may lie ahead (`planned`): what holds at its instant may not be known yet.</summary>
    public bool MayLieAhead { get; internal set; }

    /// <summary>True where the row may be a cutoff that does not see its own instant (`before each`).</summary>
    public bool IsOfAnchor { get; internal set; }

    /// <summary>True where the row is the other source's row (`from s`).</summary>
    public bool IsBase { get; init; }
}

/// <summary>A source of rows.</summary>
public sealed class SourceSymbol(string name, SourceSpan span)
{
    private readonly List<ColumnSymbol> _columns = [];
    private readonly List<BoundRaw> _raw = [];
    private readonly Dictionary<string, List<ColumnSymbol>> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Where it is declared: the name.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>What it reads, bindings of the command line or project applied; null when the program names nothing.</summary>
    public SourceLocation? Location { get; internal set; }

    /// <summary>The table or file clause.</summary>
    public SourceSpan LocationSpan { get; internal set; }

    /// <summary>When a row happened, or for rows that hold for a while, from when on; null for a source without a time.</summary>
    public BoundExpression? Time { get; internal set; }

    /// <summary>For rows that hold for a while: until when, not included; null where they hold for ever.</summary>
    public BoundExpression? ValidTo { get; internal set; }

    /// <summary>What its rows are.</summary>
    public SourceNature Nature { get; internal set; }

    /// <summary>When its rows could be read; null where that is when they happened.</summary>
    public SourceKnowledge? Knowledge { get; internal set; }

    /// <summary>Of rows that agree in these columns the first known stays (rule 20); empty where every row counts.</summary>
    public ImmutableArray<BoundExpression> Key { get; internal set; } = [];

    /// <summary>Orders rows of one instant (rule 34), and says which of several static rows is last (rule 13); null for none.</summary>
    public BoundExpression? OrderBy { get; internal set; }

    /// <summary>Until when silence is knowledge (rule 5); null for the time of its last row.</summary>
    public BoundInstant? CompleteUntil { get; internal set; }

    /// <summary>True where its rows take their instant, or the time for which they hold, from the source that they are made from.</summary>
    public bool InheritsTime { get; internal set; }

    /// <summary>The time zone of the clock that says when its rows happened, by which their days are counted (rule 36); null for UTC.</summary>
    public string? Zone => Location switch
    {
        UnionLocation { Parts: var parts } => parts.All(part => part.Zone == parts[0].Zone) ? parts[0].Zone : null,
        GroupLocation { Base: var rows } when InheritsTime => rows.Zone,
        DerivedLocation { Base.Target: var rows } when InheritsTime => rows.Zone,
        _ => (Time as BoundColumn)?.Column.Zone,
    };

    /// <summary>Its joins, in the order declared.</summary>
    public ImmutableArray<SourceJoin> Joins { get; internal set; } = [];

    /// <summary>Which rows count; null for all.</summary>
    public BoundExpression? Where { get; internal set; }

    /// <summary>The entities its rows name.</summary>
    public ImmutableArray<SourceEntity> Entities { get; internal set; } = [];

    /// <summary>The columns that the program computes or uses, in the order first met.</summary>
    public IReadOnlyCollection<ColumnSymbol> Columns => _columns;

    /// <summary>What its clauses say in SQL as text; which columns that reads, nobody knows.</summary>
    public IReadOnlyCollection<BoundRaw> Raw => _raw;

    /// <summary>The types of the table's columns by name, where the schema is known; else null.</summary>
    public IReadOnlyDictionary<string, DataType>? Schema { get; internal set; }

    /// <summary>The table's columns of the type DATE, where the schema is known.</summary>
    internal HashSet<string> Dates { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True where the schema says that rows are told apart by days, not instants (rule 3).</summary>
    internal bool IsDated => TimeColumn is { } column && Dates.Contains(column.Name);

    /// <summary>True where the schema says that a row has an instant of the day.</summary>
    internal bool HasClock => TimeColumn is { } column && !Dates.Contains(column.Name) && Schema?.GetValueOrDefault(column.Name) == DataType.Instant;

    private ColumnSymbol? TimeColumn => Nature == SourceNature.Events && Time is BoundColumn { Column: { Expression: null, Joined: null } column } ? column : null;

    /// <summary>True when a part of it is not compiled, which was reported: what follows from that is not reported again.</summary>
    internal bool IsIncomplete { get; set; }

    /// <summary>The column of that name. Names ignore case, but two in backticks that differ in case are two columns (rule 53).</summary>
    internal ColumnSymbol? FindColumn(NameSyntax name) =>
        _byName.TryGetValue(name.Text, out var columns)
            ? columns.Find(column => !name.IsExact || !column.IsExact || column.Name == name.Text)
            : null;

    /// <summary>The column of a joined source; one symbol for each way to it.</summary>
    internal ColumnSymbol JoinedColumn(SourceJoin join, ColumnSymbol column, SourceSpan span, TypeRevision types)
    {
        var name = new NameSyntax(span, $"{join.Name}.{column.Name}", column.IsExact);
        if (FindColumn(name) is { } known) return known;
        var joined = new ColumnSymbol(this, name, null, types) { Joined = new JoinedColumn(join, column) };
        AddColumn(joined);
        return joined;
    }

    internal void AddRaw(BoundRaw raw) => _raw.Add(raw);

    internal void AddColumn(ColumnSymbol column)
    {
        _columns.Add(column);
        if (!_byName.TryGetValue(column.Name, out var columns)) _byName.Add(column.Name, columns = []);
        columns.Add(column);
    }
}
