namespace SqlMl.DuckDb.Tests;

public sealed class AppenderTests
{
    [Fact]
    public void Rows_are_added_value_by_value_and_cast_to_their_columns()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t (i integer, d decimal(9,2), b boolean, s varchar, instant timestamp, day date, n bigint)");
        var instant = new DateTime(1969, 12, 31, 23, 59, 59, DateTimeKind.Utc);

        using (var appender = new DuckDbAppender(connection, "t"))
        {
            appender.Append(7L).Append(1.25).Append(true).Append("é🦆\0x").Append(instant).Append(instant).AppendNull().EndRow();
            appender.AppendNull().AppendNull().AppendNull().Append((string?)null).AppendNull().AppendNull().Append(-1L).EndRow();
            appender.Append(8L).Append(double.Epsilon).Append(false).Append("").Append(instant).Append(instant).Append(0L).EndRow();
            appender.Close();
            appender.Close();
        }

        using var result = connection.Query("from t");
        var rows = result.ReadRows();
        Assert.Equal([7L, 1.25m, true, "é🦆\0x", instant, instant.Date, null], rows[0]);
        Assert.Equal([null, null, null, null, null, null, -1L], rows[1]);
        Assert.Equal([8L, 0.00m, false, "", instant, instant.Date, 0L], rows[2]);
    }

    [Fact]
    public void Columns_of_every_array_type_are_added_over_many_chunks()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t (i integer, l bigint, f float, d double, b boolean, s varchar, instant timestamp)");
        const int Rows = 10_000;
        var numbers = Enumerable.Range(0, Rows).ToArray();
        string?[] texts = [.. numbers.Select(n => n % 5 == 0 ? null : n % 5 == 1 ? "" : $"text number {n} é")];

        using (var appender = new DuckDbAppender(connection, "t", "main"))
        {
            appender.AppendColumns(
                numbers,
                Array.ConvertAll(numbers, n => (long)n << 20),
                Array.ConvertAll(numbers, n => n / 4f),
                Array.ConvertAll(numbers, n => n == 3 ? double.NaN : n / 3d),
                Array.ConvertAll(numbers, n => n % 2 == 0),
                texts,
                Array.ConvertAll(numbers, n => DateTime.UnixEpoch.AddHours(-n)));
            appender.Close();
        }

        using var result = connection.Query("from t");
        Assert.Equal(
            numbers.Select(n => new object?[] { (long)n, (long)n << 20, n / 4d, n == 3 ? double.NaN : n / 3d, n % 2 == 0, texts[n], DateTime.UnixEpoch.AddHours(-n) }),
            result.ReadRows());
    }

    [Fact]
    public void Column_arrays_are_cast_to_the_tables_types_and_may_follow_single_rows()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t (a smallint, d date)");

        using (var appender = new DuckDbAppender(connection, "t"))
        {
            appender.Append(1L).Append("2024-01-01").EndRow();
            appender.AppendColumns(new double[] { 2, 3 }, new[] { "2024-01-02", null });
            appender.AppendColumns(Array.Empty<long>(), Array.Empty<string>());
            appender.Append(4L).AppendNull().EndRow();
            appender.Close();
        }

        Assert.Equal("1 2024-01-01, 2 2024-01-02, 3 -, 4 -", connection.Scalar<string>("select string_agg(a || ' ' || coalesce(d::varchar, '-'), ', ' order by a) from t"));
    }

    [Fact]
    public void A_duplicate_key_surfaces_at_close_and_leaves_the_table_as_it_was()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t (id bigint primary key); insert into t values (1)");
        using (var appender = new DuckDbAppender(connection, "t"))
        {
            appender.Append(2L).EndRow().Append(1L).EndRow();

            var failure = Assert.Throws<DuckDbException>(appender.Close);
            Assert.Equal(DuckDbErrorType.Constraint, failure.ErrorType);
            Assert.Contains("id: 1", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, connection.Scalar<long>("select count(*) from t"));
    }

    [Fact]
    public void A_NULL_where_none_may_be_surfaces_as_a_constraint_error()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t (a bigint not null)");
        using var appender = new DuckDbAppender(connection, "t");

        appender.AppendNull().EndRow();

        Assert.Equal(DuckDbErrorType.Constraint, Assert.Throws<DuckDbException>(appender.Close).ErrorType);
    }

    [Fact]
    public void Rows_that_were_not_closed_are_dropped()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t (a bigint)");

        using (var appender = new DuckDbAppender(connection, "t"))
            appender.Append(1L).EndRow();

        Assert.Equal(0, connection.Scalar<long>("select count(*) from t"));
    }

    [Fact]
    public void Values_that_do_not_fit_the_row_or_their_column_are_refused()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t (a tinyint)");
        using var appender = new DuckDbAppender(connection, "t");

        Assert.Throws<DuckDbException>(() => appender.EndRow());
        Assert.Throws<DuckDbException>(() => appender.Append(1000L));
        using var another = new DuckDbAppender(connection, "t");
        var failure = Assert.Throws<DuckDbException>(() => another.AppendColumns(new[] { "many" }));
        Assert.Contains("expected TINYINT, got VARCHAR", failure.Message, StringComparison.Ordinal);
        Assert.Equal(DuckDbErrorType.InvalidInput, failure.ErrorType);
    }

    [Fact]
    public void Arrays_that_do_not_fit_the_table_are_refused()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t (a bigint, b bigint)");
        using var appender = new DuckDbAppender(connection, "t");

        Assert.Throws<ArgumentException>("columns", () => appender.AppendColumns(new long[1]));
        Assert.Throws<ArgumentException>("columns", () => appender.AppendColumns(new long[1], new long[2]));
        var failure = Assert.Throws<ArgumentException>("column", () => appender.AppendColumns(new long[1], new ulong[1]));
        Assert.Contains("UInt64[]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_does_not_exist_is_a_catalog_error()
    {
        using var connection = DuckDbConnection.Open(":memory:");

        Assert.Equal(DuckDbErrorType.Catalog, Assert.Throws<DuckDbException>(() => new DuckDbAppender(connection, "absent")).ErrorType);
        Assert.Equal(DuckDbErrorType.Catalog, Assert.Throws<DuckDbException>(() => new DuckDbAppender(connection, "t", "absent")).ErrorType);
    }

    [Fact]
    public void Names_are_taken_as_they_are()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("""create schema "a.b"; create table "a.b"."c ""d""; drop" (a bigint)""");

        using (var appender = new DuckDbAppender(connection, "c \"d\"; drop", "a.b"))
        {
            appender.Append(1L).EndRow();
            appender.Close();
        }

        Assert.Equal(1, connection.Scalar<long>("""select a from "a.b"."c ""d""; drop" """));
    }

    [Fact]
    public void More_rows_than_the_appender_holds_back_all_arrive()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t (a bigint)");

        using (var appender = new DuckDbAppender(connection, "t"))
        {
            for (var row = 0L; row < 500_000; row++)
                appender.Append(row).EndRow();
            appender.Close();
        }

        Assert.Equal(500_000L * 499_999 / 2, connection.Scalar<long>("select sum(a) from t"));
    }
}
