using System.Collections.Immutable;
using System.Globalization;

namespace SqlMl.Sql;

/// <content>Expressions.</content>
internal abstract partial class SqlPrinter
{
    protected internal abstract SqlPrecedence String(SqlString constant);

    protected internal abstract SqlPrecedence Timestamp(SqlTimestamp constant);

    protected internal abstract SqlPrecedence ToUtc(SqlToUtc conversion);

    protected internal abstract SqlPrecedence ToZone(SqlToZone conversion);

    protected internal abstract SqlPrecedence Path(SqlPath path);

    protected internal abstract SqlPrecedence Shift(SqlShift shift);

    protected internal abstract SqlPrecedence ShiftMonths(SqlShiftMonths shift);

    protected internal abstract SqlPrecedence ShiftSteps(SqlShiftSteps shift);

    protected abstract string TypeName(SqlType type);

    protected internal virtual SqlPrecedence Column(SqlColumn column)
    {
        if (column.Table is not null)
        {
            Name(column.Table);
            Writer.Text(".");
        }

        Name(column.Name);
        return SqlPrecedence.Primary;
    }

    protected internal virtual SqlPrecedence Star(SqlStar star)
    {
        if (star.Table is not null)
        {
            Name(star.Table);
            Writer.Text(".");
        }

        Writer.Text("*");
        return SqlPrecedence.Primary;
    }

    protected internal virtual SqlPrecedence Integer(SqlInteger constant) => Number(constant.Value.ToString(CultureInfo.InvariantCulture));

    protected internal virtual SqlPrecedence Decimal(SqlDecimal constant) => Number(constant.Value.ToString(CultureInfo.InvariantCulture));

    protected internal virtual SqlPrecedence Boolean(SqlBoolean constant) => Word(constant.Value ? "TRUE" : "FALSE");

    protected internal virtual SqlPrecedence Null(SqlNull constant) => Word("NULL");

    protected internal virtual SqlPrecedence Cast(SqlCast cast) => CastTo(cast.Operand, TypeName(cast.Type));

    protected internal virtual SqlPrecedence Raw(SqlRaw raw)
    {
        Writer.Raw(raw.Text);
        return SqlPrecedence.Primary;
    }

    protected internal virtual SqlPrecedence ScalarQuery(SqlScalarQuery query)
    {
        Bracketed(() => Query(query.Query));
        return SqlPrecedence.Primary;
    }

    protected internal virtual SqlPrecedence Not(SqlNot not)
    {
        Writer.Text("NOT ");
        Operand(not.Operand, SqlPrecedence.Not);
        return SqlPrecedence.Not;
    }

    protected internal virtual SqlPrecedence Negate(SqlNegate negate)
    {
        // Two minus signs in a row would begin a comment: whatever begins with one is bracketed.
        Writer.Text("-");
        Operand(negate.Operand, SqlPrecedence.Primary);
        return SqlPrecedence.Sign;
    }

    protected internal virtual SqlPrecedence IsNull(SqlIsNull test)
    {
        Operand(test.Operand, SqlPrecedence.Concatenation);
        Writer.Text(test.IsNegated ? " IS NOT NULL" : " IS NULL");
        return SqlPrecedence.Predicate;
    }

    protected internal virtual SqlPrecedence Between(SqlBetween between)
    {
        Operand(between.Operand, SqlPrecedence.Concatenation);
        Writer.Text(between.IsNegated ? " NOT BETWEEN " : " BETWEEN ");
        Operand(between.Low, SqlPrecedence.Concatenation);
        Writer.Text(" AND ");
        Operand(between.High, SqlPrecedence.Concatenation);
        return SqlPrecedence.Predicate;
    }

    protected internal virtual SqlPrecedence In(SqlIn test)
    {
        Operand(test.Operand, SqlPrecedence.Concatenation);
        Writer.Text(test.IsNegated ? " NOT IN " : " IN ");
        Bracketed(() => CommaSeparated(test.Candidates, candidate => Expression(candidate)));
        return SqlPrecedence.Predicate;
    }

    protected internal virtual SqlPrecedence Like(SqlLike like)
    {
        Operand(like.Operand, SqlPrecedence.Concatenation);
        Writer.Text(like.IsNegated ? " NOT" : "");
        Writer.Text(like.IgnoresCase ? " ILIKE " : " LIKE ");
        Operand(like.Pattern, SqlPrecedence.Concatenation);
        return SqlPrecedence.Predicate;
    }

    protected internal virtual SqlPrecedence Binary(SqlBinary binary)
    {
        switch (binary.Operator)
        {
            case SqlBinaryOperator.Or:
                return Logical(binary, SqlPrecedence.Or);
            case SqlBinaryOperator.And:
                return Logical(binary, SqlPrecedence.And);
            case SqlBinaryOperator.Add or SqlBinaryOperator.Subtract:
                return Arithmetic(binary, SqlPrecedence.Sum);
            case SqlBinaryOperator.Multiply or SqlBinaryOperator.Divide or SqlBinaryOperator.Modulo:
                return Arithmetic(binary, SqlPrecedence.Product);
            default:
                Operand(binary.Left, SqlPrecedence.Concatenation);
                Writer.Text($" {Symbol(binary.Operator)} ");
                Operand(binary.Right, SqlPrecedence.Concatenation);
                return SqlPrecedence.Predicate;
        }
    }

