using System.Collections.Immutable;

namespace SqlMl.Sql;

/// <summary>
/// How Snowflake differs. [D:x] is the page docs.snowflake.com/en/x that backs a form; nothing here was run on Snowflake.
/// What the printers share is documented there too: QUALIFY [D:sql-reference/constructs/qualify], frames
/// [D:sql-reference/functions-window-syntax], CREATE OR REPLACE TABLE ... AS [D:sql-reference/sql/create-table], `%`
/// [D:sql-reference/operators-arithmetic], MD5 in lower case [D:sql-reference/functions/md5], LAG [D:sql-reference/functions/lag], LEAD
/// [D:sql-reference/functions/lead], LOG [D:sql-reference/functions/log].
/// </summary>
internal sealed class SnowflakePrinter : SqlPrinter
{
    private ImmutableArray<SqlSeries> series = [];

    protected override HashSet<string> ReservedWords => SnowflakeKeywords.Reserved;

    /// <summary>[D:sql-reference/parameters] TIMEZONE.</summary>
    protected internal override void SetUtc(SqlSetUtc statement) => Writer.Text("ALTER SESSION SET TIMEZONE = 'UTC'");

    /// <summary>
    /// A bare name is stored in upper case, so a quoted one says the same unless its case counts
    /// [D:sql-reference/identifiers-syntax].
    /// </summary>
    protected override void QuotedName(SqlName name) => Writer.QuotedName(name.IsExact ? name.Name : name.Name.ToUpperInvariant());

    /// <summary>Backslash escapes are live in constants [D:sql-reference/data-types-text].</summary>
    protected internal override SqlPrecedence String(SqlString constant)
    {
        Writer.BackslashString(constant.Value);
        return SqlPrecedence.Primary;
    }

    /// <summary>`TIMESTAMP` alone is an alias that a parameter chooses [D:sql-reference/data-types-datetime].</summary>
    protected internal override SqlPrecedence Timestamp(SqlTimestamp constant) => Word($"'{IsoText(constant.Value)}'::TIMESTAMP_NTZ");

    /// <summary>
    /// A cast to TIMESTAMP_TZ takes the session's zone, UTC, where the source has none and keeps its offset where it has one
    /// [D:sql-reference/functions/to_timestamp]; CONVERT_TIMEZONE with two arguments then gives the same instant with offset
    /// zero, whose wall clock is UTC's [D:sql-reference/functions/convert_timezone]. DATE_TRUNC cuts, and knows microseconds
    /// [D:sql-reference/functions-date-time], where a cast to TIMESTAMP_NTZ(6) is not documented to cut rather than round.
    /// </summary>
    protected internal override SqlPrecedence ToUtc(SqlToUtc conversion)
    {
        if (conversion.Zone is { } zone)
            return ClockToUtc(conversion.Operand, zone);

        Writer.Text("DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', ");
        CastTo(conversion.Operand, "TIMESTAMP_TZ");
        return Word(") AS TIMESTAMP_NTZ))");
    }

