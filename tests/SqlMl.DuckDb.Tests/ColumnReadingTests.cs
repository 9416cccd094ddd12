using System.Globalization;

namespace SqlMl.DuckDb.Tests;

public sealed class ColumnReadingTests
{
    [Theory]
    [InlineData("boolean", "true", 1d)]
    [InlineData("tinyint", "-128", -128d)]
    [InlineData("utinyint", "255", 255d)]
    [InlineData("smallint", "-32768", -32768d)]
    [InlineData("usmallint", "65535", 65535d)]
    [InlineData("integer", "-2147483648", -2147483648d)]
    [InlineData("uinteger", "4294967295", 4294967295d)]
    [InlineData("bigint", "-9007199254740992", -9007199254740992d)]
    [InlineData("ubigint", "18446744073709551615", 18446744073709551616d)]
    [InlineData("hugeint", "-170141183460469231731687303715884105728", -170141183460469231731687303715884105728d)]
    [InlineData("uhugeint", "340282366920938463463374607431768211455", 340282366920938463463374607431768211456d)]
    [InlineData("float", "0.25", 0.25d)]
    [InlineData("double", "'-inf'", double.NegativeInfinity)]
    [InlineData("double", "'nan'", double.NaN)]
    [InlineData("decimal(4,3)", "-1.234", -1.234d)]
    [InlineData("decimal(9,2)", "1234567.89", 1234567.89d)]
    [InlineData("decimal(18,5)", "-1234567890123.45678", -1234567890123.45678d)]
    [InlineData("decimal(38,8)", "123456789012345678.12345678", 123456789012345678.12345678d)]
    [InlineData("decimal(38,0)", "12345678901234567890", 12345678901234567890d)]
    public void Every_number_type_becomes_a_double_and_a_float_and_NULL_is_NaN(string type, string literal, double expected)
    {
        using var connection = DuckDbConnection.Open(":memory:");
        var sql = $"select v, v from (values (1, null::{type}), (2, ({literal})::{type}), (3, null)) as t(i, v) order by i";
        var doubles = new DuckDbNumberBuffer<double>();
        var singles = new DuckDbNumberBuffer<float>(capacity: 3);

        using var result = connection.Query(sql);
        var rows = result.ReadInto(doubles, singles);

        Assert.Equal(3, rows);
        Assert.Equal([double.NaN, expected, double.NaN], doubles.ToArray());
        Assert.Equal([float.NaN, (float)expected, float.NaN], singles.ToArray());
    }

    [Theory]
    [InlineData("decimal(4,2)", "(range % 19999 - 9999) / 100")]
    [InlineData("decimal(9,7)", "(range % 199999 - 99999) / 7777")]
    [InlineData("decimal(18,1)", "(range - 5000) * 97777777777.3")]
    [InlineData("decimal(18,17)", "(range - 5000) / 5001")]
    public void A_decimal_becomes_the_double_that_DuckDBs_own_cast_gives(string type, string expression)
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query($"select d, d::double as cast_by_duckdb from (select ({expression})::{type} as d from range(10000))");

        var table = result.ReadColumns();

