using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>An entity: what predictions are made for.</summary>
public sealed class EntitySymbol(string name, SourceSpan span)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Where it is declared: the name.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>The names of its key columns, as the first source that names it without sides calls them; with sides alone, the entity's own name.</summary>
    public ImmutableArray<string> Keys { get; internal set; } = [];

    /// <summary>Who there is, and from when on, where the program declares it; null for every key seen in a source (rule 10).</summary>
    public EntityPopulation? Population { get; internal set; }

    /// <summary>The columns of the first source that names it: they type its key.</summary>
    internal ImmutableArray<BoundExpression> KeyColumns { get; set; } = [];
}

/// <summary>`entity e from s by k [since c]`: the entities that there are, and from when on.</summary>
/// <param name="Source">Whose rows declare them; it names the entity by its key.</param>
/// <param name="Since">From when on the entity of a row exists; null for the row's own time, and for always where rows never change.</param>
/// <param name="Span">Where it is declared.</param>
public sealed record EntityPopulation(SourceSymbol Source, BoundExpression? Since, SourceSpan Span);

/// <summary>A column of a pivot that learns its values (rule 39): what it is called once they are known.</summary>
/// <param name="Pivot">The pivot; each window of a family is one of its own.</param>
/// <param name="Count">How many values it learns at most.</param>
/// <param name="Rank">Which of them the column is for, from 1; null for `_other` and `_null`.</param>
/// <param name="Head">What stands before the value's name.</param>
/// <param name="Tail">What stands behind it.</param>
public sealed record LearnedColumn(string Pivot, int Count, int? Rank, string Head, string Tail);

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

    /// <summary>Which column of a pivot that learns its values it is; null for any other var. Such a var is a feature, and no expression reads it.</summary>
    public LearnedColumn? Learned { get; internal init; }

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
