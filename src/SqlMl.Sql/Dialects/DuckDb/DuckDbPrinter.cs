using System.Collections.Immutable;
using System.Globalization;

namespace SqlMl.Sql;

/// <summary>
/// How DuckDB differs. Every form was run on DuckDB 1.5.5, the release this project ships; the remarks say what was seen there
/// where it is not what the manual (https://duckdb.org/docs/stable/sql/introduction) leads one to expect.
/// </summary>
internal sealed class DuckDbPrinter : SqlPrinter
{
    private ImmutableArray<SqlSeries> series = [];

    protected override HashSet<string> ReservedWords => DuckDbKeywords.Reserved;

    protected internal override void SetUtc(SqlSetUtc statement) => Writer.Text("SET TimeZone = 'UTC'");

    /// <summary>Names are compared without case even in quotes, so quotes matter for signs and keywords only.</summary>
    protected override void QuotedName(SqlName name) => Writer.QuotedName(name.Name);

    /// <summary>
    /// `E'\n'` escapes are incomplete (1.5.5: "pg_verifymbstr NOT IMPLEMENTED" for NUL), and a raw NUL would end the text in
    /// the C API: control characters are joined in with CHR.
    /// </summary>
    protected internal override SqlPrecedence String(SqlString constant)
    {
        var value = constant.Value;
        if (!value.Any(char.IsControl))
        {
            Writer.PlainString(value);
            return SqlPrecedence.Primary;
        }

        // The first piece is always text, so that the whole is text whatever CHR is given.
        var start = 0;
        for (var i = 0; i <= value.Length; i++)
        {
            if (i < value.Length && !char.IsControl(value[i]))
                continue;
            if (i > start || start == 0)
            {
                Writer.Text(start == 0 ? "" : " || ");
                Writer.PlainString(value[start..i]);
            }

            if (i < value.Length)
                Writer.Text($" || CHR({(int)value[i]})");
            start = i + 1;
        }

        return SqlPrecedence.Concatenation;
    }

    protected internal override SqlPrecedence Timestamp(SqlTimestamp constant) => Word($"TIMESTAMP '{IsoText(constant.Value)}'");

    protected internal override SqlPrecedence ToZone(SqlToZone conversion)
    {
        Writer.Text("TIMEZONE(");
        String(new SqlString(conversion.Zone));
        Writer.Text(", TIMEZONE('UTC', ");
        Expression(conversion.Instant);
        return Word("))");
    }

    /// <summary>
    /// Through TIMESTAMPTZ every source means an instant: a zone or offset is applied, its absence means the session's zone,
    /// UTC. Both casts cut finer digits (seen for TIMESTAMP_NS and for text with nine digits).
    /// </summary>
    protected internal override SqlPrecedence ToUtc(SqlToUtc conversion)
    {
        if (conversion.Zone is { } zone)
            return ClockToUtc(conversion.Operand, zone);

        // The way through TIMESTAMPTZ costs 1.5 us a row (seen), and changes nothing of what has no zone; which way is taken is settled when the query is planned.
        if (conversion.Operand is SqlColumn column)
        {
            Writer.Text("CASE WHEN TYPEOF(");
            Expression(column);
            Writer.Text(") IN ('DATE', 'TIMESTAMP') THEN ");
            CastTo(column, "TIMESTAMP");
            Writer.Text(" ELSE ");
            ThroughZone(column);
            return Word(" END");
        }

        return ThroughZone(conversion.Operand);
    }

    private SqlPrecedence ThroughZone(SqlExpression operand)
    {
        Writer.Text("CAST(");
        CastTo(operand, "TIMESTAMPTZ");
        return Word(" AS TIMESTAMP)");
    }

    /// <summary>
    /// TIMEZONE of a TIMESTAMP is the instant at which the zone's clock shows it: of two the later, in a gap as far behind it as the clock says, for every
    /// half hour of 2005 to 2025 in each of 569 zones the same as Snowflake's form. Text and TIMESTAMPTZ that state an offset are told by their text,
    /// since a cast to TIMESTAMP drops an offset (all seen).
    /// </summary>
    private SqlPrecedence ClockToUtc(SqlExpression clock, string zone)
    {
        Writer.Text("CASE WHEN REGEXP_MATCHES(");
        CastTo(clock, "VARCHAR");
        Writer.Text(", '[T ][0-9:.]+ ?([Zz]|[+-][0-9:]+)$') THEN ");
        ToUtc(new SqlToUtc(clock));
        Writer.Text(" ELSE TIMEZONE('UTC', TIMEZONE(");
        String(new SqlString(zone));
        Writer.Text(", ");
        CastTo(clock, "TIMESTAMP");
        return Word(")) END");
    }

