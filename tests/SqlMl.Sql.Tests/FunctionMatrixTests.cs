using static SqlMl.Sql.Tests.Tree;

namespace SqlMl.Sql.Tests;

/// <summary>Every function and aggregate in every dialect; a row is missing, or a dialect, and the test says so.</summary>
public sealed class FunctionMatrixTests
{
    private static readonly Dictionary<SqlFunction, (SqlExpression[] Arguments, string DuckDb, string Snowflake)> Functions = new()
    {
        [SqlFunction.Coalesce] = Both([Col("a"), Int(0)], "COALESCE(a, 0)"),
        [SqlFunction.NullIf] = Both([Col("a"), Int(0)], "NULLIF(a, 0)"),
        [SqlFunction.Abs] = Both([Col("a")], "ABS(a)"),
        [SqlFunction.Round] = Both([Col("a"), Int(2)], "ROUND(a, 2)"),
        [SqlFunction.Floor] = Both([Col("a")], "FLOOR(a)"),
        [SqlFunction.Ceil] = Both([Col("a")], "CEIL(a)"),
        [SqlFunction.Ln] = Both([Col("a")], "LN(CASE WHEN a > 0 THEN a END)"),
        [SqlFunction.Log2] = Both([Col("a")], "LOG(2, a)"),
        [SqlFunction.Exp] = Both([Col("a")], "EXP(a)"),
        [SqlFunction.Sqrt] = Both([Col("a")], "SQRT(CASE WHEN a >= 0 THEN a END)"),
        [SqlFunction.Power] = Both([Col("a"), Int(2)], "POWER(a, 2)"),
        [SqlFunction.Sign] = Both([Col("a")], "SIGN(a)"),
        [SqlFunction.Greatest] = ([Col("a"), Col("b"), Int(0)], "CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN GREATEST(a, b, 0) END", "GREATEST(a, b, 0)"),
        [SqlFunction.Least] = ([Col("a"), Int(0)], "CASE WHEN a IS NOT NULL THEN LEAST(a, 0) END", "LEAST(a, 0)"),
        [SqlFunction.Highest] = Both([Col("a"), Int(0)], "GREATEST(a, 0)"),
        [SqlFunction.Lowest] = Both([Col("a"), Int(0)], "LEAST(a, 0)"),
        [SqlFunction.DivideWhole] = ([Col("a"), Int(7)], "a // 7", "CAST((a - a % 7) / 7 AS NUMBER(38, 0))"),
        [SqlFunction.Lower] = Both([Col("a")], "LOWER(a)"),
        [SqlFunction.Upper] = Both([Col("a")], "UPPER(a)"),
        [SqlFunction.Length] = Both([Col("a")], "LENGTH(a)"),
        [SqlFunction.Trim] = ([Col("a")], "TRIM(a, ' ')", "TRIM(a)"),
        [SqlFunction.Substring] = Both([Col("a"), Int(1), Int(8)], "SUBSTRING(a, 1, 8)"),
        [SqlFunction.Replace] = Both([Col("a"), new SqlString("x"), new SqlString("y")], "REPLACE(a, 'x', 'y')"),
        [SqlFunction.Concat] = Both([Col("a"), new SqlString("x"), Op(Col("b"), SqlBinaryOperator.Add, Int(1))], "a || 'x' || (b + 1)"),
        [SqlFunction.Contains] = Both([Col("a"), new SqlString("x")], "CONTAINS(a, 'x')"),
        [SqlFunction.TextSentiment] = ([Col("a")], "ERROR('DuckDB has no models of language')", "SNOWFLAKE.CORTEX.SENTIMENT(a)"),
        [SqlFunction.TextClass] = ([Col("a"), new SqlString("x"), new SqlString("y")], "ERROR('DuckDB has no models of language')", "CAST(AI_CLASSIFY(a, ['x', 'y'])['labels'][0] AS VARCHAR)"),
        [SqlFunction.TextVector] = ([Col("a")], "ERROR('DuckDB has no models of language')", "CASE WHEN a IS NOT NULL THEN AI_EMBED('snowflake-arctic-embed-l-v2.0', a) END"),
        [SqlFunction.StartsWith] = ([Col("a"), new SqlString("x")], "STARTS_WITH(a, 'x')", "STARTSWITH(a, 'x')"),
        [SqlFunction.EndsWith] = ([Col("a"), new SqlString("x")], "ENDS_WITH(a, 'x')", "ENDSWITH(a, 'x')"),
        [SqlFunction.YearOf] = Both([Col("t")], "YEAR(t)"),
        [SqlFunction.MonthOf] = Both([Col("t")], "MONTH(t)"),
        [SqlFunction.DayOf] = Both([Col("t")], "DAY(t)"),
        [SqlFunction.HourOf] = Both([Col("t")], "HOUR(t)"),
        [SqlFunction.MinuteOf] = Both([Col("t")], "MINUTE(t)"),
        [SqlFunction.IsoWeekdayOf] = ([Col("t")], "ISODOW(t)", "DAYOFWEEKISO(t)"),
        [SqlFunction.StartOfDay] = Both([Col("t")], "DATE_TRUNC('day', t)"),
        [SqlFunction.StartOfHour] = Both([Col("t")], "DATE_TRUNC('hour', t)"),
        [SqlFunction.MonthsBetween] = ([Col("t"), Col("u")], "DATE_DIFF('month', t, u)", "DATEDIFF('month', t, u)"),
        [SqlFunction.MicrosecondsBetween] = ([Col("t"), Col("u")], "DATE_DIFF('microsecond', t, u)", "DATEDIFF('microsecond', t, u)"),
        [SqlFunction.EpochMicroseconds] = ([Col("t")], "EPOCH_US(t)", "DATE_PART('epoch_microsecond', t)"),
        [SqlFunction.FromEpochSeconds] = (
            [Col("a")],
            "MAKE_TIMESTAMP(CAST(FLOOR(CAST(a AS DECIMAL(38, 9)) * 1000000) AS BIGINT))",
            "TO_TIMESTAMP_NTZ(FLOOR(CAST(a AS NUMBER(38, 9)) * 1000000), 6)"),
        [SqlFunction.Md5] = Both([Col("a")], "MD5(a)"),
    };