    /// <summary>
    /// With three arguments CONVERT_TIMEZONE takes and gives TIMESTAMP_NTZ [D:sql-reference/functions/convert_timezone]. From UTC it has one answer; what it
    /// does from a zone with hours that occur twice or not at all is documented nowhere, so it is not asked. The clock is first set back by the offset that
    /// holds a day after it, and then by the offset that holds at the instant so found: the later of two instants, and in a gap the offset from before
    /// it. REGEXP_LIKE matches the whole text [D:sql-reference/functions/regexp_like]; a TIMESTAMP_TZ or TIMESTAMP_LTZ as text ends in its offset
    /// [D:sql-reference/parameters] TIMESTAMP_OUTPUT_FORMAT.
    /// </summary>
    private SqlPrecedence ClockToUtc(SqlExpression clock, string zone)
    {
        Writer.GroupStart();
        Writer.Text("CASE");
        Writer.Indent();
        Writer.SoftBreak();
        Writer.Text("WHEN REGEXP_LIKE(");
        CastTo(clock, "VARCHAR");
        Writer.Text(", '.*[T ][0-9:.]+ ?([Zz]|[+-][0-9:]+)') THEN ");
        ToUtc(new SqlToUtc(clock));
        Writer.SoftBreak();
        Writer.Text("ELSE DATE_TRUNC('microsecond', ");
        SetBack(() => SetBack(() => Shown(isDayAfter: true)));
        Writer.Text(")");
        Writer.Dedent();
        Writer.SoftBreak();
        Writer.Text("END");
        Writer.GroupEnd();
        return SqlPrecedence.Primary;

        // The clock, set back by the zone's offset at an instant: by what the zone's clock then shows less that instant.
        void SetBack(Action instant)
        {
            Writer.Text("DATEADD('microsecond', DATEDIFF('microsecond', CONVERT_TIMEZONE('UTC', ");
            String(new SqlString(zone));
            Writer.Text(", ");
            instant();
            Writer.Text("), ");
            instant();
            Writer.Text("), ");
            Shown(isDayAfter: false);
            Writer.Text(")");
        }

        void Shown(bool isDayAfter)
        {
            if (isDayAfter)
                Writer.Text("DATEADD('day', 1, ");
            CastTo(clock, "TIMESTAMP_NTZ");
            if (isDayAfter)
                Writer.Text(")");
        }
    }

    /// <summary>[D:sql-reference/functions/convert_timezone].</summary>
    protected internal override SqlPrecedence ToZone(SqlToZone conversion) =>
        Invoke("CONVERT_TIMEZONE", new SqlString("UTC"), new SqlString(conversion.Zone), conversion.Instant);

    /// <summary>
    /// Brackets behind a VARIANT hold a field's name, whose case counts, or an element's place
    /// [D:user-guide/querying-semistructured]; a cast of what is not there, or of a JSON null, is NULL
    /// [D:user-guide/semistructured-considerations].
    /// </summary>
    protected internal override SqlPrecedence Path(SqlPath path)
    {
        Writer.Text("CAST(");
        Operand(path.Operand, SqlPrecedence.Primary);
        foreach (var step in path.Steps)
        {
            Writer.Text("[");
            Expression(step.Field is null ? new SqlInteger(step.Index) : new SqlString(step.Field));
            Writer.Text("]");
        }
        return Word(" AS VARCHAR)");
    }

    /// <summary>
    /// A column each: objects would turn numbers into VARIANT. FIRST_VALUE and LAST_VALUE take a sliding RANGE frame over a numeric key with constant
    /// distances, and their frame is always written, since without one they see the whole partition
    /// (https://docs.snowflake.com/en/sql-reference/functions-window-syntax).
    /// </summary>
    protected override ImmutableArray<SqlSelectItem> Columns(ImmutableArray<SqlSelectItem> items)
    {
        if (!items.Any(item => item.Expression is SqlLookup)) return items;
        return [.. items.SelectMany(item => item.Expression is SqlLookup lookup ? lookup.Columns.Select(column => Single(lookup, item, column)) : [item])];
    }

    private static SqlSelectItem Single(SqlLookup lookup, SqlSelectItem item, SqlColumn column) =>
        new(lookup with { Columns = [column] }, LookedUpName(item.Alias!, column.Name));

    private static SqlName LookedUpName(SqlName lookup, SqlName column) => new($"{lookup.Name}_{column.Name}");

    protected internal override SqlPrecedence Lookup(SqlLookup lookup) => Found(lookup, () => CommaSeparated(lookup.Columns, column => Expression(column)));

    /// <summary>[D:sql-reference/functions/last_value], with a frame.</summary>
    protected override void ValueCall(SqlValueAt window)
    {
        Invoke(ValueFunction(window), window.Argument);
        if (window.IgnoresNulls) Writer.Text(" IGNORE NULLS");
    }

