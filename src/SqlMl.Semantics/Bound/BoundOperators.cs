using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>The operators of expressions.</summary>
public enum BoundOperator
{
    /// <summary>`or`.</summary>
    Or,

    /// <summary>`and`.</summary>
    And,

    /// <summary>`not`.</summary>
    Not,

    /// <summary>`=`.</summary>
    Equal,

    /// <summary>`&lt;&gt;`.</summary>
    NotEqual,

    /// <summary>`&lt;`.</summary>
    Less,

    /// <summary>`&lt;=`.</summary>
    LessOrEqual,

    /// <summary>`&gt;`.</summary>
    Greater,

    /// <summary>`&gt;=`.</summary>
    GreaterOrEqual,

    /// <summary>`between`: operand, low, high.</summary>
    Between,

    /// <summary>`in`: operand, then the candidates.</summary>
    In,

    /// <summary>`like`: operand, pattern.</summary>
    Like,

    /// <summary>`ilike`: operand, pattern.</summary>
    ILike,

    /// <summary>`is null`.</summary>
    IsNull,

    /// <summary>`+` of numbers.</summary>
    Add,

    /// <summary>`-` of numbers.</summary>
    Subtract,

    /// <summary>`*`.</summary>
    Multiply,

    /// <summary>`/`: floating, by zero null (rule 60).</summary>
    Divide,

    /// <summary>`%`: by zero null.</summary>
    Modulo,

    /// <summary>Unary minus.</summary>
    Negate,

    /// <summary>An instant plus a duration.</summary>
    Later,

    /// <summary>An instant minus a duration.</summary>
    Earlier,
}

/// <summary>An operator applied to its operands.</summary>
public sealed record BoundOperation(SourceSpan Span, BoundOperator Operator, ImmutableArray<BoundExpression> Operands) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => Result(operand => operand.Type);

    /// <inheritdoc />
    public override DataType UsedType => Result(operand => operand.UsedType);

    /// <inheritdoc />
    public override ImmutableArray<BoundExpression> Children => Operands;

    private DataType Result(Func<BoundExpression, DataType> typeOf) => Operator switch
    {
        BoundOperator.Divide => DataType.Number,
        BoundOperator.Later or BoundOperator.Earlier => DataType.Instant,
        BoundOperator.Add or BoundOperator.Subtract or BoundOperator.Multiply or BoundOperator.Modulo or BoundOperator.Negate =>
            Operands.All(operand => typeOf(operand) == DataType.Integer) ? DataType.Integer : DataType.Number,
        _ => DataType.Boolean,
    };
}

/// <summary>One branch of a case: a condition and a value.</summary>
public sealed record BoundBranch(BoundExpression When, BoundExpression Then);

/// <summary>A searched case; without else it is null.</summary>
public sealed record BoundCase(SourceSpan Span, ImmutableArray<BoundBranch> Branches, BoundExpression? Else) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => BoundTypes.Common(Values, value => value.Type);

    /// <inheritdoc />
    public override DataType UsedType => BoundTypes.Common(Values, value => value.UsedType);

    /// <inheritdoc />
    public override ImmutableArray<BoundExpression> Children =>
        [.. Branches.Select(branch => branch.When), .. Values];

    /// <summary>The values it can have.</summary>
    public IEnumerable<BoundExpression> Values =>
        Else is null ? Branches.Select(branch => branch.Then) : Branches.Select(branch => branch.Then).Append(Else);
}

/// <summary>A cast to another type; a value of the wrong form ends the run.</summary>
public sealed record BoundCast(SourceSpan Span, BoundExpression Operand, DataType Target) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => Target;

    /// <inheritdoc />
    public override DataType UsedType => Target;

    /// <inheritdoc />
    public override ImmutableArray<BoundExpression> Children => [Operand];
}

/// <summary>What lies at the end of a path into a semi-structured value, as text; null where there is nothing, or a JSON null.</summary>
/// <param name="Span">The whole path.</param>
/// <param name="Operand">The semi-structured value.</param>
/// <param name="Steps">The steps from it on.</param>
public sealed record BoundPath(SourceSpan Span, BoundExpression Operand, ImmutableArray<PathStep> Steps) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => DataType.String;

    /// <inheritdoc />
    public override DataType UsedType => DataType.String;

    /// <inheritdoc />
    public override ImmutableArray<BoundExpression> Children => [Operand];
}

/// <summary>SQL over a row of a source's table, given for each dialect; its type is what a cast says.</summary>
public sealed record BoundRaw(SourceSpan Span, ImmutableArray<SqlText> Texts) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => DataType.Unknown;

    /// <inheritdoc />
    public override DataType UsedType => DataType.Unknown;
}

/// <summary>What stands where an expression could not be understood; it was reported, and fits every type so that nothing is reported twice.</summary>
public sealed record BoundMistake(SourceSpan Span) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => DataType.Null;

    /// <inheritdoc />
    public override DataType UsedType => DataType.Null;
}

internal static class BoundTypes
{
    /// <summary>The type that all can have; unknown where there is none, which the binder has reported.</summary>
    internal static DataType Common(IEnumerable<BoundExpression> values, Func<BoundExpression, DataType> typeOf)
    {
        DataType? common = DataType.Null;
        foreach (var value in values) common = common is null ? null : DataTypes.Unify(common.Value, typeOf(value));
        return common ?? DataType.Unknown;
    }
}