    private static readonly Dictionary<SqlAggregateFunction, (string DuckDb, string Snowflake)> Aggregates = new()
    {
        [SqlAggregateFunction.Count] = ("COUNT(a)", "COUNT(a)"),
        [SqlAggregateFunction.CountDistinct] = ("COUNT(DISTINCT a)", "COUNT(DISTINCT a)"),
        [SqlAggregateFunction.Sum] = ("SUM(a)", "SUM(a)"),
        [SqlAggregateFunction.Average] = ("AVG(a)", "AVG(a)"),
        [SqlAggregateFunction.Min] = ("MIN(a)", "MIN(a)"),
        [SqlAggregateFunction.Max] = ("MAX(a)", "MAX(a)"),
        [SqlAggregateFunction.StandardDeviation] = (
            "LIST_AGGREGATE(LIST_SORT(LIST(CAST(a AS DOUBLE))), 'stddev_samp')", "STDDEV_SAMP(CAST(a AS FLOAT))"),
        [SqlAggregateFunction.Median] = ("MEDIAN(CAST(a AS DOUBLE))", "MEDIAN(CAST(a AS FLOAT))"),
    };

    [Fact]
    public void Every_function_prints_in_every_dialect()
    {
        var examined = 0;
        foreach (var function in Enum.GetValues<SqlFunction>())
        {
            var (arguments, duckDb, snowflake) = Functions[function];
            Assert.Equal(duckDb, DuckDb.Print(Call(function, [.. arguments])));
            Assert.Equal(snowflake, Snowflake.Print(Call(function, [.. arguments])));
            examined++;
        }

        Assert.Equal(Functions.Count, examined);
        Assert.Equal(2, SqlDialects.All.Length);
    }

    [Fact]
    public void Every_aggregate_prints_in_every_dialect()
    {
        var examined = 0;
        foreach (var function in Enum.GetValues<SqlAggregateFunction>())
        {
            var (duckDb, snowflake) = Aggregates[function];
            Assert.Equal(duckDb, DuckDb.Print(new SqlAggregate(function, Col("a"))));
            Assert.Equal(snowflake, Snowflake.Print(new SqlAggregate(function, Col("a"))));
            examined++;
        }

        Assert.Equal(Aggregates.Count, examined);
    }

    [Fact]
    public void A_cast_that_is_there_is_not_repeated()
    {
        var already = new SqlCast(Col("a"), SqlType.Double);
        Assert.Equal("MEDIAN(CAST(a AS DOUBLE))", DuckDb.Print(new SqlAggregate(SqlAggregateFunction.Median, already)));
        Assert.Equal("GREATEST(1, 2)", DuckDb.Print(Call(SqlFunction.Greatest, Int(1), Int(2))));
        Assert.Equal("a", DuckDb.Print(Call(SqlFunction.Concat, Col("a"))));
    }

    private static (SqlExpression[] Arguments, string DuckDb, string Snowflake) Both(SqlExpression[] arguments, string text) =>
        (arguments, text, text);
}
