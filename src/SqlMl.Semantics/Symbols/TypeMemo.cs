using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>Counts how often a use has typed a column of the program: types computed before may then have changed.</summary>
internal sealed class TypeRevision
{
    internal int Number { get; private set; }

    internal void Advance() => Number++;
}

/// <summary>
/// An expression's types, computed once a revision. Vars and computed columns read one another; without this, a chain in which each reads
/// two others would cost time that doubles with every link.
/// </summary>
internal sealed class TypeMemo(BoundExpression expression, TypeRevision revision)
{
    private int _revision = -1;
    private (DataType Type, DataType UsedType) _types;

    internal DataType Type => Current.Type;

    internal DataType UsedType => Current.UsedType;

    private (DataType Type, DataType UsedType) Current
    {
        get
        {
            if (_revision != revision.Number) (_types, _revision) = ((expression.Type, expression.UsedType), revision.Number);
            return _types;
        }
    }
}
