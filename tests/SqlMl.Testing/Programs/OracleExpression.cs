using System.Collections.Immutable;

namespace SqlMl.Testing.Programs;

/// <summary>An expression over a row's columns, or over an entity's aggregates and vars as of a cutoff.</summary>
public abstract record OracleExpression;

/// <summary>A <see cref="decimal"/>, <see cref="string"/>, <see cref="bool"/> or null.</summary>
public sealed record LiteralExpression(object? Value) : OracleExpression;

/// <summary>A column of the row at hand; one of a joined row carries the join's name: <c>products.price</c>.</summary>
public sealed record ColumnExpression(string Name) : OracleExpression;

/// <summary>`key`, or `key.name`: a part of the entity's own key.</summary>
/// <param name="Part">Which part, from 0.</param>
/// <param name="Name">What it is called; null where the key has one part.</param>
public sealed record KeyExpression(int Part, string? Name) : OracleExpression;

/// <summary>Another var of the entity, or a member of a family, at the same cutoff.</summary>
public sealed record VarExpression(string Name) : OracleExpression;

/// <summary>`owner.name`: a var of the other entity, or a member of a family, of whom the entity is linked to.</summary>
public sealed record LinkedExpression(string Entity, string Name) : OracleExpression;

/// <summary>`anchor.column [in next ...]`: a column of the row that is the cutoff; only a label gives it a window.</summary>
public sealed record AnchorExpression(string Column, FutureWindow? Window) : OracleExpression;

/// <summary>`source.column`: the value in the entity's row of a static source, or in the row of a `valid` source that holds at the cutoff.</summary>
public sealed record StateExpression(string Source, string Column) : OracleExpression;

/// <summary>The aggregates.</summary>
public enum AggregateKind
{
    /// <summary>The number of rows, or of rows where the column is not null.</summary>
    Count,

    /// <summary>The number of different values that are not null.</summary>
    CountDistinct,

    /// <summary>Whether there is a row.</summary>
    Exists,

    /// <summary>The sum; 0 of nothing.</summary>
    Sum,

    /// <summary>The mean.</summary>
    Avg,

    /// <summary>The smallest value.</summary>
    Min,

    /// <summary>The largest value.</summary>
    Max,

    /// <summary>The value in the earliest row, or that row's instant.</summary>
    First,

    /// <summary>The value in the latest row, or that row's instant.</summary>
    Last,

    /// <summary>The value in the row with the smallest key.</summary>
    MinBy,

    /// <summary>The value in the row with the largest key.</summary>
    MaxBy,

    /// <summary>The sample's standard deviation.</summary>
    Stddev,

    /// <summary>The median, interpolated.</summary>
    Median,

    /// <summary>The value below which a share of the values lies, interpolated.</summary>
    Quantile,

    /// <summary>The most frequent value.</summary>
    Mode,

    /// <summary>The most frequent values.</summary>
    TopValues,

    /// <summary>How evenly the values are spread, in bits.</summary>
    Entropy,

    /// <summary>The share of rows in which the column is true.</summary>
    Share,

    /// <summary>The slope of the least-squares line, a day.</summary>
    Trend,

    /// <summary>The longest time between neighbouring rows, in days.</summary>
    LongestGap,

    /// <summary>The number of days with a row.</summary>
    ActiveDays,
}

/// <summary>An aggregate over the entity's rows in a source, or over its members, whose vars then stand in place of columns.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Source">Whose rows, or the entity whose members.</param>
/// <param name="Column">The column; null for rows themselves (`count`, `exists`) or their instants (`first`, `last`, `longest_gap`, `active_days`).</param>
/// <param name="By">The key column of `min_by` and `max_by`; null elsewhere.</param>
/// <param name="Where">Which rows; null for all.</param>
/// <param name="Window">When; null for all of the past.</param>
public sealed record AggregateExpression(
    AggregateKind Kind, string Source, string? Column, string? By, OracleExpression? Where, OracleWindow? Window) : OracleExpression
{
    /// <summary>The side of the rows that the entity stands on; null for any.</summary>
    public string? Side { get; init; }

    /// <summary>The constant of `quantile` and `top_values`; null elsewhere.</summary>
    public decimal? Parameter { get; init; }

    /// <summary>True for `first(s)` and `last(s)`, whose value is an instant and so never a feature by itself.</summary>
    public bool IsInstant => Kind is AggregateKind.First or AggregateKind.Last && Column is null;
}

/// <summary>When the rows of an aggregate happened, relative to the cutoff.</summary>
public abstract record OracleWindow;