    protected internal override SqlPrecedence LookedUp(SqlLookedUp column) => Column(new SqlColumn(column.Table, LookedUpName(column.Lookup, column.Column)));

    protected internal override SqlPrecedence Shift(SqlShift shift)
    {
        if (shift.Microseconds == 0)
            return Expression(shift.Instant);

        var (count, unit) = ExactDuration.FromMicroseconds(shift.Microseconds);
        return DateAdd(unit, new SqlDecimal(count), shift.Instant);
    }

    /// <summary>Clamps to the month's last day, unlike ADD_MONTHS [D:sql-reference/functions/dateadd].</summary>
    protected internal override SqlPrecedence ShiftMonths(SqlShiftMonths shift) => DateAdd("month", shift.Months, shift.Instant);

    protected internal override SqlPrecedence ShiftSteps(SqlShiftSteps shift)
    {
        var (count, unit) = ExactDuration.FromMicroseconds(shift.StepMicroseconds);
        return DateAdd(
            unit, count == 1 ? shift.Count : new SqlBinary(new SqlDecimal(count), SqlBinaryOperator.Multiply, shift.Count), shift.Instant);
    }

    protected internal override void Select(SqlSelect query)
    {
        var outer = series;
        series = query.From is null ? [] : SeriesOf(query.From);
        base.Select(query);
        series = outer;
    }

    /// <summary>
    /// FLATTEN gives the number as a VARIANT in its column VALUE [D:sql-reference/functions/flatten], so a column of a series
    /// is read from there and cast; a column list behind the alias could rename it but not give it a type.
    /// </summary>
    protected internal override SqlPrecedence Column(SqlColumn column)
    {
        if (FindSeries(column) is not { } found)
            return base.Column(column);

        Writer.Text("CAST(");
        Name(found.Alias);
        return Word(".value AS INT)");
    }

    protected override void SelectItem(SqlSelectItem item) =>
        base.SelectItem(item.Alias is null && item.Expression is SqlColumn column && FindSeries(column) is not null
            ? item with { Alias = column.Name }
            : item);

    /// <summary>The upper end is excluded, an empty or null array gives no rows [D:sql-reference/functions/array_generate_range].</summary>
    protected internal override void Series(SqlSeries table)
    {
        Writer.Text("TABLE(");
        Flatten(table);
        Writer.Text(")");
        Alias(table.Alias);
    }

    /// <summary>LATERAL lets a series read columns to its left [D:sql-reference/constructs/join-lateral].</summary>
    protected override void JoinedTable(SqlTable table)
    {
        if (table is not SqlSeries numbers)
        {
            base.JoinedTable(table);
            return;
        }

        Writer.Text("LATERAL ");
        Flatten(numbers);
        Alias(numbers.Alias);
    }

    /// <summary>
    /// Snowflake reads no local files, which the lowering reports. Should such a tree be printed all the same, this is a
    /// table literal of that name: it names no table, so the statement fails instead of reading something else.
    /// </summary>
    protected internal override void FileTable(SqlFileTable table)
    {
        Invoke("TABLE", new SqlString(table.Path));
        Alias(table.Alias);
    }

#pragma warning disable CS8524 // A new type must be named here; a number that is no type has no name.
    protected override string TypeName(SqlType type) => type switch
    {
        SqlType.Boolean => "BOOLEAN",
        SqlType.BigInt => "NUMBER(38, 0)",
        SqlType.Double => "FLOAT",
        SqlType.Decimal => "NUMBER(38, 9)",
        SqlType.Whole => "NUMBER(38, 0)",
        SqlType.Text => "VARCHAR",
        SqlType.Timestamp => "TIMESTAMP_NTZ",
        SqlType.Date => "DATE",
    };
#pragma warning restore CS8524