    /// <summary>A JSON pointer, in which every name can be written; text that is no JSON, and what is not there, is NULL (seen).</summary>
    protected internal override SqlPrecedence Path(SqlPath path)
    {
        var pointer = string.Concat(path.Steps.Select(step => $"/{step.Field?.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal) ?? step.Index.ToString(CultureInfo.InvariantCulture)}"));
        Writer.Text("JSON_EXTRACT_STRING(TRY_CAST(");
        Expression(path.Operand);
        Writer.Text(" AS JSON), ");
        Expression(new SqlString(pointer));
        return Word(")");
    }

    /// <summary>One value for all columns: a look-up for each costs 1.6 to 2 times as much (seen, 6 columns of 1e6 rows).</summary>
    protected internal override SqlPrecedence Lookup(SqlLookup lookup) => Found(lookup, () =>
    {
        Writer.Text("STRUCT_PACK");
        Bracketed(() => CommaSeparated(lookup.Columns, column =>
        {
            Name(column.Name);
            Writer.Text(" := ");
            Expression(column);
        }));
    });

    /// <summary>Behind the bracket IGNORE NULLS is a parse error.</summary>
    protected override void ValueCall(SqlValueAt window)
    {
        Writer.Text($"{ValueFunction(window)}(");
        Expression(window.Argument);
        Writer.Text(window.IgnoresNulls ? " IGNORE NULLS)" : ")");
    }

    protected internal override SqlPrecedence LookedUp(SqlLookedUp column)
    {
        Column(new SqlColumn(column.Table, column.Lookup));
        Writer.Text(".");
        Name(column.Column);
        return SqlPrecedence.Primary;
    }

    protected internal override SqlPrecedence Shift(SqlShift shift)
    {
        if (shift.Microseconds == 0)
            return Expression(shift.Instant);

        var (count, unit) = ExactDuration.FromMicroseconds(shift.Microseconds);
        return AddInterval(shift.Instant, count, unit);
    }

    protected internal override SqlPrecedence ShiftMonths(SqlShiftMonths shift)
    {
        if (shift.Months is SqlInteger months)
            return AddInterval(shift.Instant, months.Value, "month");

        Operand(shift.Instant, SqlPrecedence.Sum);
        Writer.Text(" + ");
        Invoke("TO_MONTHS", shift.Months);
        return SqlPrecedence.Sum;
    }

    /// <summary>
    /// `count * INTERVAL` takes a count of 32 bits and fails beyond it. Enough for steps of a minute and more (4,000 years);
    /// shorter steps are counted in microseconds with 64 bits.
    /// </summary>
    protected internal override SqlPrecedence ShiftSteps(SqlShiftSteps shift)
    {
        Operand(shift.Instant, SqlPrecedence.Sum);
        Writer.Text(" + ");
        var (count, unit) = ExactDuration.FromMicroseconds(shift.StepMicroseconds);
        if (decimal.Abs(shift.StepMicroseconds) < ExactDuration.Minute)
        {
            Invoke("TO_MICROSECONDS", new SqlBinary(shift.Count, SqlBinaryOperator.Multiply, new SqlInteger(shift.StepMicroseconds)));
        }
        else
        {
            Operand(shift.Count, SqlPrecedence.Product);
            Writer.Text($" * INTERVAL '{Interval(count, unit)}'");
        }

        return SqlPrecedence.Sum;
    }

    /// <summary>
    /// A series whose bounds are columns to its left is unnested in the select list: as a table behind a join it makes DuckDB join the rows with their own
    /// bounds (1.5.5: a delim join, five times as slow).
    /// </summary>
    protected internal override void Select(SqlSelect query)
    {
        var outer = series;
        series = [];
        base.Select(query.From is null ? query : query with { From = WithoutSeries(query.From) });
        series = outer;
    }

    protected internal override SqlPrecedence Column(SqlColumn column)
    {
        var found = series.FirstOrDefault(candidate => candidate.Column == column.Name && (column.Table is null || candidate.Alias == column.Table));
        if (found is null)
            return base.Column(column);

        Writer.Text("UNNEST(");
        Invoke("RANGE", found.Low, found.High);
        return Word(")");
    }

