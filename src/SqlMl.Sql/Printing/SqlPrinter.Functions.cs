using System.Collections.Immutable;

namespace SqlMl.Sql;

/// <content>Functions, aggregates and windows.</content>
internal abstract partial class SqlPrinter
{
    protected abstract SqlPrecedence Greatest(ImmutableArray<SqlExpression> arguments);

    protected abstract SqlPrecedence Least(ImmutableArray<SqlExpression> arguments);

    protected abstract SqlPrecedence DivideWhole(SqlExpression number, SqlExpression divisor);

    protected abstract SqlPrecedence Trim(SqlExpression text);

    protected abstract SqlPrecedence Contains(SqlExpression text, SqlExpression part);

    protected abstract SqlPrecedence StartsWith(SqlExpression text, SqlExpression part);

    protected abstract SqlPrecedence EndsWith(SqlExpression text, SqlExpression part);

    protected abstract SqlPrecedence TextSentiment(SqlExpression text);

    protected abstract SqlPrecedence TextClass(SqlExpression text, ImmutableArray<SqlExpression> classes);

    protected abstract SqlPrecedence TextVector(SqlExpression text);

    protected abstract SqlPrecedence IsoWeekdayOf(SqlExpression instant);

    protected abstract SqlPrecedence MonthsBetween(SqlExpression from, SqlExpression to);

    protected abstract SqlPrecedence MicrosecondsBetween(SqlExpression from, SqlExpression to);

    protected abstract SqlPrecedence EpochMicroseconds(SqlExpression instant);

    protected abstract SqlPrecedence FromEpochSeconds(SqlExpression seconds);

    /// <summary>The sample's standard deviation over a group, or over a window when <paramref name="isWindow"/>.</summary>
    protected abstract SqlPrecedence StandardDeviation(SqlExpression argument, bool isWindow);

    protected internal abstract SqlPrecedence Quantile(SqlQuantile quantile);

    protected internal abstract SqlPrecedence FirstValues(SqlFirstValues values);

    protected internal abstract SqlPrecedence RowsHash(SqlRowsHash rows);

    // There is no arm for "any other": a function added to the enumeration does not compile until it is written here.
#pragma warning disable CS8524
    protected internal virtual SqlPrecedence Call(SqlCall call)
    {
        var arguments = call.Arguments;
        return call.Function switch
        {
            SqlFunction.Coalesce => Invoke("COALESCE", arguments),
            SqlFunction.NullIf => Invoke("NULLIF", arguments),
            SqlFunction.Abs => Invoke("ABS", arguments),
            SqlFunction.Round => Invoke("ROUND", arguments),
            SqlFunction.Floor => Invoke("FLOOR", arguments),
            SqlFunction.Ceil => Invoke("CEIL", arguments),
            SqlFunction.Ln => Invoke("LN", NullUnless(arguments[0], SqlBinaryOperator.Greater)),
            SqlFunction.Log2 => Invoke("LOG", new SqlInteger(2), arguments[0]),
            SqlFunction.Exp => Invoke("EXP", arguments),
            SqlFunction.Sqrt => Invoke("SQRT", NullUnless(arguments[0], SqlBinaryOperator.GreaterOrEqual)),
            SqlFunction.Power => Invoke("POWER", arguments),
            SqlFunction.Sign => Invoke("SIGN", arguments),
            SqlFunction.Greatest => Greatest(arguments),
            SqlFunction.Least => Least(arguments),
            SqlFunction.Highest => Invoke("GREATEST", arguments),
            SqlFunction.Lowest => Invoke("LEAST", arguments),
            SqlFunction.DivideWhole => DivideWhole(arguments[0], arguments[1]),
            SqlFunction.Lower => Invoke("LOWER", arguments),
            SqlFunction.Upper => Invoke("UPPER", arguments),
            SqlFunction.Length => Invoke("LENGTH", arguments),
            SqlFunction.Trim => Trim(arguments[0]),
            SqlFunction.Substring => Invoke("SUBSTRING", arguments),
            SqlFunction.Replace => Invoke("REPLACE", arguments),
            SqlFunction.Concat => Concat(arguments),
            SqlFunction.Contains => Contains(arguments[0], arguments[1]),
            SqlFunction.StartsWith => StartsWith(arguments[0], arguments[1]),
            SqlFunction.EndsWith => EndsWith(arguments[0], arguments[1]),
            SqlFunction.TextSentiment => TextSentiment(arguments[0]),
            SqlFunction.TextClass => TextClass(arguments[0], arguments[1..]),
            SqlFunction.TextVector => TextVector(arguments[0]),
            SqlFunction.YearOf => Invoke("YEAR", arguments),
            SqlFunction.MonthOf => Invoke("MONTH", arguments),
            SqlFunction.DayOf => Invoke("DAY", arguments),
            SqlFunction.HourOf => Invoke("HOUR", arguments),
            SqlFunction.MinuteOf => Invoke("MINUTE", arguments),
            SqlFunction.IsoWeekdayOf => IsoWeekdayOf(arguments[0]),
            SqlFunction.StartOfDay => Invoke("DATE_TRUNC", new SqlString("day"), arguments[0]),
            SqlFunction.StartOfHour => Invoke("DATE_TRUNC", new SqlString("hour"), arguments[0]),
            SqlFunction.MonthsBetween => MonthsBetween(arguments[0], arguments[1]),
            SqlFunction.MicrosecondsBetween => MicrosecondsBetween(arguments[0], arguments[1]),
            SqlFunction.EpochMicroseconds => EpochMicroseconds(arguments[0]),
            SqlFunction.FromEpochSeconds => FromEpochSeconds(arguments[0]),
            SqlFunction.Md5 => Invoke("MD5", arguments),
        };
    }

