using System.Collections.Immutable;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>A value in a plan: free of names that need resolving, and of types that are still open.</summary>
public abstract record LogicalExpression
{
    /// <summary>Its operands, in order.</summary>
    public virtual ImmutableArray<LogicalExpression> Children => [];
}

/// <summary>A constant: null, bool, long, decimal, string, or a UTC instant.</summary>
public sealed record LogicalConstant(object? Value) : LogicalExpression;

/// <summary>A column of the source's row.</summary>
public sealed record LogicalColumn(string Name, bool IsExact) : LogicalExpression
{
    /// <summary>The join of the source through which it is read; null for a column of the source itself.</summary>
    public string? Join { get; init; }

    /// <summary>Its name as written, its join's before it.</summary>
    public string Path => Join is null ? Name : $"{Join}.{Name}";
}

/// <summary>A part of the key of the entity that is predicted for, by the name that the tables give it.</summary>
public sealed record LogicalKey(string Name) : LogicalExpression;

/// <summary>A column of the row that is the cutoff.</summary>
/// <param name="Column">The column of the anchor's source.</param>
/// <param name="IsInLabel">True for a late column in a label: it is read as known at the window's end.</param>
/// <param name="Window">That window; null for whenever it is known.</param>
public sealed record LogicalAnchor(LogicalColumn Column, bool IsInLabel, LogicalWindow? Window) : LogicalExpression
{
    /// <summary>True where a state beside the row is read as it held the moment before the row (rule 7).</summary>
    public bool IsAsBefore { get; init; }
}

/// <summary>A value that a pivot learned, as text; null where it learned fewer.</summary>
/// <param name="Pivot">Which pivot.</param>
/// <param name="Rank">Which of its values, from 1.</param>
public sealed record LogicalLearned(string Pivot, int Rank) : LogicalExpression
{
    /// <summary>True for an expression that reads what some pivot learned.</summary>
    public static bool IsReadBy(LogicalExpression expression)
    {
        if (expression is LogicalLearned) return true;
        foreach (var child in expression.Children)
        {
            if (IsReadBy(child)) return true;
        }
        return false;
    }
}

/// <summary>A value computed earlier for the same cutoff: an aggregate's slot or a var.</summary>
public sealed record LogicalValue(string Name) : LogicalExpression;

/// <summary>The cutoff.</summary>
public sealed record LogicalCutoff : LogicalExpression;

/// <summary>The operators of a plan.</summary>
public enum LogicalOperator
{
    /// <summary>True when one operand is; three-valued.</summary>
    Or,

    /// <summary>True when all operands are; three-valued.</summary>
    And,

    /// <summary>The opposite.</summary>
    Not,

    /// <summary>Equal.</summary>
    Equal,

    /// <summary>Different.</summary>
    NotEqual,

    /// <summary>Less.</summary>
    Less,

    /// <summary>Less or equal.</summary>
    LessOrEqual,

    /// <summary>Greater.</summary>
    Greater,

    /// <summary>Greater or equal.</summary>
    GreaterOrEqual,

    /// <summary>Operand, low, high; both ends included.</summary>
    Between,

    /// <summary>Operand, then candidates.</summary>
    In,

    /// <summary>Operand, pattern.</summary>
    Like,

    /// <summary>Operand, pattern; case ignored.</summary>
    ILike,

    /// <summary>Is null.</summary>
    IsNull,

    /// <summary>Sum.</summary>
    Add,

    /// <summary>Difference.</summary>
    Subtract,

    /// <summary>Product.</summary>
    Multiply,

    /// <summary>Floating quotient, null by zero; the operands are numbers.</summary>
    Divide,

    /// <summary>Remainder, null by zero.</summary>
    Modulo,

    /// <summary>Unary minus.</summary>
    Negate,
}

/// <summary>An operator applied to operands.</summary>
public sealed record LogicalOperation(LogicalOperator Operator, ImmutableArray<LogicalExpression> Operands) : LogicalExpression
{
    /// <inheritdoc />
    public override ImmutableArray<LogicalExpression> Children => Operands;
}

/// <summary>A branch of a case.</summary>
public sealed record LogicalBranch(LogicalExpression When, LogicalExpression Then);

/// <summary>A searched case; without else it is null.</summary>
public sealed record LogicalCase(ImmutableArray<LogicalBranch> Branches, LogicalExpression? Else) : LogicalExpression
{
    /// <inheritdoc />
    public override ImmutableArray<LogicalExpression> Children =>
        [.. Branches.SelectMany(branch => new[] { branch.When, branch.Then }), .. Else is null ? [] : new[] { Else }];
}

/// <summary>A scalar function of the language's catalogue, by name.</summary>
public sealed record LogicalFunction(string Name, ImmutableArray<LogicalExpression> Arguments) : LogicalExpression
{
    /// <inheritdoc />
    public override ImmutableArray<LogicalExpression> Children => Arguments;
}

/// <summary>A cast.</summary>
public sealed record LogicalCast(LogicalExpression Operand, DataType Type) : LogicalExpression
{
    /// <inheritdoc />
    public override ImmutableArray<LogicalExpression> Children => [Operand];
}

/// <summary>What lies at the end of a path into a semi-structured value, as text.</summary>
public sealed record LogicalPath(LogicalExpression Operand, ImmutableArray<PathStep> Steps) : LogicalExpression
{
    /// <inheritdoc />
    public override ImmutableArray<LogicalExpression> Children => [Operand];
}

/// <summary>The instant at which a clock in a time zone shows a value; what states an offset means that (rule 2).</summary>
public sealed record LogicalClock(LogicalExpression Operand, string Zone) : LogicalExpression
{
    /// <inheritdoc />
    public override ImmutableArray<LogicalExpression> Children => [Operand];
}

/// <summary>SQL over a row of a source's table, by dialect.</summary>
public sealed record LogicalRaw(ImmutableArray<SqlText> Texts) : LogicalExpression;

/// <summary>An instant moved by a duration.</summary>
public sealed record LogicalShift(LogicalExpression Operand, Duration Duration, bool IsEarlier) : LogicalExpression
{
    /// <inheritdoc />
    public override ImmutableArray<LogicalExpression> Children => [Operand];
}

/// <summary>The time from an instant to the cutoff, or the other way round, in units of a length, as a number.</summary>
public sealed record LogicalElapsed(LogicalExpression Operand, Duration Unit, bool IsUntil) : LogicalExpression
{
    /// <summary>By how much the cutoff is moved first; null for the cutoff itself.</summary>
    public Duration? Later { get; init; }

    /// <inheritdoc />
    public override ImmutableArray<LogicalExpression> Children => [Operand];
}
