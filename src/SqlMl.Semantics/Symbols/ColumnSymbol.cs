using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics;

/// <summary>A column of a source: one that the table has, or one that the program computes from its row.</summary>
public sealed class ColumnSymbol
{
    private readonly TypeMemo? _computed;
    private DataType _usedType;
    private bool? _isLate;
    private bool? _changesWithAnchor;

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

    /// <summary>For a column of a joined source: through which join, and which column there; null for a column of the source itself.</summary>
    public JoinedColumn? Joined { get; internal init; }

    /// <summary>For a column of a union: the column of each part, null where the part lacks it; else empty.</summary>
    public ImmutableArray<ColumnSymbol?> Parts { get; internal init; } = [];

    /// <summary>True for the column of a union that holds the name of the part that a row comes from.</summary>
    public bool IsPartName { get; internal init; }

    /// <summary>For a column of a grouped source: the aggregate, or the column that is grouped by, over the rows that are grouped; else null.</summary>
    public BoundExpression? Grouped { get; internal init; }

    /// <summary>When its value became known, where that is later than the row (rule 17); null for a column that was known with its row.</summary>
    public LateColumns? Late { get; internal set; }

    /// <summary>The time zone of its clock, for values that state no offset (rule 2); null for UTC.</summary>
    public string? Zone { get; internal set; }

    /// <summary>
    /// True when its value may have become known after its row: a late column, one of a joined row that may be later, or one computed from such.
    /// It is then read as of an instant, and only there.
    /// </summary>
    public bool IsLate => _isLate ??= Late is not null || (Joined?.IsLate ?? false) || Parts.Any(part => part is { IsLate: true }) || (Expression is not null && ReadsLate(Expression));

    /// <summary>
    /// True where a state beside the row may begin in the row's own instant, while a cutoff before the row knows the state that held until then
    /// (rule 7): the anchor's column reads that one. For a cutoff that comes later they are the same.
    /// </summary>
    public bool ChangesWithAnchor => _changesWithAnchor ??=
        (Joined?.ChangesWithAnchor ?? false) || Parts.Any(part => part is { ChangesWithAnchor: true }) || (Expression is not null && ReadsChanging(Expression));

    private TypeRevision Revision { get; }

    /// <summary>True when an expression over a row reads a late column.</summary>
    internal static bool ReadsLate(BoundExpression expression) =>
        expression is BoundColumn { Column: var column } ? column.IsLate : expression.Children.Any(ReadsLate);

    private static bool ReadsChanging(BoundExpression expression) =>
        expression is BoundColumn { Column: var column } ? column.ChangesWithAnchor : expression.Children.Any(ReadsChanging);

    /// <summary>
    /// Its type as the program uses it; unknown while no use has typed it. Only this type shapes the SQL, so that knowing the schema
    /// never changes it (rule 59).
    /// </summary>
    public DataType UsedType => IsPartName ? DataType.String : _computed?.UsedType ?? Joined?.Column.UsedType ?? Grouped?.UsedType ?? (Parts.IsEmpty ? _usedType : OfParts(part => part.UsedType));

    /// <summary>The use that typed it.</summary>
    public SourceSpan TypedAt { get; private set; }

    /// <summary>Its type in the schema, where that is known.</summary>
    public DataType SchemaType { get; internal init; }

    /// <summary>The best that is known of its type.</summary>
    public DataType Type => IsPartName ? DataType.String : _computed?.Type ?? Joined?.Column.Type ?? Grouped?.Type ?? (!Parts.IsEmpty ? OfParts(part => part.Type) : _usedType != DataType.Unknown ? _usedType : SchemaType);

    private DataType OfParts(Func<ColumnSymbol, DataType> typeOf)
    {
        var common = DataType.Unknown;
        foreach (var part in Parts)
        {
            var type = part is null ? DataType.Unknown : typeOf(part);
            if (common.IsOpen()) common = type;
            else if (!type.IsOpen()) common = DataTypes.Unify(common, type) ?? common;
        }
        return common;
    }

    internal void Use(DataType type, SourceSpan span)
    {
        if (Joined is not null)
        {
            Joined.Column.Use(type, span);
            return;
        }
        if (!Parts.IsEmpty)
        {
            foreach (var part in Parts) part?.Use(type, span);
            return;
        }
        if (Grouped is BoundColumn grouped)
        {
            grouped.Column.Use(type, span);
            return;
        }
        // An integer that is later used as a number becomes a number; every other first use stands.
        if (_usedType != DataType.Unknown && !(_usedType == DataType.Integer && type == DataType.Number)) return;
        (_usedType, TypedAt) = (type, span);
        Revision.Advance();
    }
}

/// <summary>Columns that are written after their row (`late a, b at x`).</summary>
/// <param name="At">The column or expression that says when; null where it is never known to features.</param>
/// <param name="Span">The clause.</param>
public sealed record LateColumns(BoundExpression? At, SourceSpan Span);

/// <summary>A column of a joined source.</summary>
/// <param name="Join">The join of the source that reads it.</param>
/// <param name="Column">The column over there, which may itself lie behind a join.</param>
public sealed record JoinedColumn(SourceJoin Join, ColumnSymbol Column)
{
    /// <summary>True where the joined row, or the column in it, may be known later than the row that joins it (rule 16).</summary>
    public bool IsLate => Column.IsLate || (!Join.IsBase && IsPartnerLate);

    /// <summary>True where the state behind the join may begin in the row's own instant; a row that takes its time from the partner happens with it.</summary>
    public bool ChangesWithAnchor =>
        Join.IsBase || Join.GivesTime ? Column.ChangesWithAnchor : Join.IsOfAnchor && Join.Target.Nature == SourceNature.Validity;

    private bool IsPartnerLate => Join.Target.Knowledge is not null || (Join.Target.Nature == SourceNature.Events && !Join.GivesTime) ||
        (Join.Target.Nature == SourceNature.Validity && Join.MayLieAhead);
}
