using System.Collections.Immutable;

namespace SqlMl.Sql;

/// <summary>A value in SQL. Data only: how it is written is the printers' business.</summary>
public abstract record SqlExpression
{
    /// <summary>Hands the node to the printer's method for its kind; abstract, so that a node without one does not compile.</summary>
    internal abstract SqlPrecedence Accept(SqlPrinter printer);
}

/// <summary>A name of a table, column or alias.</summary>
/// <param name="Name">The name as spelled in the program.</param>
/// <param name="IsExact">True when case and signs count, so that it is always quoted as it stands.</param>
public sealed record SqlName(string Name, bool IsExact = false);

/// <summary>A column, with the table alias before it where there is one.</summary>
public sealed record SqlColumn(SqlName? Table, SqlName Name) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Column(this);
}

/// <summary>`*`, in `COUNT(*)` or a select list; with a table alias `t.*`.</summary>
public sealed record SqlStar(SqlName? Table = null) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Star(this);
}

/// <summary>A whole number.</summary>
public sealed record SqlInteger(long Value) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Integer(this);
}

/// <summary>An exact decimal constant, printed with the digits it has.</summary>
public sealed record SqlDecimal(decimal Value) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Decimal(this);
}

/// <summary>A string constant.</summary>
public sealed record SqlString(string Value) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.String(this);
}

/// <summary>TRUE or FALSE.</summary>
public sealed record SqlBoolean(bool Value) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Boolean(this);
}

/// <summary>NULL.</summary>
public sealed record SqlNull : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Null(this);
}

/// <summary>An instant in UTC with microseconds: printed as a cast ISO literal.</summary>
public sealed record SqlTimestamp(DateTime Value) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Timestamp(this);
}

/// <summary>The types a value can be cast to.</summary>
public enum SqlType
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>64-bit integers.</summary>
    BigInt,

    /// <summary>8-byte IEEE numbers.</summary>
    Double,

    /// <summary>38 digits, 9 of them behind the point: exact sums that do not depend on the order of rows.</summary>
    Decimal,

    /// <summary>38 whole digits.</summary>
    Whole,

    /// <summary>Text.</summary>
    Text,

    /// <summary>An instant in UTC without zone.</summary>
    Timestamp,

    /// <summary>A calendar day.</summary>
    Date,
}

/// <summary>A cast that fails on values of the wrong form.</summary>
public sealed record SqlCast(SqlExpression Operand, SqlType Type) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Cast(this);
}

/// <summary>
/// A value of any time-like type (date, instant with or without zone, ISO text) as an instant in UTC cut to microseconds.
/// </summary>
public sealed record SqlToUtc(SqlExpression Operand) : SqlExpression
{
    /// <summary>
    /// The zone of a clock that states no offset; null for UTC. What the clock shows twice is the later instant, and what it leaves out lies as far
    /// behind the last instant before as it says.
    /// </summary>
    public string? Zone { get; init; }

    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.ToUtc(this);
}

/// <summary>What a clock in a zone shows at an instant in UTC, as a date and time without a zone.</summary>
public sealed record SqlToZone(SqlExpression Instant, string Zone) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.ToZone(this);
}

/// <summary>The operators with two operands that both dialects share.</summary>
public enum SqlBinaryOperator
{
    /// <summary>OR.</summary>
    Or,

    /// <summary>AND.</summary>
    And,

    /// <summary>=.</summary>
    Equal,

    /// <summary>&lt;&gt;.</summary>
    NotEqual,

    /// <summary>&lt;.</summary>
    Less,

    /// <summary>&lt;=.</summary>
    LessOrEqual,

    /// <summary>&gt;.</summary>
    Greater,

    /// <summary>&gt;=.</summary>
    GreaterOrEqual,

    /// <summary>+.</summary>
    Add,

    /// <summary>-.</summary>
    Subtract,

    /// <summary>*.</summary>
    Multiply,

    /// <summary>/, always written over DOUBLE operands by the lowering.</summary>
    Divide,

    /// <summary>%, the remainder with the sign of the dividend.</summary>
    Modulo,

    /// <summary>IS NOT DISTINCT FROM: equal, or both null.</summary>
    Same,
}

/// <summary>An operator with two operands; brackets are the printer's business.</summary>
public sealed record SqlBinary(SqlExpression Left, SqlBinaryOperator Operator, SqlExpression Right) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Binary(this);
}

/// <summary>NOT.</summary>
public sealed record SqlNot(SqlExpression Operand) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Not(this);
}

/// <summary>Unary minus.</summary>
public sealed record SqlNegate(SqlExpression Operand) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Negate(this);
}

