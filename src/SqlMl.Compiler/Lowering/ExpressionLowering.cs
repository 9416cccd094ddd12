using SqlMl.Language.Collections;
using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Lowers plan expressions to SQL.</summary>
/// <param name="leaf">What a column, a value or the cutoff is at this place.</param>
internal sealed class ExpressionLowering(Func<LogicalExpression, SqlExpression> leaf)
{
    internal SqlExpression Lower(LogicalExpression expression) => expression switch
    {
        LogicalConstant constant => Constant(constant.Value),
        LogicalColumn or LogicalValue or LogicalKey or LogicalCutoff or LogicalAnchor or LogicalLearned or LogicalRaw => leaf(expression),
        LogicalPath path => new SqlPath(Lower(path.Operand), path.Steps.SelectAsArray(step => new SqlPathStep(step.Field, step.Index))),
        LogicalClock clock => new SqlToUtc(Lower(clock.Operand)) { Zone = clock.Zone },
        LogicalOperation operation => LowerOperation(operation),
        LogicalCase choice => new SqlCase(
            choice.Branches.SelectAsArray(branch => new SqlCaseBranch(Lower(branch.When), Lower(branch.Then))),
            choice.Else is null ? null : Lower(choice.Else)),
        LogicalFunction function => LowerFunction(function),
        LogicalCast cast => LowerCast(cast),
        LogicalShift shift => Lower(shift.Operand).Shift(shift.Duration, shift.IsEarlier),
        LogicalElapsed { Unit.IsCalendar: true } steps => CalendarElapsed(steps),
        LogicalElapsed { IsUntil: true } ahead => Elapsed(Cutoff(ahead), Lower(ahead.Operand), ahead.Unit.Microseconds),
        LogicalElapsed elapsed => Elapsed(Lower(elapsed.Operand), Cutoff(elapsed), elapsed.Unit.Microseconds),
        _ => throw new InvalidOperationException($"No SQL for {expression.GetType().Name}."),
    };

    /// <summary>The SQL of every scalar function of the language's catalogue; a test holds both lists against each other.</summary>
    internal static IReadOnlyDictionary<string, SqlFunction> Functions { get; } = new Dictionary<string, SqlFunction>
    {
        ["coalesce"] = SqlFunction.Coalesce,
        ["nullif"] = SqlFunction.NullIf,
        ["greatest"] = SqlFunction.Greatest,
        ["least"] = SqlFunction.Least,
        ["abs"] = SqlFunction.Abs,
        ["sign"] = SqlFunction.Sign,
        ["round"] = SqlFunction.Round,
        ["floor"] = SqlFunction.Floor,
        ["ceil"] = SqlFunction.Ceil,
        ["ln"] = SqlFunction.Ln,
        ["exp"] = SqlFunction.Exp,
        ["sqrt"] = SqlFunction.Sqrt,
        ["power"] = SqlFunction.Power,
        ["lower"] = SqlFunction.Lower,
        ["upper"] = SqlFunction.Upper,
        ["length"] = SqlFunction.Length,
        ["trim"] = SqlFunction.Trim,
        ["substring"] = SqlFunction.Substring,
        ["replace"] = SqlFunction.Replace,
        ["concat"] = SqlFunction.Concat,
        ["contains"] = SqlFunction.Contains,
        ["starts_with"] = SqlFunction.StartsWith,
        ["ends_with"] = SqlFunction.EndsWith,
        ["year_of"] = SqlFunction.YearOf,
        ["month_of"] = SqlFunction.MonthOf,
        ["day_of"] = SqlFunction.DayOf,
        ["hour_of"] = SqlFunction.HourOf,
        ["minute_of"] = SqlFunction.MinuteOf,
        ["dayofweekiso"] = SqlFunction.IsoWeekdayOf,
        ["start_of_day"] = SqlFunction.StartOfDay,
        ["start_of_hour"] = SqlFunction.StartOfHour,
        ["to_timestamp"] = SqlFunction.FromEpochSeconds,
        ["days_between"] = SqlFunction.MicrosecondsBetween,
    };

    internal static SqlExpression Constant(object? value) => value switch
    {
        null => new SqlNull(),
        bool truth => new SqlBoolean(truth),
        string text => new SqlString(text),
        long whole => new SqlInteger(whole),
        decimal number => new SqlDecimal(number),
        DateTime instant => new SqlTimestamp(instant),
        _ => throw new InvalidOperationException($"No SQL for a constant of type {value.GetType().Name}."),
    };

    private SqlExpression LowerOperation(LogicalOperation operation)
    {
        var operands = operation.Operands.SelectAsArray(Lower);
        return operation.Operator switch
        {
            LogicalOperator.And => AllOf(operands),
            LogicalOperator.Or => AnyOf(operands),
            LogicalOperator.Not => LowerNot(operands[0]),
            LogicalOperator.Negate => new SqlNegate(operands[0]),
            LogicalOperator.Between => new SqlBetween(operands[0], operands[1], operands[2], IsNegated: false),
            LogicalOperator.In => new SqlIn(operands[0], operands[1..], IsNegated: false),
            LogicalOperator.Like => new SqlLike(operands[0], operands[1], IgnoresCase: false, IsNegated: false),
            LogicalOperator.ILike => new SqlLike(operands[0], operands[1], IgnoresCase: true, IsNegated: false),
            LogicalOperator.IsNull => new SqlIsNull(operands[0], IsNegated: false),
            LogicalOperator.Divide => operands[0].Is(SqlBinaryOperator.Divide, NullIfZero(operands[1])),
            LogicalOperator.Modulo => operands[0].Is(SqlBinaryOperator.Modulo, NullIfZero(operands[1])),
            var op => operands[0].Is(Binary(op), operands[1]),
        };
    }