    protected internal virtual SqlPrecedence Aggregate(SqlAggregate aggregate) => AggregateCall(aggregate, isWindow: false);

    protected internal virtual SqlPrecedence WindowAggregate(SqlWindowAggregate window)
    {
        AggregateCall(window.Aggregate, isWindow: true);
        return Over(window.PartitionBy, window.OrderBy, window.Frame);
    }

    protected internal virtual SqlPrecedence RowNumber(SqlRowNumber window)
    {
        Writer.Text("ROW_NUMBER()");
        return Over(window.PartitionBy, window.OrderBy, frame: null);
    }

    protected internal virtual SqlPrecedence Lag(SqlLag window)
    {
        Invoke("LAG", window.Argument);
        return Over(window.PartitionBy, window.OrderBy, frame: null);
    }

    protected internal virtual SqlPrecedence Lead(SqlLead window)
    {
        Invoke("LEAD", window.Argument);
        return Over(window.PartitionBy, window.OrderBy, frame: null);
    }

    protected internal abstract SqlPrecedence Lookup(SqlLookup lookup);

    protected internal abstract SqlPrecedence LookedUp(SqlLookedUp column);

    protected internal virtual SqlPrecedence ValueAt(SqlValueAt window)
    {
        ValueCall(window);
        return Over(window.PartitionBy, window.OrderBy, window.Frame);
    }

    /// <summary>The function and its argument; where IGNORE NULLS stands differs.</summary>
    protected abstract void ValueCall(SqlValueAt window);

    protected static string ValueFunction(SqlValueAt window) => window.IsLast ? "LAST_VALUE" : "FIRST_VALUE";

    /// <summary>What a look-up finds in its row, over its frame.</summary>
    protected SqlPrecedence Found(SqlLookup lookup, Action found)
    {
        Writer.Text(lookup.IsLast ? "LAST_VALUE" : "FIRST_VALUE");
        Bracketed(found);
        return Over(lookup.PartitionBy, lookup.OrderBy, lookup.Frame);
    }

    protected internal virtual void Unbounded(SqlUnbounded bound, bool isStart) =>
        Writer.Text(isStart ? "UNBOUNDED PRECEDING" : "UNBOUNDED FOLLOWING");

    protected internal virtual void CurrentRow(SqlCurrentRow bound, bool isStart) => Writer.Text("CURRENT ROW");

    protected internal virtual void Offset(SqlOffset bound, bool isStart) => Writer.Text(bound.Distance switch
    {
        0 => "CURRENT ROW",
        < 0 => $"{-(decimal)bound.Distance} PRECEDING",
        > 0 => $"{bound.Distance} FOLLOWING",
    });

    private SqlPrecedence AggregateCall(SqlAggregate aggregate, bool isWindow)
    {
        var argument = aggregate.Argument ?? new SqlStar();
        return aggregate.Function switch
        {
            SqlAggregateFunction.Count => Invoke("COUNT", argument),
            SqlAggregateFunction.CountDistinct => CountDistinct(argument),
            SqlAggregateFunction.Sum => Invoke("SUM", argument),
            SqlAggregateFunction.Average => Invoke("AVG", argument),
            SqlAggregateFunction.Min => Invoke("MIN", argument),
            SqlAggregateFunction.Max => Invoke("MAX", argument),
            SqlAggregateFunction.StandardDeviation => StandardDeviation(argument, isWindow),
            SqlAggregateFunction.Median => Invoke("MEDIAN", As(argument, SqlType.Double)),
        };
    }
#pragma warning restore CS8524

    /// <summary>The value where it compares so with zero, else null: the function around it never sees what it would fail on.</summary>
    private static SqlCase NullUnless(SqlExpression value, SqlBinaryOperator comparison) =>
        new([new SqlCaseBranch(new SqlBinary(value, comparison, new SqlInteger(0)), value)], Else: null);

    private SqlPrecedence Concat(ImmutableArray<SqlExpression> texts)
    {
        if (texts is [var only])
            return Expression(only);

        Run(texts, "||", SqlPrecedence.Primary);
        return SqlPrecedence.Concatenation;
    }

    private SqlPrecedence CountDistinct(SqlExpression argument)
    {
        Writer.Text("COUNT(DISTINCT ");
        Expression(argument);
        return Word(")");
    }

    /// <summary>Keys stand on one line if they fit, whether or not what is around them does.</summary>
    protected void Keys<T>(ImmutableArray<T> keys, Action<T> write)
    {
        Writer.GroupStart();
        Writer.Indent();
        CommaSeparated(keys, write);
        Writer.Dedent();
        Writer.GroupEnd();
    }

    private SqlPrecedence Over(ImmutableArray<SqlExpression> partitionBy, ImmutableArray<SqlOrder> orderBy, SqlFrame? frame)
    {
        Writer.Text(" OVER ");
        Bracketed(() =>
        {
            var isFirst = true;
            if (!partitionBy.IsEmpty)
            {
                Part("PARTITION BY ");
                Keys(partitionBy, key => Expression(key));
            }

            if (!orderBy.IsEmpty)
            {
                Part("ORDER BY ");
                Keys(orderBy, Order);
            }

            if (frame is not null)
            {
                Part(frame.IsRows ? "ROWS BETWEEN " : "RANGE BETWEEN ");
                frame.Start.Accept(this, isStart: true);
                Writer.Text(" AND ");
                frame.End.Accept(this, isStart: false);
            }

            void Part(string keyword)
            {
                if (!isFirst)
                    Writer.SoftBreak();
                isFirst = false;
                Writer.Text(keyword);
            }
        });
        return SqlPrecedence.Primary;
    }
}
