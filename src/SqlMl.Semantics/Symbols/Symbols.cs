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

/// <summary>A column of a source: one that the table has, or one that the program computes from its row.</summary>
public sealed class ColumnSymbol
{
    private readonly TypeMemo? _computed;
    private DataType _usedType;

    internal ColumnSymbol(SourceSymbol source, NameSyntax name, BoundExpression? expression, TypeRevision revision)
    {
        (Source, Name, IsExact, Span, Expression, Revision) = (source, name.Text, name.IsExact, name.Span, expression, revision);
        _computed = expression is null ? null : new TypeMemo(expression, revision);
    }

    /// <summary>The source whose rows have it.</summary>
    public SourceSymbol Source { get; }

    /// <summary>Its name as first written.</summary>
    public string Name { get; }

    /// <summary>True for a name in backticks.</summary>
    public bool IsExact { get; }

    /// <summary>Where it was first named or declared.</summary>
    public SourceSpan Span { get; }

    /// <summary>For `column name = ...`: how it is computed; null for a column of the table.</summary>
    public BoundExpression? Expression { get; }

    private TypeRevision Revision { get; }

    /// <summary>
    /// Its type as the program uses it; unknown while no use has typed it. Only this type shapes the SQL, so that knowing the schema
    /// never changes it (rule 59).
    /// </summary>
    public DataType UsedType => _computed?.UsedType ?? _usedType;

    /// <summary>The use that typed it.</summary>
    public SourceSpan TypedAt { get; private set; }

    /// <summary>Its type in the schema, where that is known.</summary>
    public DataType SchemaType { get; internal init; }

    /// <summary>The best that is known of its type.</summary>
    public DataType Type => _computed?.Type ?? (_usedType != DataType.Unknown ? _usedType : SchemaType);

    internal void Use(DataType type, SourceSpan span)
    {
        // An integer that is later used as a number becomes a number; every other first use stands.
        if (_usedType != DataType.Unknown && !(_usedType == DataType.Integer && type == DataType.Number)) return;
        (_usedType, TypedAt) = (type, span);
        Revision.Advance();
    }
}

/// <summary>How the rows of a source name an entity: one column a key part.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Columns">The key columns, in the order of the entity's key.</param>
/// <param name="Span">The clause.</param>
public sealed record SourceEntity(EntitySymbol Entity, ImmutableArray<BoundExpression> Columns, SourceSpan Span);

/// <summary>A source of rows.</summary>
public sealed class SourceSymbol(string name, SourceSpan span)
{
    private readonly List<ColumnSymbol> _columns = [];
    private readonly Dictionary<string, List<ColumnSymbol>> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Where it is declared: the name.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>What it reads, bindings of the command line or project applied; null when the program names nothing.</summary>
    public SourceLocation? Location { get; internal set; }

    /// <summary>The table or file clause.</summary>
    public SourceSpan LocationSpan { get; internal set; }

    /// <summary>When a row happened; null for a source without a time.</summary>
    public BoundExpression? Time { get; internal set; }

    /// <summary>Which rows count; null for all.</summary>
    public BoundExpression? Where { get; internal set; }

    /// <summary>The entities its rows name.</summary>
    public ImmutableArray<SourceEntity> Entities { get; internal set; } = [];

    /// <summary>The columns that the program computes or uses, in the order first met.</summary>
    public IReadOnlyCollection<ColumnSymbol> Columns => _columns;

    /// <summary>The types of the table's columns by name, where the schema is known; else null.</summary>
    public IReadOnlyDictionary<string, DataType>? Schema { get; internal set; }

    /// <summary>True when a part of it is not compiled, which was reported: what follows from that is not reported again.</summary>
    internal bool IsIncomplete { get; set; }

    /// <summary>The column of that name. Names ignore case, but two in backticks that differ in case are two columns (rule 53).</summary>
    internal ColumnSymbol? FindColumn(NameSyntax name) =>
        _byName.TryGetValue(name.Text, out var columns)
            ? columns.Find(column => !name.IsExact || !column.IsExact || column.Name == name.Text)
            : null;

    internal void AddColumn(ColumnSymbol column)
    {
        _columns.Add(column);
        if (!_byName.TryGetValue(column.Name, out var columns)) _byName.Add(column.Name, columns = []);
        columns.Add(column);
    }
}

/// <summary>An entity: what predictions are made for.</summary>
public sealed class EntitySymbol(string name, SourceSpan span)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Where it is declared: the name.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>The names of its key columns, as the first source that names it calls them.</summary>
    public ImmutableArray<string> Keys { get; internal set; } = [];
}

/// <summary>A var: one value for an entity as of the cutoff.</summary>
public sealed class VarSymbol
{
    private readonly TypeRevision _revision;
    private TypeMemo _types = null!;

    internal VarSymbol(EntitySymbol entity, string name, SourceSpan span, TypeRevision revision) =>
        (Entity, Name, Span, _revision) = (entity, name, span, revision);

    /// <summary>The entity it describes.</summary>
    public EntitySymbol Entity { get; }

    /// <summary>Its name; for a member of a window family with the window's suffix.</summary>
    public string Name { get; }

    /// <summary>Where it is declared: the name.</summary>
    public SourceSpan Span { get; }

    /// <summary>True for a var declared inside a prediction.</summary>
    public bool IsModelVar { get; internal init; }

    /// <summary>The family it belongs to, or null.</summary>
    public string? Family { get; internal init; }

    /// <summary>Its description, or null.</summary>
    public string? Description { get; internal init; }

    /// <summary>Its definition as written.</summary>
    public SourceSpan DefinitionSpan { get; internal init; }

    /// <summary>What it computes, its default included.</summary>
    public BoundExpression Expression { get; private set; } = null!;

    /// <summary>Its type; unknown as long as no use and no schema has typed the columns it comes from.</summary>
    public DataType Type => _types.Type;

    /// <summary>The type that the program alone gives it, whatever the schema says (rule 59).</summary>
    public DataType UsedType => _types.UsedType;

    /// <summary>What it reads, relative to the cutoff; kept, so that chains of vars stay linear.</summary>
    public TimeInterval Interval { get; private set; } = TimeInterval.None;

    /// <summary>1 for what reads no other var, else one more than the deepest var it reads.</summary>
    internal int Depth { get; private set; }

    internal void Define(BoundExpression expression)
    {
        Expression = expression;
        Interval = expression.Interval;
        Depth = 1 + DepthRead(expression);
        _types = new TypeMemo(expression, _revision);
    }

    private static int DepthRead(BoundExpression expression)
    {
        var depth = expression is BoundVar { Var: var read } ? read.Depth : 0;
        foreach (var child in expression.Children) depth = Math.Max(depth, DepthRead(child));
        return depth;
    }
}