    private static SqlBinaryOperator Binary(LogicalOperator op) => op switch
    {
        LogicalOperator.Equal => SqlBinaryOperator.Equal,
        LogicalOperator.NotEqual => SqlBinaryOperator.NotEqual,
        LogicalOperator.Less => SqlBinaryOperator.Less,
        LogicalOperator.LessOrEqual => SqlBinaryOperator.LessOrEqual,
        LogicalOperator.Greater => SqlBinaryOperator.Greater,
        LogicalOperator.GreaterOrEqual => SqlBinaryOperator.GreaterOrEqual,
        LogicalOperator.Add => SqlBinaryOperator.Add,
        LogicalOperator.Subtract => SqlBinaryOperator.Subtract,
        LogicalOperator.Multiply => SqlBinaryOperator.Multiply,
        _ => throw new InvalidOperationException($"No SQL for the operator {op}."),
    };

    private static SqlExpression LowerNot(SqlExpression operand) => operand switch
    {
        SqlIn item => item with { IsNegated = !item.IsNegated },
        SqlLike item => item with { IsNegated = !item.IsNegated },
        SqlIsNull item => item with { IsNegated = !item.IsNegated },
        SqlBetween item => item with { IsNegated = !item.IsNegated },
        _ => new SqlNot(operand),
    };

    /// <summary>Division by zero is null (rule 60); a constant that is not zero needs no guard.</summary>
    private static SqlExpression NullIfZero(SqlExpression divisor) =>
        IsNotZero(divisor is SqlCast cast ? cast.Operand : divisor) ? divisor : Call(SqlFunction.NullIf, divisor, Integer(0));

    private static bool IsNotZero(SqlExpression constant) => constant switch
    {
        SqlInteger whole => whole.Value != 0,
        SqlDecimal number => number.Value != 0,
        _ => false,
    };

    private SqlExpression LowerFunction(LogicalFunction function)
    {
        var arguments = function.Arguments.SelectAsArray(Lower);
        return function.Name == "days_between"
            ? Elapsed(arguments[0], arguments[1], Duration.Day)
            : new SqlCall(Of(function.Name), arguments);
    }

    private static SqlFunction Of(string function) => function switch
    {
        "cortex.sentiment" => SqlFunction.TextSentiment,
        "cortex.classify" => SqlFunction.TextClass,
        "cortex.embed" => SqlFunction.TextVector,
        _ => Functions[function],
    };

    private SqlExpression LowerCast(LogicalCast cast) => cast.Type switch
    {
        DataType.Instant => InUtc(Lower(cast.Operand)),
        DataType.Boolean => new SqlCast(Lower(cast.Operand), SqlType.Boolean),
        DataType.Integer => new SqlCast(Lower(cast.Operand), SqlType.BigInt),
        DataType.String => new SqlCast(Lower(cast.Operand), SqlType.Text),
        _ => new SqlCast(Lower(cast.Operand), SqlType.Double),
    };

    /// <summary>
    /// Steps of the calendar from the cutoff, back for `since` and ahead for `until`: as many as the instant is away, and of the one in which it lies the share up to it.
    /// They are counted as those of windows are (rule 9), so that `months since last(s) &lt; 3` is `exists(s) over 3 months`.
    /// </summary>
    private SqlBinary CalendarElapsed(LogicalElapsed elapsed)
    {
        var (cutoff, instant) = (Cutoff(elapsed), Lower(elapsed.Operand));
        var isUntil = elapsed.IsUntil;
        var crossed = isUntil ? Call(SqlFunction.MonthsBetween, cutoff, instant) : Call(SqlFunction.MonthsBetween, instant, cutoff);
        var overshoots = Step(crossed).Is(isUntil ? SqlBinaryOperator.Greater : SqlBinaryOperator.Less, instant);
        SqlExpression whole = crossed.Is(SqlBinaryOperator.Subtract, new SqlCase([new SqlCaseBranch(overshoots, Integer(1))], Integer(0)));
        if (elapsed.Unit.Months > 1) whole = new SqlCast(Call(SqlFunction.Floor, whole.Is(SqlBinaryOperator.Divide, Integer(elapsed.Unit.Months))), SqlType.BigInt);
        var (near, far) = (Step(InMonths(whole)), Step(InMonths(whole.Is(SqlBinaryOperator.Add, Integer(1)))));
        var (share, length) = isUntil ? (Between(near, instant), Between(near, far)) : (Between(instant, near), Between(far, near));
        return whole.AsDouble().Is(SqlBinaryOperator.Add, share.Is(SqlBinaryOperator.Divide, length));

        SqlExpression InMonths(SqlExpression count) => elapsed.Unit.Months == 1 ? count : count.Is(SqlBinaryOperator.Multiply, Integer(elapsed.Unit.Months));
        SqlShiftMonths Step(SqlExpression months) => new(cutoff, isUntil ? months : new SqlNegate(months));
        static SqlCast Between(SqlExpression from, SqlExpression to) => Call(SqlFunction.MicrosecondsBetween, from, to).AsDouble();
    }

    private SqlExpression Cutoff(LogicalElapsed elapsed) => leaf(new LogicalCutoff()).Shift(elapsed.Later);

    private static SqlBinary Elapsed(SqlExpression from, SqlExpression to, long unit) =>
        new SqlCast(Call(SqlFunction.MicrosecondsBetween, from, to), SqlType.Double).Is(SqlBinaryOperator.Divide, Integer(unit));
}