    protected override void SelectItem(SqlSelectItem item) =>
        base.SelectItem(item.Alias is null && item.Expression is SqlColumn column && series.Any(candidate => candidate.Column == column.Name && candidate.Alias == column.Table)
            ? item with { Alias = column.Name }
            : item);

    /// <summary>What is left of the joins when the series on their right are taken out of them; joins lean to the left.</summary>
    private SqlTable WithoutSeries(SqlTable from)
    {
        var kept = new Stack<SqlJoin>();
        var first = from;
        for (; first is SqlJoin join; first = join.Left)
        {
            if (join.Right is SqlSeries one)
                series = series.Add(one);
            else
                kept.Push(join);
        }

        return series.IsEmpty ? from : kept.Aggregate(first, (left, join) => join with { Left = left });
    }

    /// <summary>A null bound gives no rows.</summary>
    protected internal override void Series(SqlSeries table)
    {
        Invoke("RANGE", table.Low, table.High);
        Alias(table.Alias);
        Writer.Text("(");
        Name(table.Column);
        Writer.Text(")");
    }

    /// <summary>
    /// Nothing about a CSV is left to luck: the separators are fixed and the types are found from all rows, because a type
    /// found from a sample fails on the first row that does not fit. A name ending in .gz is unpacked.
    /// </summary>
    protected internal override void FileTable(SqlFileTable table)
    {
        if (table.Format == SqlFileFormat.Csv)
        {
            Writer.Text("READ_CSV(");
            String(new SqlString(table.Path));
            Writer.Text(", header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', sample_size = -1)");
        }
        else
        {
            Invoke("READ_PARQUET", new SqlString(table.Path));
        }

        Alias(table.Alias);
    }

#pragma warning disable CS8524 // A new type must be named here; a number that is no type has no name.
    protected override string TypeName(SqlType type) => type switch
    {
        SqlType.Boolean => "BOOLEAN",
        SqlType.BigInt => "BIGINT",
        SqlType.Double => "DOUBLE",
        SqlType.Decimal => "DECIMAL(38, 9)",
        SqlType.Whole => "DECIMAL(38, 0)",
        SqlType.Text => "VARCHAR",
        SqlType.Timestamp => "TIMESTAMP",
        SqlType.Date => "DATE",
    };
#pragma warning restore CS8524

    protected override SqlPrecedence Greatest(ImmutableArray<SqlExpression> arguments) => NullIfAnyIsNull("GREATEST", arguments);

    protected override SqlPrecedence Least(ImmutableArray<SqlExpression> arguments) => NullIfAnyIsNull("LEAST", arguments);

    /// <summary>`//` of integers is exact, and cuts toward zero.</summary>
    protected override SqlPrecedence DivideWhole(SqlExpression number, SqlExpression divisor)
    {
        Operand(number, SqlPrecedence.Product);
        Writer.Text(" // ");
        Operand(divisor, SqlPrecedence.Sign);
        return SqlPrecedence.Product;
    }

    /// <summary>Without the second argument DuckDB removes every Unicode space, not the blank alone.</summary>
    protected override SqlPrecedence Trim(SqlExpression text) => Invoke("TRIM", text, new SqlString(" "));

    protected override SqlPrecedence Contains(SqlExpression text, SqlExpression part) => Invoke("CONTAINS", text, part);

    protected override SqlPrecedence StartsWith(SqlExpression text, SqlExpression part) => Invoke("STARTS_WITH", text, part);

    protected override SqlPrecedence EndsWith(SqlExpression text, SqlExpression part) => Invoke("ENDS_WITH", text, part);

    /// <summary>There is no such model here: <see cref="SqlDialect.HasTextModels"/> says so, and nothing that is run asks for one.</summary>
    protected override SqlPrecedence TextSentiment(SqlExpression text) => WithoutTextModels();

    protected override SqlPrecedence TextClass(SqlExpression text, ImmutableArray<SqlExpression> classes) => WithoutTextModels();

    protected override SqlPrecedence TextVector(SqlExpression text) => WithoutTextModels();

    private SqlPrecedence WithoutTextModels() => Invoke("ERROR", new SqlString("DuckDB has no models of language"));

