namespace SqlMl.DuckDb.Tests;

public sealed class RowReadingTests
{
    private static DateTime Utc(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) =>
        new(year, month, day, hour, minute, second, DateTimeKind.Utc);

    public static TheoryData<string, string, object> Values => new()
    {
        { "true", "BOOLEAN", true },
        { "false", "BOOLEAN", false },
        { "(-128)::tinyint", "TINYINT", -128L },
        { "255::utinyint", "UTINYINT", 255L },
        { "(-32768)::smallint", "SMALLINT", -32768L },
        { "65535::usmallint", "USMALLINT", 65535L },
        { "(-2147483648)::integer", "INTEGER", -2147483648L },
        { "4294967295::uinteger", "UINTEGER", 4294967295L },
        { "(-9223372036854775808)::bigint", "BIGINT", long.MinValue },
        { "18446744073709551615::ubigint", "UBIGINT", ulong.MaxValue },
        { "170141183460469231731687303715884105727::hugeint", "HUGEINT", Int128.MaxValue },
        { "(-170141183460469231731687303715884105728)::hugeint", "HUGEINT", Int128.MinValue },
        { "(-1)::hugeint", "HUGEINT", Int128.NegativeOne },
        { "340282366920938463463374607431768211455::uhugeint", "UHUGEINT", UInt128.MaxValue },
        { "0.5::float", "FLOAT", 0.5d },
        { "'-inf'::double", "DOUBLE", double.NegativeInfinity },
        { "'nan'::double", "DOUBLE", double.NaN },
        { "1e-308::double", "DOUBLE", 1e-308 },
        { "(-123.4)::decimal(4,1)", "DECIMAL(4,1)", -123.4m },
        { "12345.6789::decimal(9,4)", "DECIMAL(9,4)", 12345.6789m },
        { "(-123456789012345.678)::decimal(18,3)", "DECIMAL(18,3)", -123456789012345.678m },
        { "12345678901234567890.12345678::decimal(28,8)", "DECIMAL(28,8)", 12345678901234567890.12345678m },
        { "(-7.5)::decimal(38,10)", "DECIMAL(38,10)", -7.5m },
        { "1.25::decimal(38,36)", "DECIMAL(38,36)", 1.25m },
        { "''", "VARCHAR", "" },
        { "'twelve bytes'", "VARCHAR", "twelve bytes" },
        { "'thirteen byte'", "VARCHAR", "thirteen byte" },
        { "'12 ü €'", "VARCHAR", "12 ü €" },
        { "'é🦆解' || repeat('long ', 3000)", "VARCHAR", "é🦆解" + string.Concat(Enumerable.Repeat("long ", 3000)) },
        { "'a' || chr(0) || 'b'", "VARCHAR", "a\0b" },
        { "'low'::enum('high', 'low')", "ENUM", "low" },
        { "date '1969-12-31'", "DATE", Utc(1969, 12, 31) },
        { "date '0001-01-01'", "DATE", Utc(1, 1, 1) },
        { "date 'infinity'", "DATE", DateTime.MaxValue },
        { "date '-infinity'", "DATE", DateTime.MinValue },
        { "timestamp '1905-02-03 04:05:06.000007'", "TIMESTAMP", Utc(1905, 2, 3, 4, 5, 6).AddMicroseconds(7) },
        { "timestamp '9999-12-31 23:59:59.999999'", "TIMESTAMP", DateTime.MaxValue.AddTicks(-9) },
        { "timestamp 'infinity'", "TIMESTAMP", DateTime.MaxValue },
        { "timestamptz '2024-07-01 12:00:00+02'", "TIMESTAMP WITH TIME ZONE", Utc(2024, 7, 1, 10) },
        { "timestamp_s '1960-01-01 00:00:01'", "TIMESTAMP_S", Utc(1960, 1, 1, 0, 0, 1) },
        { "timestamp_ms '1960-01-01 00:00:01.250'", "TIMESTAMP_MS", Utc(1960, 1, 1, 0, 0, 1).AddMilliseconds(250) },
        { "timestamp_ns '1969-12-31 23:59:59.999999950'", "TIMESTAMP_NS", Utc(1970, 1, 1).AddTicks(-1) },
        { "'infinity'::timestamp_ns", "TIMESTAMP_NS", DateTime.MaxValue },
        { "time '23:59:59.999999'", "TIME", new TimeSpan(0, 23, 59, 59).Add(TimeSpan.FromMicroseconds(999_999)) },
        { "interval '1 year 2 months -3 days 4 microseconds'", "INTERVAL", new DuckDbInterval(14, -3, 4) },
        { "uuid '00112233-4455-6677-8899-aabbccddeeff'", "UUID", Guid.Parse("00112233-4455-6677-8899-aabbccddeeff") },
        { "uuid 'ffeeddcc-bbaa-9988-7766-554433221100'", "UUID", Guid.Parse("ffeeddcc-bbaa-9988-7766-554433221100") },
        { @"'\x00\xFFab'::blob", "BLOB", new byte[] { 0, 255, (byte)'a', (byte)'b' } },
        { "['x', null, 'longer than twelve bytes']", "VARCHAR[]", new object?[] { "x", null, "longer than twelve bytes" } },
        { "[]::integer[]", "INTEGER[]", Array.Empty<object?>() },
        { "[[1, 2], null, [3]]", "INTEGER[][]", new object?[] { new object?[] { 1L, 2L }, null, new object?[] { 3L } } },
        { "[1.5, 2.5]::double[2]", "DOUBLE[2]", new object?[] { 1.5, 2.5 } },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_type_is_read_and_its_NULL_with_it(string sql, string type, object expected)
    {
        using var connection = DuckDbConnection.Open(":memory:");

        // A NULL in front shows that slots are found by row; arrays by a second value that elements are.
        using var result = connection.Query($"select v from (values (1, null), (2, {sql}), (3, null), (4, {sql})) as t(i, v) order by i");

        Assert.Equal(type, Assert.Single(result.Columns).Type.ToString());
        Assert.Equal([null, expected, null, expected], result.ReadRows().Select(row => row[0]));
    }

    [Fact]
    public void Instants_are_of_the_UTC_kind()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("select date '2024-01-01', timestamp '2024-01-01', timestamptz '2024-01-01 00:00:00+00', timestamp 'infinity'");

        Assert.All(result.ReadRows()[0], value => Assert.Equal(DateTimeKind.Utc, Assert.IsType<DateTime>(value).Kind));
    }

