using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>Where a source's rows lie.</summary>
public abstract record SourceLocation;

/// <summary>A table, its name's parts from database to table; a part in backticks is exact.</summary>
public sealed record TableLocation(ImmutableArray<(string Name, bool IsExact)> Path) : SourceLocation;

/// <summary>A local file or glob.</summary>
public sealed record FileLocation(string Path) : SourceLocation;

/// <summary>A column of a source: one that the table has, or one that the program computes from its row.</summary>
public sealed class ColumnSymbol(SourceSymbol source, string name, bool isExact, SourceSpan span)
{
    /// <summary>The source whose rows have it.</summary>
    public SourceSymbol Source { get; } = source;

    /// <summary>Its name as first written.</summary>
    public string Name { get; } = name;

    /// <summary>True for a name in backticks.</summary>
    public bool IsExact { get; } = isExact;

    /// <summary>Where it was first named or declared.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>For `column name = ...`: how it is computed; null for a column of the table.</summary>
    public BoundExpression? Expression { get; internal set; }

    /// <summary>
    /// Its type as the program uses it; unknown while no use has typed it. Only this type shapes the SQL, so that knowing the schema
    /// never changes it (rule 59).
    /// </summary>
    public DataType UsedType { get; private set; }

    /// <summary>The use that typed it.</summary>
    public SourceSpan TypedAt { get; private set; }

    /// <summary>Its type in the schema, where that is known.</summary>
    public DataType SchemaType { get; internal set; }

    /// <summary>The best that is known of its type.</summary>
    public DataType Type => Expression?.Type ?? (UsedType != DataType.Unknown ? UsedType : SchemaType);

    internal void Use(DataType type, SourceSpan span)
    {
        // An integer that is later used as a number becomes a number; every other first use stands.
        if (UsedType != DataType.Unknown && !(UsedType == DataType.Integer && type == DataType.Number)) return;
        UsedType = type;
        TypedAt = span;
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
    private readonly Dictionary<string, ColumnSymbol> _columns = new(StringComparer.OrdinalIgnoreCase);

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
    public IReadOnlyCollection<ColumnSymbol> Columns => _columns.Values;

    /// <summary>The names of the table's columns, where the schema is known; else null.</summary>
    public IReadOnlyDictionary<string, DataType>? Schema { get; internal set; }

    internal ColumnSymbol? FindColumn(string name) => _columns.GetValueOrDefault(name);

    internal void AddColumn(ColumnSymbol column) => _columns.Add(column.Name, column);
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
public sealed class VarSymbol(EntitySymbol entity, string name, SourceSpan span)
{
    /// <summary>The entity it describes.</summary>
    public EntitySymbol Entity { get; } = entity;

    /// <summary>Its name; for a member of a window family with the window's suffix.</summary>
    public string Name { get; } = name;

    /// <summary>Where it is declared: the name.</summary>
    public SourceSpan Span { get; } = span;

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

    /// <summary>What it reads, relative to the cutoff; kept, so that chains of vars stay linear.</summary>
    public TimeInterval Interval { get; private set; } = TimeInterval.None;

    internal void Define(BoundExpression expression)
    {
        Expression = expression;
        Interval = expression.Interval;
    }
}