    protected internal virtual SqlPrecedence Case(SqlCase cases)
    {
        Writer.GroupStart();
        Writer.Text("CASE");
        Writer.Indent();
        foreach (var branch in cases.Branches)
        {
            Writer.SoftBreak();
            Writer.Text("WHEN ");
            Expression(branch.When);
            Writer.Text(" THEN ");
            Expression(branch.Then);
        }

        if (cases.Else is not null)
        {
            Writer.SoftBreak();
            Writer.Text("ELSE ");
            Expression(cases.Else);
        }

        Writer.Dedent();
        Writer.SoftBreak();
        Writer.Text("END");
        Writer.GroupEnd();
        return SqlPrecedence.Primary;
    }

    /// <summary>The sides of an AND or OR in order, however they are nested: both are associative, NULL included.</summary>
    protected static ImmutableArray<SqlExpression> Chain(SqlExpression expression, SqlBinaryOperator connective)
    {
        var sides = ImmutableArray.CreateBuilder<SqlExpression>();
        var open = new Stack<SqlExpression>([expression]);
        while (open.TryPop(out var next))
        {
            if (next is SqlBinary binary && binary.Operator == connective)
            {
                open.Push(binary.Right);
                open.Push(binary.Left);
            }
            else
            {
                sides.Add(next);
            }
        }

        return sides.ToImmutable();
    }

    protected SqlPrecedence Word(string word)
    {
        Writer.Text(word);
        return SqlPrecedence.Primary;
    }

    protected SqlPrecedence CastTo(SqlExpression operand, string type)
    {
        Writer.Text("CAST(");
        Expression(operand);
        Writer.Text($" AS {type})");
        return SqlPrecedence.Primary;
    }

    protected SqlPrecedence Invoke(string function, params ImmutableArray<SqlExpression> arguments)
    {
        Writer.Text(function);
        Bracketed(() => CommaSeparated(arguments, argument => Expression(argument)));
        return SqlPrecedence.Primary;
    }

    /// <summary>The cast, unless the expression is that cast already.</summary>
    protected static SqlExpression As(SqlExpression expression, SqlType type) =>
        expression is SqlCast cast && cast.Type == type ? cast : new SqlCast(expression, type);

    /// <summary>An instant as ISO text with a blank, microseconds only where there are any.</summary>
    protected static string IsoText(DateTime instant) =>
        instant.ToString(
            instant.Ticks % TimeSpan.TicksPerSecond < TimeSpan.TicksPerMicrosecond ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.ffffff",
            CultureInfo.InvariantCulture);

#pragma warning disable CS8524 // A new operator must be named here; a number that is none has no symbol.
    private static string Symbol(SqlBinaryOperator operation) => operation switch
    {
        SqlBinaryOperator.Or => "OR",
        SqlBinaryOperator.And => "AND",
        SqlBinaryOperator.Equal => "=",
        SqlBinaryOperator.NotEqual => "<>",
        SqlBinaryOperator.Same => "IS NOT DISTINCT FROM",
        SqlBinaryOperator.Less => "<",
        SqlBinaryOperator.LessOrEqual => "<=",
        SqlBinaryOperator.Greater => ">",
        SqlBinaryOperator.GreaterOrEqual => ">=",
        SqlBinaryOperator.Add => "+",
        SqlBinaryOperator.Subtract => "-",
        SqlBinaryOperator.Multiply => "*",
        SqlBinaryOperator.Divide => "/",
        SqlBinaryOperator.Modulo => "%",
    };
#pragma warning restore CS8524

    private SqlPrecedence Number(string digits)
    {
        Writer.Text(digits);
        return digits[0] == '-' ? SqlPrecedence.Sign : SqlPrecedence.Primary;
    }

    private SqlPrecedence Logical(SqlBinary binary, SqlPrecedence precedence)
    {
        Run(Chain(binary, binary.Operator), Symbol(binary.Operator), precedence + 1);
        return precedence;
    }

    /// <summary>Operands with one operator between them; where they do not fit, each operator begins a line.</summary>
    private void Run(ImmutableArray<SqlExpression> operands, string connective, SqlPrecedence loosest)
    {
        Writer.GroupStart();
        Operand(operands[0], loosest);
        Writer.Indent();
        foreach (var operand in operands.AsSpan(1..))
        {
            Writer.SoftBreak();
            Writer.Text($"{connective} ");
            Operand(operand, loosest);
        }

        Writer.Dedent();
        Writer.GroupEnd();
    }

    /// <summary>A run of operators of one rank, from left to right; on the right the same rank needs brackets: a - (b - c).</summary>
    private SqlPrecedence Arithmetic(SqlBinary binary, SqlPrecedence precedence)
    {
        var run = new Stack<SqlBinary>();
        SqlExpression first = binary;
        for (; first is SqlBinary inner && Rank(inner.Operator) == precedence; first = inner.Left)
            run.Push(inner);

        Writer.GroupStart();
        Operand(first, precedence);
        Writer.Indent();
        foreach (var step in run)
        {
            Writer.SoftBreak();
            Writer.Text($"{Symbol(step.Operator)} ");
            Operand(step.Right, precedence + 1);
        }

        Writer.Dedent();
        Writer.GroupEnd();
        return precedence;
    }

    private static SqlPrecedence? Rank(SqlBinaryOperator operation) => operation switch
    {
        SqlBinaryOperator.Add or SqlBinaryOperator.Subtract => SqlPrecedence.Sum,
        SqlBinaryOperator.Multiply or SqlBinaryOperator.Divide or SqlBinaryOperator.Modulo => SqlPrecedence.Product,
        _ => null,
    };
}