    [Fact]
    public void The_columns_carry_the_parameters_of_their_types()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("select 1.5::decimal(12,2) as d, ['a'] as l, 'x'::enum('x', 'y') as e, [1, 2]::int[2] as a, null as n");

        Assert.Equal(["d", "l", "e", "a", "n"], result.Columns.Select(column => column.Name));
        Assert.Equal((12, 2), (result.Columns[0].Type.DecimalWidth, result.Columns[0].Type.DecimalScale));
        Assert.Equal(DuckDbTypeId.Varchar, result.Columns[1].Type.ElementType!.Id);
        Assert.Equal(["x", "y"], result.Columns[2].Type.EnumValues);
        Assert.Equal((DuckDbTypeId.Integer, 2), (result.Columns[3].Type.ElementType!.Id, result.Columns[3].Type.ArrayLength));
        Assert.Null(result.ReadRows()[0][4]);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(300)]
    [InlineData(70_000)]
    public void An_enum_of_any_size_reads_its_last_value(int size)
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute($"create type big as enum (select 'v' || range from range({size}))");

        Assert.Equal($"v{size - 1}", connection.Scalar<string>($"select 'v{size - 1}'::big"));
    }

    [Fact]
    public void A_result_without_rows_has_its_columns_and_can_be_read_again_as_empty()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("select 1 as a, 'x' as b where false");

        Assert.Equal(["a", "b"], result.Columns.Select(column => column.Name));
        Assert.Empty(result.ReadRows());
        Assert.Empty(result.ReadRows());
    }

    [Fact]
    public void A_disposed_result_is_not_read()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        var result = connection.Query("from range(10)");

        result.Dispose();
        result.Dispose();

        Assert.Throws<ObjectDisposedException>(() => result.ReadRows());
    }

    [Fact]
    public void A_type_without_a_reading_is_refused_by_column_name_and_type()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("select 1 as fine, [{'a': 1}] as nested");

        var failure = Assert.Throws<DuckDbException>(() => result.ReadRows());

        Assert.Equal(DuckDbErrorType.NotImplemented, failure.ErrorType);
        Assert.Contains("`nested` is STRUCT[]", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.00000000000000000000000000000000001::decimal(38,35)")]
    [InlineData("99999999999999999999999999999999999999::decimal(38,0)")]
    [InlineData("date '15000-01-01'")]
    [InlineData("date '0044-03-15 (BC)'")]
    public void A_value_its_NET_type_cannot_hold_is_an_error(string sql)
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query($"select {sql}");

        Assert.Equal(DuckDbErrorType.OutOfRange, Assert.Throws<DuckDbException>(() => result.ReadRows()).ErrorType);
    }

    [Fact]
    public void Rows_of_many_chunks_keep_their_order()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("select range, case when range % 3 = 0 then null else 'row number ' || range end from range(10000)");

        var rows = result.ReadRows();

        Assert.Equal(10_000, rows.Count);
        Assert.All(rows.Index(), row => Assert.Equal([(long)row.Index, row.Index % 3 == 0 ? null : $"row number {row.Index}"], row.Item));
    }
}