/// <summary>`over length [ending g ago]`.</summary>
public sealed record PastWindow(OracleDuration Length, OracleDuration? Ending) : OracleWindow;

/// <summary>`in next length [after g]`: of labels, and of vars over planned rows.</summary>
public sealed record FutureWindow(OracleDuration Length, OracleDuration? After) : OracleWindow;

/// <summary>`days since instant`, in any unit.</summary>
public sealed record ElapsedExpression(DurationUnit Unit, OracleExpression Since) : OracleExpression
{
    /// <summary>True for the mirror, `days until instant`.</summary>
    public bool IsAhead { get; init; }
}

/// <summary>`(x) after H`: x evaluated at the instant H after the cutoff, in mode `at`.</summary>
public sealed record LaterExpression(OracleExpression Operand, OracleDuration Later) : OracleExpression;

/// <summary>`not x`.</summary>
public sealed record NotExpression(OracleExpression Operand) : OracleExpression;

/// <summary>The operators between two operands, as written.</summary>
public enum OracleOperator
{
    /// <summary>`or`.</summary>
    Or,

    /// <summary>`and`.</summary>
    And,

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

    /// <summary>`+`.</summary>
    Add,

    /// <summary>`-`.</summary>
    Subtract,

    /// <summary>`*`.</summary>
    Multiply,

    /// <summary>`/`: floating, by zero null.</summary>
    Divide,

    /// <summary>`%`: what is left of a division, with the sign of what is divided; by zero null.</summary>
    Remainder,
}

/// <summary>An operator between two operands.</summary>
public sealed record BinaryExpression(OracleExpression Left, OracleOperator Operator, OracleExpression Right) : OracleExpression;

/// <summary>`x [not] between low and high`, both ends included.</summary>
public sealed record BetweenExpression(OracleExpression Operand, OracleExpression Low, OracleExpression High, bool IsNegated) : OracleExpression;

/// <summary>`x [not] in (a, b)`.</summary>
public sealed record InExpression(OracleExpression Operand, ImmutableArray<OracleExpression> Candidates, bool IsNegated) : OracleExpression;

/// <summary>`x [not] like pattern`: `%` is any text, `_` one character, case counts.</summary>
public sealed record LikeExpression(OracleExpression Operand, string Pattern, bool IsNegated) : OracleExpression;

/// <summary>`x is [not] null`.</summary>
public sealed record IsNullExpression(OracleExpression Operand, bool IsNegated) : OracleExpression;

/// <summary>`case when ... then ... [else ...] end`; null where nothing holds and there is no else.</summary>
public sealed record CaseExpression(ImmutableArray<CaseBranch> Branches, OracleExpression? Else) : OracleExpression;

/// <summary>`when condition then value`.</summary>
public sealed record CaseBranch(OracleExpression Condition, OracleExpression Value);

/// <summary>`coalesce(a, b, ...)`: the first that is not null.</summary>
public sealed record CoalesceExpression(ImmutableArray<OracleExpression> Arguments) : OracleExpression;

/// <summary>`nullif(a, b)`: null where they are equal, else a.</summary>
public sealed record NullIfExpression(OracleExpression Value, OracleExpression Other) : OracleExpression;

/// <summary>`cutoff`: the instant of the prediction.</summary>
public sealed record CutoffExpression : OracleExpression;

/// <summary>`name(a, b, ...)`: a scalar function by its name in the language.</summary>
public sealed record CallExpression(string Function, ImmutableArray<OracleExpression> Arguments) : OracleExpression;

/// <summary>A param's name, which stands for its constant.</summary>
public sealed record ParamExpression(string Name, object Value) : OracleExpression;

/// <summary>`raw { duckdb '...' snowflake '...' }`: SQL over the row's stored columns, and what it says.</summary>
public sealed record RawExpression(string DuckDb, string Snowflake, OracleExpression Meaning) : OracleExpression;

/// <summary>`x:a.b[0]`: what lies there in a text that holds JSON, as text; null where nothing lies.</summary>
/// <param name="Operand">The text.</param>
/// <param name="Steps">The way: a <see cref="string"/> names a field, an <see cref="int"/> counts elements from 0.</param>
public sealed record PathExpression(OracleExpression Operand, ImmutableArray<object> Steps) : OracleExpression;

/// <summary>`x::type`; only texts that are numbers are cast to one.</summary>
public sealed record CastExpression(OracleExpression Operand, OracleType Type) : OracleExpression;

/// <summary>The types that values are cast to.</summary>
public enum OracleType
{
    /// <summary>`string`.</summary>
    String,

    /// <summary>`number`.</summary>
    Number,

    /// <summary>`integer`.</summary>
    Integer,
}
