using static SqlMl.Sql.Tests.Tree;

namespace SqlMl.Sql.Tests;

public sealed class ExpressionTextTests
{
    private static readonly SqlColumn A = Col("a");
    private static readonly SqlColumn T = Col("t");

    private static readonly (SqlExpression Tree, string DuckDb, string? Snowflake)[] Cases =
    [
        (A, "a", null),
        (Col("o", "amount"), "o.amount", null),
        (new SqlStar(), "*", null),
        (new SqlStar(new SqlName("o")), "o.*", null),
        (Int(42), "42", null),
        (Int(long.MinValue), "-9223372036854775808", null),
        (new SqlDecimal(1.50m), "1.50", null),
        (new SqlString("it's"), "'it''s'", null),
        (new SqlString(@"a\b"), @"'a\b'", @"'a\\b'"),
        (new SqlString("a\nb\0"), @"'a' || CHR(10) || 'b' || CHR(0)", @"'a\nb\u0000'"),
        (new SqlString("\0"), "'' || CHR(0)", @"'\u0000'"),
        (new SqlString(""), "''", null),
        (new SqlBoolean(true), "TRUE", null),
        (new SqlNull(), "NULL", null),
        (new SqlTimestamp(new DateTime(2024, 1, 31)), "TIMESTAMP '2024-01-31 00:00:00'", "'2024-01-31 00:00:00'::TIMESTAMP_NTZ"),
        (new SqlTimestamp(new DateTime(2024, 1, 31, 23, 59, 59).AddTicks(1234567)), "TIMESTAMP '2024-01-31 23:59:59.123456'", "'2024-01-31 23:59:59.123456'::TIMESTAMP_NTZ"),
        (new SqlTimestamp(new DateTime(2024, 1, 31).AddTicks(9)), "TIMESTAMP '2024-01-31 00:00:00'", "'2024-01-31 00:00:00'::TIMESTAMP_NTZ"),
        (new SqlCast(A, SqlType.Double), "CAST(a AS DOUBLE)", "CAST(a AS FLOAT)"),
        (new SqlCast(A, SqlType.Decimal), "CAST(a AS DECIMAL(38, 9))", "CAST(a AS NUMBER(38, 9))"),
        (new SqlCast(A, SqlType.Whole), "CAST(a AS DECIMAL(38, 0))", "CAST(a AS NUMBER(38, 0))"),
        (new SqlQuantile(A, 0.9m), "QUANTILE_CONT(a, 0.9)", "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY a)"),
        (
            new SqlFirstValues(A, [new SqlOrder(T, IsDescending: true, NullsFirst: false), Asc("a")], 3),
            "LIST_SLICE(LIST(a ORDER BY t DESC NULLS LAST, a NULLS LAST), 1, 3)",
            "ARRAY_SLICE(ARRAY_AGG(a) WITHIN GROUP (ORDER BY t DESC NULLS LAST, a NULLS LAST), 0, 3)"),
        (new SqlRowsHash([A, T]), "SUM(HASH(HASH(a, t))::HUGEINT)", "HASH_AGG(a, t)"),
        (new SqlLag(A, [T], [Asc("b")]), "LAG(a) OVER (PARTITION BY t ORDER BY b NULLS LAST)", null),
        (new SqlLead(A, [T], [Asc("b")]), "LEAD(a) OVER (PARTITION BY t ORDER BY b NULLS LAST)", null),
        (new SqlValueAt(true, A, [Col("u")], [Asc("k")], new SqlFrame(false, new SqlOffset(-7), new SqlOffset(-1))),
            "LAST_VALUE(a) OVER (PARTITION BY u ORDER BY k NULLS LAST RANGE BETWEEN 7 PRECEDING AND 1 PRECEDING)", null),
        (new SqlLookup(false, [new SqlColumn(null, new SqlName("a"))], [T], [Asc("k")], new SqlFrame(false, new SqlOffset(-7), new SqlCurrentRow())),
            "FIRST_VALUE(STRUCT_PACK(a := a)) OVER (\n  PARTITION BY t\n  ORDER BY k NULLS LAST\n  RANGE BETWEEN 7 PRECEDING AND CURRENT ROW\n)",
            "FIRST_VALUE(a) OVER (PARTITION BY t ORDER BY k NULLS LAST RANGE BETWEEN 7 PRECEDING AND CURRENT ROW)"),
        (new SqlLookup(true, [new SqlColumn(null, new SqlName("a"))], [], [Asc("k")], new SqlFrame(false, new SqlUnbounded(), new SqlOffset(-7))),
            "LAST_VALUE(STRUCT_PACK(a := a)) OVER (\n  ORDER BY k NULLS LAST\n  RANGE BETWEEN UNBOUNDED PRECEDING AND 7 PRECEDING\n)",
            "LAST_VALUE(a) OVER (ORDER BY k NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND 7 PRECEDING)"),
        (new SqlLookedUp(new SqlName("s"), new SqlName("ago_7d"), new SqlName("a")), "s.ago_7d.a", "s.ago_7d_a"),
        (new SqlCast(A, SqlType.BigInt), "CAST(a AS BIGINT)", "CAST(a AS NUMBER(38, 0))"),
        (new SqlCast(A, SqlType.Timestamp), "CAST(a AS TIMESTAMP)", "CAST(a AS TIMESTAMP_NTZ)"),
        (new SqlCast(new SqlNegate(A), SqlType.Text), "CAST(-a AS VARCHAR)", null),
        (new SqlCast(A, SqlType.Boolean), "CAST(a AS BOOLEAN)", null),
        (new SqlCast(A, SqlType.Date), "CAST(a AS DATE)", null),
        (new SqlToUtc(T), "CASE WHEN TYPEOF(t) IN ('DATE', 'TIMESTAMP') THEN CAST(t AS TIMESTAMP) ELSE CAST(CAST(t AS TIMESTAMPTZ) AS TIMESTAMP) END", "DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(t AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))"),
        (new SqlNot(Eq(A, Int(1))), "NOT a = 1", null),
        (new SqlNot(Or(A, T)), "NOT (a OR t)", null),
        (new SqlNegate(new SqlNegate(A)), "-(-a)", null),
        (new SqlNegate(Int(-3)), "-(-3)", null),
        (Op(A, SqlBinaryOperator.Subtract, Int(-3)), "a - -3", null),
        (new SqlIsNull(A, false), "a IS NULL", null),
        (new SqlIsNull(Eq(A, T), true), "(a = t) IS NOT NULL", null),
        (new SqlBetween(A, Int(1), Op(T, SqlBinaryOperator.Add, Int(2)), false), "a BETWEEN 1 AND t + 2", null),
        (new SqlBetween(A, Int(1), And(T, A), true), "a NOT BETWEEN 1 AND (t AND a)", null),
        (new SqlIn(A, [Int(1), Int(2)], false), "a IN (1, 2)", null),
        (new SqlIn(A, [Int(1)], true), "a NOT IN (1)", null),
        (new SqlLike(A, new SqlString(@"\%"), false, false), @"a LIKE '\%'", @"a LIKE '\\%'"),
        (new SqlLike(A, new SqlString("x%"), true, true), "a NOT ILIKE 'x%'", null),
        (new SqlCase([new SqlCaseBranch(A, Int(1))], Int(0)), "CASE WHEN a THEN 1 ELSE 0 END", null),
        (new SqlCase([new SqlCaseBranch(A, Int(1)), new SqlCaseBranch(T, Int(2))], null), "CASE WHEN a THEN 1 WHEN t THEN 2 END", null),
        (new SqlRaw("x + 1"), "(x + 1)", null),
        (new SqlRaw("x -- why"), "(\nx -- why\n)", null),
        (new SqlScalarQuery(Select(Table("x"), A)), "(\n  SELECT a\n  FROM x\n)", null),
        (new SqlShift(T, -604_800_000_000), "t - INTERVAL '7 days'", "DATEADD('day', -7, t)"),
        (new SqlShift(T, 3_600_000_000), "t + INTERVAL '1 hour'", "DATEADD('hour', 1, t)"),
        (new SqlShift(T, 5_400_000_000), "t + INTERVAL '90 minutes'", "DATEADD('minute', 90, t)"),
        (new SqlShift(T, 1_500_000), "t + INTERVAL '1500 milliseconds'", "DATEADD('millisecond', 1500, t)"),
        (new SqlShift(T, 1), "t + INTERVAL '1 microsecond'", "DATEADD('microsecond', 1, t)"),
        (new SqlShift(T, 0), "t", null),
        (new SqlShift(T, long.MinValue), "t - INTERVAL '9223372036854775808 microseconds'", "DATEADD('microsecond', -9223372036854775808, t)"),
        (new SqlPath(A, [new SqlPathStep("de/vi~ce", 0), new SqlPathStep(null, 1), new SqlPathStep("it's", 0)]),
            "JSON_EXTRACT_STRING(TRY_CAST(a AS JSON), '/de~1vi~0ce/1/it''s')", "CAST(a['de/vi~ce'][1]['it''s'] AS VARCHAR)"),
        (new SqlShiftMonths(T, Int(-1)), "t - INTERVAL '1 month'", "DATEADD('month', -1, t)"),
        (new SqlShiftMonths(T, A), "t + TO_MONTHS(a)", "DATEADD('month', a, t)"),
        (new SqlShiftSteps(T, A, 604_800_000_000), "t + a * INTERVAL '7 days'", "DATEADD('day', 7 * a, t)"),
        (new SqlShiftSteps(T, Op(A, SqlBinaryOperator.Add, Int(1)), 86_400_000_000), "t + (a + 1) * INTERVAL '1 day'", "DATEADD('day', a + 1, t)"),
        (new SqlShiftSteps(T, A, 1_000_000), "t + TO_MICROSECONDS(a * 1000000)", "DATEADD('second', a, t)"),
        (new SqlAggregate(SqlAggregateFunction.Count, null), "COUNT(*)", null),
        (new SqlWindowAggregate(
            new SqlAggregate(SqlAggregateFunction.Sum, A), [Col("u")], [Asc("k")], new SqlFrame(false, new SqlOffset(-7), new SqlOffset(-1))),
            "SUM(a) OVER (PARTITION BY u ORDER BY k NULLS LAST RANGE BETWEEN 7 PRECEDING AND 1 PRECEDING)", null),
        (new SqlWindowAggregate(
            new SqlAggregate(SqlAggregateFunction.Count, A), [], [new SqlOrder(Col("k"), true, true)], new SqlFrame(true, new SqlUnbounded(), new SqlCurrentRow())),
            "COUNT(a) OVER (ORDER BY k DESC NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)", null),
        (new SqlWindowAggregate(
            new SqlAggregate(SqlAggregateFunction.Max, A), [Col("u")], [Asc("k")], new SqlFrame(false, new SqlOffset(0), new SqlUnbounded())),
            "MAX(a) OVER (PARTITION BY u ORDER BY k NULLS LAST RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)", null),
        (new SqlWindowAggregate(
            new SqlAggregate(SqlAggregateFunction.StandardDeviation, A), [], [], null),
            "STDDEV_SAMP(CAST(a AS DOUBLE)) OVER ()", "STDDEV_SAMP(CAST(a AS FLOAT)) OVER ()"),
        (new SqlRowNumber([Col("u")], [Asc("k"), new SqlOrder(A, true, false)]),
            "ROW_NUMBER() OVER (PARTITION BY u ORDER BY k NULLS LAST, a DESC NULLS LAST)", null),
        (new SqlWindowAggregate(
            new SqlAggregate(SqlAggregateFunction.Min, A), [], [Asc("k")], new SqlFrame(false, new SqlOffset(1), new SqlOffset(604_800_000_000))),
            "MIN(a) OVER (ORDER BY k NULLS LAST RANGE BETWEEN 1 FOLLOWING AND 604800000000 FOLLOWING)", null),
    ];