        Assert.Equal(10_000, table.RowCount);
        Assert.Equal(table.Numbers("cast_by_duckdb"), table.Numbers("d"));
    }

    [Theory]
    [InlineData("decimal(38,20)", "(range - 5000)::hugeint * 97777777777777.3")]
    [InlineData("decimal(38,37)", "(range - 5000) / 977.3")]
    public void A_decimal_of_128_bits_becomes_its_nearest_double_or_the_one_beside(string type, string expression)
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query($"select d, d::varchar as text from (select ({expression})::{type} as d from range(10000))");

        var table = result.ReadColumns();

        Assert.All(
            table.Numbers("d").Zip(table.Texts("text")),
            pair => Assert.InRange(Math.Abs(BitConverter.DoubleToInt64Bits(pair.First) - BitConverter.DoubleToInt64Bits(double.Parse(pair.Second!))), 0, 1));
    }

    [Fact]
    public void Texts_enums_and_lists_are_read_with_their_NULLs()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("""
            select t, e, l, le from (values
                (1, 'short',                  'low'::enum('high', 'low'), ['a', null, 'longer than twelve bytes'], ['low'::enum('high', 'low')]),
                (2, null,                     null,                       null,                                    null),
                (3, 'longer than 12 bytes é', 'high',                     [],                                      []),
                (4, 'short',                  'low',                      ['a'],                                   ['high'])) as v(i, t, e, l, le)
            order by i
            """);

        var table = result.ReadColumns();

        Assert.Equal((string?[])["short", null, "longer than 12 bytes é", "short"], table.Texts("t"));
        Assert.Same(table.Texts("t")[0], table.Texts("t")[3]);
        Assert.Equal((string?[])["low", null, "high", "low"], table.Texts("e"));
        Assert.Equal([["a", null, "longer than twelve bytes"], null, [], ["a"]], table.TextLists("l"));
        Assert.Equal([["low"], null, [], ["high"]], table.TextLists("le"));
    }

    [Fact]
    public void Many_different_short_texts_are_never_mixed_up()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("select 'k' || (range * 7919 % 5003) as k from range(50000)");

        Assert.Equal(Enumerable.Range(0, 50_000).Select(row => $"k{row * 7919L % 5003}"), result.ReadColumns().Texts("k"));
    }

    [Theory]
    [InlineData("date '1969-12-31'", -86_400_000_000)]
    [InlineData("date 'infinity'", long.MaxValue)]
    [InlineData("date '-infinity'", -long.MaxValue)]
    [InlineData("timestamp '1969-12-31 23:59:59.999999'", -1)]
    [InlineData("timestamp 'infinity'", long.MaxValue)]
    [InlineData("timestamptz '1970-01-01 02:00:00+02'", 0)]
    [InlineData("timestamp_s '1969-12-31 23:59:58'", -2_000_000)]
    [InlineData("timestamp_ms '1970-01-01 00:00:00.003'", 3_000)]
    [InlineData("timestamp_ns '1969-12-31 23:59:59.999999999'", -1)]
    [InlineData("timestamp_ns '1970-01-01 00:00:00.000002999'", 2)]
    public void Days_and_instants_become_microseconds_and_know_their_NULLs(string sql, long expected)
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query($"select case when range = 70 then null else {sql} end as at from range(200)");

        var instants = result.ReadColumns().Timestamps("at");

        Assert.Equal(Enumerable.Range(0, 200).Select(row => row == 70 ? 0 : expected), instants.ToArray());
        Assert.Equal([70], Enumerable.Range(0, 200).Where(instants.IsNull));
        Assert.Throws<ArgumentOutOfRangeException>(() => instants.IsNull(200));
    }

    [Fact]
    public void A_result_without_rows_gives_empty_columns()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("select 1 as n, 'x' as t, date '2024-01-01' as d, ['a'] as l where false");

        var table = result.ReadColumns();

        Assert.Equal(0, table.RowCount);
        Assert.Equal(4, table.Columns.Length);
        Assert.Empty(table.Numbers("n"));
        Assert.Empty(table.Texts("t"));
        Assert.Empty(table.Timestamps("d").ToArray());
        Assert.Empty(table.TextLists("l"));
    }

    [Fact]
    public void Buffers_collect_results_one_after_the_other_and_pass_columns_over()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        var numbers = new DuckDbNumberBuffer<float>(capacity: 5);
        foreach (var start in new[] { 0, 3 })
        {
            using var result = connection.Query($"select 'passed over', range from range({start}, {start + 3})");
            Assert.Equal(3, result.ReadInto(null, numbers));
        }

        Assert.Equal(6, numbers.Count);
        Assert.Equal([0f, 1f, 2f, 3f, 4f, 5f], numbers.Values.ToArray());
    }

    [Fact]
    public void Buffers_that_do_not_fit_the_result_are_refused_before_anything_is_read()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("select 'x' as a, 1 as b");
        var numbers = new DuckDbNumberBuffer<double>();

        Assert.Throws<ArgumentException>("buffers", () => result.ReadInto(numbers));
        var failure = Assert.Throws<ArgumentException>("buffers", () => result.ReadInto(numbers, null));
        Assert.Contains("column `a` is VARCHAR", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("buffers", () => result.ReadInto(new DuckDbTimestampBuffer(), null));
        Assert.Throws<ArgumentException>("buffers", () => result.ReadInto(new DuckDbTextListBuffer(), null));
        Assert.Throws<ArgumentException>("buffers", () => result.ReadInto(null, new DuckDbTextBuffer()));
        Assert.Equal(0, numbers.Count);
        Assert.Equal(1, result.ReadInto(new DuckDbTextBuffer(), numbers));
    }

    [Fact]
    public void A_table_says_which_columns_it_has_and_what_they_hold()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("select 1 as a, 'x' as b");
        var table = result.ReadColumns();

        Assert.Contains("`a`, `b`", Assert.Throws<ArgumentException>("column", () => table.Numbers("c")).Message, StringComparison.Ordinal);
        Assert.Contains("`b` is VARCHAR", Assert.Throws<ArgumentException>("column", () => table.Numbers("b")).Message, StringComparison.Ordinal);
        Assert.Equal(2, table.Buffers.Length);
    }

    [Fact]
    public void A_type_without_a_column_buffer_is_refused_by_column_name_and_type()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var result = connection.Query("select [1, 2] as numbers");

        var failure = Assert.Throws<DuckDbException>(() => result.ReadColumns());

        Assert.Equal(DuckDbErrorType.NotImplemented, failure.ErrorType);
        Assert.Contains("`numbers` is INTEGER[]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_rows_equal_what_SQL_says_of_them()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("""
            create table facts as
            select range as id, case when hash(range) % 10 = 0 then null else (hash(range) % 1000)::integer end as amount,
                   ['red', 'green', 'a colour with a long name'][1 + range % 3] as colour, timestamp '2020-01-01' + to_seconds(range) as instant
            from range(1000000)
            """);

        using var result = connection.Query("from facts order by id");
        var table = result.ReadColumns();

        Assert.Equal(1_000_000, table.RowCount);
        var amounts = table.Numbers("amount");
        var known = amounts.Where(amount => !double.IsNaN(amount)).ToArray();
        Assert.Equal(connection.Scalar<long>("select count(amount) from facts"), known.LongLength);
        Assert.Equal(connection.Scalar<double>("select sum(amount) from facts"), known.Sum());
        Assert.Equal(
            connection.Scalar<double>("select sum(id * coalesce(amount, 0)) from facts"),
            (double)table.Numbers("id").Zip(amounts, (id, amount) => double.IsNaN(amount) ? 0 : (Int128)(id * amount)).Aggregate((sum, next) => sum + next));
        Assert.Equal(connection.Scalar<long>("select count(*) from facts where colour = 'green'"), table.Texts("colour").LongCount(colour => colour == "green"));
        Assert.Equal(connection.Scalar<long>("select max(epoch_us(instant)) from facts"), table.Timestamps("instant").ToArray().Max());
    }

    [Fact]
    public void Numbers_survive_the_way_through_SQL_bit_by_bit()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        double[] values = [double.Epsilon, double.MaxValue, -0.0, 1 / 3d, Math.PI, double.PositiveInfinity];
        var list = string.Join(", ", values.Select(value => $"'{value.ToString("R", CultureInfo.InvariantCulture)}'"));

        using var result = connection.Query($"select unnest([{list.Replace("∞", "inf", StringComparison.Ordinal).Replace("Infinity", "inf", StringComparison.Ordinal)}])::double as x");

        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), result.ReadColumns().Numbers("x").Select(BitConverter.DoubleToInt64Bits));
    }
}