    protected override SqlPrecedence IsoWeekdayOf(SqlExpression instant) => Invoke("ISODOW", instant);

    protected override SqlPrecedence MonthsBetween(SqlExpression from, SqlExpression to) => Invoke("DATE_DIFF", new SqlString("month"), from, to);

    protected override SqlPrecedence MicrosecondsBetween(SqlExpression from, SqlExpression to) =>
        Invoke("DATE_DIFF", new SqlString("microsecond"), from, to);

    protected override SqlPrecedence EpochMicroseconds(SqlExpression instant) => Invoke("EPOCH_US", instant);

    /// <summary>Through DECIMAL(38, 9): an INTEGER times a million overflows 32 bits.</summary>
    protected override SqlPrecedence FromEpochSeconds(SqlExpression seconds)
    {
        Writer.Text("MAKE_TIMESTAMP(CAST(FLOOR(");
        Expression(new SqlBinary(As(seconds, SqlType.Decimal), SqlBinaryOperator.Multiply, new SqlInteger(1_000_000)));
        return Word(") AS BIGINT))");
    }

    /// <summary>
    /// STDDEV_SAMP depends on the order in which threads meet the rows, and an ORDER BY inside it is optimized away; a sorted
    /// list is summed in its order. Nulls are skipped, below two values the result is null.
    /// </summary>
    protected override SqlPrecedence StandardDeviation(SqlExpression argument, bool isWindow)
    {
        if (isWindow)
            return Invoke("STDDEV_SAMP", As(argument, SqlType.Double));

        Writer.Text("LIST_AGGREGATE(LIST_SORT(LIST(");
        Expression(As(argument, SqlType.Double));
        return Word(")), 'stddev_samp')");
    }

    protected internal override SqlPrecedence Quantile(SqlQuantile quantile) =>
        Invoke("QUANTILE_CONT", quantile.Argument, new SqlDecimal(quantile.Share));

    /// <summary>
    /// The hash of several columns is an exclusive or of theirs, in whose sum rows that swap a value could go unseen; hashed once more it is not.
    /// HUGEINT holds the sum of 2^63 rows.
    /// </summary>
    protected internal override SqlPrecedence RowsHash(SqlRowsHash rows)
    {
        Writer.Text("SUM(HASH(");
        Invoke("HASH", rows.Columns);
        return Word(")::HUGEINT)");
    }

    /// <summary>Positions begin at 1, and the last is part of the slice.</summary>
    protected internal override SqlPrecedence FirstValues(SqlFirstValues values)
    {
        Writer.Text("LIST_SLICE");
        Bracketed(() =>
        {
            Writer.Text("LIST(");
            Expression(values.Argument);
            Writer.Text(" ORDER BY ");
            Keys(values.OrderBy, Order);
            Writer.Text("),");
            Writer.SoftBreak();
            Writer.Text($"1, {values.Count}");
        });
        return SqlPrecedence.Primary;
    }

    /// <summary>DuckDB's own functions skip nulls.</summary>
    private SqlPrecedence NullIfAnyIsNull(string function, ImmutableArray<SqlExpression> arguments)
    {
        var present = arguments
            .Where(argument => argument is not (SqlInteger or SqlDecimal or SqlString or SqlBoolean or SqlTimestamp))
            .Select(argument => new SqlIsNull(argument, IsNegated: true))
            .ToImmutableArray();
        if (present.IsEmpty)
            return Invoke(function, arguments);

        Writer.GroupStart();
        Writer.Text("CASE");
        Writer.Indent();
        Writer.SoftBreak();
        Writer.Text("WHEN ");
        List(present, test => Expression(test), () => Writer.Text(" AND "));
        Writer.Text(" THEN ");
        Invoke(function, arguments);
        Writer.Dedent();
        Writer.SoftBreak();
        Writer.Text("END");
        Writer.GroupEnd();
        return SqlPrecedence.Primary;
    }

    private SqlPrecedence AddInterval(SqlExpression instant, decimal count, string unit)
    {
        Operand(instant, SqlPrecedence.Sum);
        Writer.Text($" {(count < 0 ? '-' : '+')} INTERVAL '{Interval(decimal.Abs(count), unit)}'");
        return SqlPrecedence.Sum;
    }

    private static string Interval(decimal count, string unit) => count == 1 ? $"1 {unit}" : $"{count} {unit}s";
}