    public static TheoryData<int> CaseNumbers { get; } = [.. Enumerable.Range(0, Cases.Length)];

    [Theory]
    [MemberData(nameof(CaseNumbers))]
    public void Expression_prints_as_written_here(int number)
    {
        var (tree, duckDb, snowflake) = Cases[number];
        Assert.Equal(duckDb, DuckDb.Print(tree));
        Assert.Equal(snowflake ?? duckDb, Snowflake.Print(tree));
    }

    [Fact]
    public void Names_are_bare_unless_reserved_odd_or_exact()
    {
        (SqlName Name, string DuckDb, string Snowflake)[] cases =
        [
            (new SqlName("Amount_1"), "Amount_1", "Amount_1"),
            (new SqlName("order"), "\"order\"", "\"ORDER\""),
            (new SqlName("qualify"), "\"qualify\"", "\"QUALIFY\""),
            (new SqlName("match_condition"), "match_condition", "\"MATCH_CONDITION\""),
            (new SqlName("pivot_wider"), "\"pivot_wider\"", "pivot_wider"),
            (new SqlName("first name"), "\"first name\"", "\"FIRST NAME\""),
            (new SqlName("7d"), "\"7d\"", "\"7D\""),
            (new SqlName("größe"), "\"größe\"", "\"GRÖßE\""),
            (new SqlName("Amount", IsExact: true), "\"Amount\"", "\"Amount\""),
            (new SqlName("a\"b", IsExact: true), "\"a\"\"b\"", "\"a\"\"b\""),
        ];
        foreach (var (name, duckDb, snowflake) in cases)
        {
            Assert.Equal(duckDb, DuckDb.Print(new SqlColumn(null, name)));
            Assert.Equal(snowflake, Snowflake.Print(new SqlColumn(null, name)));
        }
    }

    [Fact]
    public void A_long_case_stands_on_several_lines()
    {
        var condition = Eq(Col("a_rather_long_column_name"), new SqlString("a rather long constant"));
        var tree = new SqlCase([new SqlCaseBranch(condition, Int(1)), new SqlCaseBranch(condition, Int(2))], Int(3));
        const string Expected = """
            CASE
              WHEN a_rather_long_column_name = 'a rather long constant' THEN 1
              WHEN a_rather_long_column_name = 'a rather long constant' THEN 2
              ELSE 3
            END
            """;
        Assert.Equal(Expected, DuckDb.Print(tree));
    }
}