/// <summary>IS [NOT] NULL.</summary>
public sealed record SqlIsNull(SqlExpression Operand, bool IsNegated) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.IsNull(this);
}

/// <summary>[NOT] BETWEEN, both ends included.</summary>
public sealed record SqlBetween(SqlExpression Operand, SqlExpression Low, SqlExpression High, bool IsNegated) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Between(this);
}

/// <summary>[NOT] IN a list of at least one value.</summary>
public sealed record SqlIn(SqlExpression Operand, ImmutableArray<SqlExpression> Candidates, bool IsNegated) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.In(this);
}

/// <summary>[NOT] LIKE or ILIKE; the pattern has no escape character.</summary>
public sealed record SqlLike(SqlExpression Operand, SqlExpression Pattern, bool IgnoresCase, bool IsNegated) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Like(this);
}

/// <summary>One WHEN ... THEN ....</summary>
public sealed record SqlCaseBranch(SqlExpression When, SqlExpression Then);

/// <summary>A searched CASE; without ELSE it yields NULL.</summary>
public sealed record SqlCase(ImmutableArray<SqlCaseBranch> Branches, SqlExpression? Else) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Case(this);
}

/// <summary>A call of a scalar function of <see cref="SqlFunction"/>.</summary>
public sealed record SqlCall(SqlFunction Function, ImmutableArray<SqlExpression> Arguments) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Call(this);
}

/// <summary>A call of an aggregate over the rows of a group.</summary>
/// <param name="Function">Which.</param>
/// <param name="Argument">Its argument, or null for COUNT(*).</param>
public sealed record SqlAggregate(SqlAggregateFunction Function, SqlExpression? Argument) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Aggregate(this);
}

/// <summary>The value below which a share of a group's numbers lies, interpolated; nulls are skipped, null of none.</summary>
/// <param name="Argument">Of type DOUBLE.</param>
/// <param name="Share">From 0 to 1.</param>
public sealed record SqlQuantile(SqlExpression Argument, decimal Share) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Quantile(this);
}

/// <summary>
/// A 64-bit hash of a group's rows, whatever their order: equal for equal rows, and all but surely another where a row came, went or changed. Null counts as a value.
/// The hash is the dialect's own and means nothing outside it; its type may be wider than the hash.
/// </summary>
/// <param name="Columns">What is hashed of each row: at least one column.</param>
public sealed record SqlRowsHash(ImmutableArray<SqlExpression> Columns) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.RowsHash(this);
}

/// <summary>The first values of a group in an order, as an array of at most <paramref name="Count"/>.</summary>
/// <param name="Argument">Never null: the dialects differ in whether an array holds nulls.</param>
/// <param name="OrderBy">At least one key.</param>
/// <param name="Count">At least 1.</param>
public sealed record SqlFirstValues(SqlExpression Argument, ImmutableArray<SqlOrder> OrderBy, long Count) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.FirstValues(this);
}

/// <summary>The end of a window frame.</summary>
public abstract record SqlFrameBound
{
    internal abstract void Accept(SqlPrinter printer, bool isStart);
}

/// <summary>UNBOUNDED PRECEDING at the start, UNBOUNDED FOLLOWING at the end.</summary>
public sealed record SqlUnbounded : SqlFrameBound
{
    internal override void Accept(SqlPrinter printer, bool isStart) => printer.Unbounded(this, isStart);
}

/// <summary>CURRENT ROW, which in a RANGE frame includes its peers.</summary>
public sealed record SqlCurrentRow : SqlFrameBound
{
    internal override void Accept(SqlPrinter printer, bool isStart) => printer.CurrentRow(this, isStart);
}

/// <summary>A distance from the current row's order key: negative is PRECEDING, positive FOLLOWING.</summary>
public sealed record SqlOffset(long Distance) : SqlFrameBound
{
    internal override void Accept(SqlPrinter printer, bool isStart) => printer.Offset(this, isStart);
}

/// <summary>One sort key. Where nulls stand is always written out, because the dialects' defaults differ.</summary>
public sealed record SqlOrder(SqlExpression Expression, bool IsDescending, bool NullsFirst);

/// <summary>A RANGE frame (by distance in the order key) or a ROWS frame (by count of rows).</summary>
public sealed record SqlFrame(bool IsRows, SqlFrameBound Start, SqlFrameBound End);