    /// <summary>Null if any argument is null [D:sql-reference/functions/greatest].</summary>
    protected override SqlPrecedence Greatest(ImmutableArray<SqlExpression> arguments) => Invoke("GREATEST", arguments);

    /// <summary>Null if any argument is null [D:sql-reference/functions/least].</summary>
    protected override SqlPrecedence Least(ImmutableArray<SqlExpression> arguments) => Invoke("LEAST", arguments);

    /// <summary>
    /// A quotient is rounded to a few decimals [D:sql-reference/operators-arithmetic], so that its floor may be one too many; without the remainder
    /// nothing is left to round.
    /// </summary>
    protected override SqlPrecedence DivideWhole(SqlExpression number, SqlExpression divisor)
    {
        var exact = new SqlBinary(number, SqlBinaryOperator.Subtract, new SqlBinary(number, SqlBinaryOperator.Modulo, divisor));
        return Cast(new SqlCast(new SqlBinary(exact, SqlBinaryOperator.Divide, divisor), SqlType.BigInt));
    }

    /// <summary>Removes blanks alone [D:sql-reference/functions/trim].</summary>
    protected override SqlPrecedence Trim(SqlExpression text) => Invoke("TRIM", text);

    protected override SqlPrecedence Contains(SqlExpression text, SqlExpression part) => Invoke("CONTAINS", text, part);

    protected override SqlPrecedence StartsWith(SqlExpression text, SqlExpression part) => Invoke("STARTSWITH", text, part);

    protected override SqlPrecedence EndsWith(SqlExpression text, SqlExpression part) => Invoke("ENDSWITH", text, part);

    /// <summary>A FLOAT from -1 to 1; null where the text is [D:sql-reference/functions/sentiment-snowflake-cortex].</summary>
    protected override SqlPrecedence TextSentiment(SqlExpression text) => Invoke("SNOWFLAKE.CORTEX.SENTIMENT", text);

    /// <summary>An object whose `labels` holds the one class [D:sql-reference/functions/ai_classify].</summary>
    protected override SqlPrecedence TextClass(SqlExpression text, ImmutableArray<SqlExpression> classes)
    {
        Writer.Text("CAST(AI_CLASSIFY(");
        Expression(text);
        Writer.Text(", [");
        for (var i = 0; i < classes.Length; i++)
        {
            if (i > 0) Writer.Text(", ");
            Expression(classes[i]);
        }
        return Word("])['labels'][0] AS VARCHAR)");
    }

    /// <summary>
    /// A VECTOR(FLOAT, 1024), which a table can hold [D:sql-reference/functions/ai_embed, sql-reference/data-types-vector]. What it gives for NULL is
    /// not documented, so that it is never asked.
    /// </summary>
    protected override SqlPrecedence TextVector(SqlExpression text)
    {
        Writer.GroupStart();
        Writer.Text("CASE");
        Writer.Indent();
        Writer.SoftBreak();
        Writer.Text("WHEN ");
        IsNull(new SqlIsNull(text, IsNegated: true));
        Writer.Text(" THEN ");
        Invoke("AI_EMBED", new SqlString("snowflake-arctic-embed-l-v2.0"), text);
        Writer.Dedent();
        Writer.SoftBreak();
        Writer.Text("END");
        Writer.GroupEnd();
        return SqlPrecedence.Primary;
    }

    /// <summary>Not subject to WEEK_START, as DAYOFWEEK is [D:sql-reference/functions/year].</summary>
    protected override SqlPrecedence IsoWeekdayOf(SqlExpression instant) => Invoke("DAYOFWEEKISO", instant);

    /// <summary>DATEDIFF counts the boundaries crossed, whatever the days [D:sql-reference/functions/datediff].</summary>
    protected override SqlPrecedence MonthsBetween(SqlExpression from, SqlExpression to) => Invoke("DATEDIFF", new SqlString("month"), from, to);