/// <summary>An aggregate over a window.</summary>
/// <param name="Aggregate">What is computed.</param>
/// <param name="PartitionBy">May be empty.</param>
/// <param name="OrderBy">May be empty; then there is no frame.</param>
/// <param name="Frame">Always given with <paramref name="OrderBy"/>, because the dialects' defaults differ.</param>
public sealed record SqlWindowAggregate(
    SqlAggregate Aggregate, ImmutableArray<SqlExpression> PartitionBy, ImmutableArray<SqlOrder> OrderBy, SqlFrame? Frame) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.WindowAggregate(this);
}

/// <summary>ROW_NUMBER() over a window.</summary>
public sealed record SqlRowNumber(ImmutableArray<SqlExpression> PartitionBy, ImmutableArray<SqlOrder> OrderBy) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.RowNumber(this);
}

/// <summary>LAG(x) over a window: the value in the row before, null in the first.</summary>
public sealed record SqlLag(SqlExpression Argument, ImmutableArray<SqlExpression> PartitionBy, ImmutableArray<SqlOrder> OrderBy) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Lag(this);
}

/// <summary>LEAD(x) over a window: the value in the row after, null in the last.</summary>
public sealed record SqlLead(SqlExpression Argument, ImmutableArray<SqlExpression> PartitionBy, ImmutableArray<SqlOrder> OrderBy) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Lead(this);
}

/// <summary>FIRST_VALUE(x) or LAST_VALUE(x) over a window: the value in the first or last row of a frame, null where it is empty.</summary>
/// <param name="IsLast">Which row.</param>
/// <param name="Argument">The value.</param>
/// <param name="PartitionBy">May be empty.</param>
/// <param name="OrderBy">At least one key; rows of equal keys must agree in the value.</param>
/// <param name="Frame">Always given, because the dialects' defaults differ.</param>
public sealed record SqlValueAt(
    bool IsLast, SqlExpression Argument, ImmutableArray<SqlExpression> PartitionBy, ImmutableArray<SqlOrder> OrderBy, SqlFrame Frame) : SqlExpression
{
    /// <summary>True where rows with a null are passed over.</summary>
    public bool IgnoresNulls { get; init; }

    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.ValueAt(this);
}

/// <summary>
/// Columns of the first or last row of a frame, looked up together; null where the frame is empty. Stands only in a select list, with an alias;
/// <see cref="SqlLookedUp"/> reads them from there.
/// </summary>
/// <param name="IsLast">Which row.</param>
/// <param name="Columns">At least one.</param>
/// <param name="PartitionBy">May be empty.</param>
/// <param name="OrderBy">At least one key.</param>
/// <param name="Frame">Rows of equal keys must agree in the columns: which of them is taken is open.</param>
public sealed record SqlLookup(
    bool IsLast, ImmutableArray<SqlColumn> Columns, ImmutableArray<SqlExpression> PartitionBy, ImmutableArray<SqlOrder> OrderBy, SqlFrame Frame) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Lookup(this);
}

/// <summary>A column that a <see cref="SqlLookup"/> of another step found.</summary>
/// <param name="Table">The step's alias.</param>
/// <param name="Lookup">The look-up's alias there.</param>
/// <param name="Column">The column.</param>
public sealed record SqlLookedUp(SqlName Table, SqlName Lookup, SqlName Column) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.LookedUp(this);
}

/// <summary>An instant moved by an exact length of time; the length is a constant in microseconds, negative for earlier.</summary>
public sealed record SqlShift(SqlExpression Instant, long Microseconds) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Shift(this);
}

/// <summary>An instant moved by calendar months, clamped to the month's last day; the number of months may be an expression.</summary>
public sealed record SqlShiftMonths(SqlExpression Instant, SqlExpression Months) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.ShiftMonths(this);
}

/// <summary>An instant moved by a whole number of steps of constant length: instant + count * step microseconds.</summary>
public sealed record SqlShiftSteps(SqlExpression Instant, SqlExpression Count, long StepMicroseconds) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.ShiftSteps(this);
}

/// <summary>What lies at the end of a path into a semi-structured value, as text; NULL where there is nothing, or a JSON null.</summary>
public sealed record SqlPath(SqlExpression Operand, ImmutableArray<SqlPathStep> Steps) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Path(this);
}

/// <summary>A step of a path: the field of an object, whose name is exact, or, where that is null, the element of an array, counted from 0.</summary>
public sealed record SqlPathStep(string? Field, long Index);

/// <summary>SQL that the program gave for this dialect, printed as it stands in brackets.</summary>
public sealed record SqlRaw(string Text) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.Raw(this);
}

/// <summary>The one value of a query that yields one row of one column.</summary>
public sealed record SqlScalarQuery(SqlQuery Query) : SqlExpression
{
    internal override SqlPrecedence Accept(SqlPrinter printer) => printer.ScalarQuery(this);
}