    /// <summary>
    /// DATEDIFF counts the boundaries crossed; between instants of whole microseconds, those of microseconds are the length
    /// [D:sql-reference/functions/datediff].
    /// </summary>
    protected override SqlPrecedence MicrosecondsBetween(SqlExpression from, SqlExpression to) =>
        Invoke("DATEDIFF", new SqlString("microsecond"), from, to);

    /// <summary>[D:sql-reference/functions/date_part].</summary>
    protected override SqlPrecedence EpochMicroseconds(SqlExpression instant) =>
        Invoke("DATE_PART", new SqlString("epoch_microsecond"), instant);

    /// <summary>The scale is given because a bare number means seconds [D:sql-reference/functions/to_timestamp].</summary>
    protected override SqlPrecedence FromEpochSeconds(SqlExpression seconds)
    {
        Writer.Text("TO_TIMESTAMP_NTZ(FLOOR(");
        Expression(new SqlBinary(As(seconds, SqlType.Decimal), SqlBinaryOperator.Multiply, new SqlInteger(1_000_000)));
        return Word("), 6)");
    }

    /// <summary>[D:sql-reference/functions/stddev]; over FLOAT, because over NUMBER the result is a rounded NUMBER.</summary>
    protected override SqlPrecedence StandardDeviation(SqlExpression argument, bool isWindow) =>
        Invoke("STDDEV_SAMP", As(argument, SqlType.Double));

    /// <summary>Interpolates between the two nearest values and skips nulls [D:sql-reference/functions/percentile_cont].</summary>
    protected internal override SqlPrecedence Quantile(SqlQuantile quantile)
    {
        Invoke("PERCENTILE_CONT", new SqlDecimal(quantile.Share));
        Writer.Text(" WITHIN GROUP (ORDER BY ");
        Expression(quantile.Argument);
        return Word(")");
    }

    /// <summary>A signed 64-bit hash over rows in no order, nulls included [D:sql-reference/functions/hash_agg].</summary>
    protected internal override SqlPrecedence RowsHash(SqlRowsHash rows) => Invoke("HASH_AGG", rows.Columns);

    /// <summary>
    /// WITHIN GROUP takes what ORDER BY takes [D:sql-reference/functions/array_agg]; positions begin at 0, and the last is not
    /// part of the slice [D:sql-reference/functions/array_slice].
    /// </summary>
    protected internal override SqlPrecedence FirstValues(SqlFirstValues values)
    {
        Writer.Text("ARRAY_SLICE");
        Bracketed(() =>
        {
            Invoke("ARRAY_AGG", values.Argument);
            Writer.Text(" WITHIN GROUP (ORDER BY ");
            Keys(values.OrderBy, Order);
            Writer.Text("),");
            Writer.SoftBreak();
            Writer.Text($"0, {values.Count}");
        });
        return SqlPrecedence.Primary;
    }

    private SqlPrecedence DateAdd(string unit, SqlExpression count, SqlExpression instant) =>
        Invoke("DATEADD", new SqlString(unit), count, instant);

    private void Flatten(SqlSeries table)
    {
        Writer.Text("FLATTEN(input => ");
        Invoke("ARRAY_GENERATE_RANGE", table.Low, table.High);
        Writer.Text(")");
    }

    private SqlSeries? FindSeries(SqlColumn column) => series.FirstOrDefault(
        candidate => candidate.Column == column.Name && (column.Table is null || candidate.Alias == column.Table));

    private static ImmutableArray<SqlSeries> SeriesOf(SqlTable from)
    {
        var found = ImmutableArray.CreateBuilder<SqlSeries>();
        var open = new Stack<SqlTable>([from]);
        while (open.TryPop(out var table))
        {
            if (table is SqlSeries one)
                found.Add(one);
            else if (table is SqlJoin join)
            {
                open.Push(join.Left);
                open.Push(join.Right);
            }
        }

        return found.ToImmutable();
    }
}
