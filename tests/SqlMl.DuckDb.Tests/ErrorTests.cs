namespace SqlMl.DuckDb.Tests;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("select * from absent", DuckDbErrorType.Catalog)]
    [InlineData("select absent_function(1)", DuckDbErrorType.Catalog)]
    [InlineData("select absent from (select 1 as present)", DuckDbErrorType.Binder)]
    [InlineData("select from where", DuckDbErrorType.Parser)]
    [InlineData("from read_csv('absent.csv')", DuckDbErrorType.IO)]
    [InlineData("select 'x'::integer", DuckDbErrorType.Conversion)]
    [InlineData("select 300::integer::tinyint", DuckDbErrorType.Conversion)]
    [InlineData("select 9223372036854775807 + 1::bigint", DuckDbErrorType.OutOfRange)]
    [InlineData("select error('told so')", DuckDbErrorType.InvalidInput)]
    [InlineData("from 's3://bucket/absent.parquet'", DuckDbErrorType.MissingExtension)]
    [InlineData("set absent_setting = 1", DuckDbErrorType.Catalog)]
    [InlineData("create table t (a int not null); insert into t values (null)", DuckDbErrorType.Constraint)]
    [InlineData("begin; begin", DuckDbErrorType.Transaction)]
    [InlineData("select $1", DuckDbErrorType.InvalidInput)]
    public void An_error_has_DuckDBs_class_text_and_statement(string sql, DuckDbErrorType expected)
    {
        using var connection = DuckDbConnection.Open(":memory:");

        var executing = Assert.Throws<DuckDbException>(() => connection.Execute(sql));
        var querying = Assert.Throws<DuckDbException>(() =>
        {
            using var fresh = DuckDbConnection.Open(":memory:");
            using var result = fresh.Query(sql);
            result.ReadRows();
        });

        Assert.Equal(expected, executing.ErrorType);
        Assert.Equal(expected, querying.ErrorType);
        Assert.Contains(" Error: ", executing.Message, StringComparison.Ordinal);
        Assert.Equal(sql, executing.Sql);
        Assert.Equal(sql, querying.Sql);
    }

    [Fact]
    public void A_row_that_fails_late_fails_the_reading_and_not_the_row_count()
    {
        // Of several threads another one may be first to say that it was stopped.
        using var connection = DuckDbConnection.Open(":memory:", new DuckDbOptions { Threads = 1 });
        using var result = connection.Query("select case when range = 2999999 then error('late') else range::varchar end as x from range(3000000)");

        var failure = Assert.Throws<DuckDbException>(() => result.ReadColumns());

        Assert.Contains("late", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, connection.Scalar<int>("select 1"));
    }

    [Fact]
    public void The_message_points_at_the_place()
    {
        using var connection = DuckDbConnection.Open(":memory:");

        var failure = Assert.Throws<DuckDbException>(() => connection.Execute("select 1,\n       absent"));

        Assert.Contains("LINE 2:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("^", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Catalog Error: no table", DuckDbErrorType.Catalog)]
    [InlineData("Out of Range Error: too much", DuckDbErrorType.OutOfRange)]
    [InlineData("Not implemented Error: not yet", DuckDbErrorType.NotImplemented)]
    [InlineData("INTERRUPT Error: Interrupted!", DuckDbErrorType.Interrupt)]
    [InlineData("TransactionContext Error: none", DuckDbErrorType.Transaction)]
    [InlineData("Extension Autoloading Error: off", DuckDbErrorType.Autoload)]
    [InlineData("Divide by Zero Error: x", DuckDbErrorType.DivideByZero)]
    [InlineData("Novel Error: x", DuckDbErrorType.Invalid)]
    [InlineData("no class at all", DuckDbErrorType.Invalid)]
    [InlineData("", DuckDbErrorType.Invalid)]
    public void The_class_is_read_from_the_first_words_of_a_text(string message, DuckDbErrorType expected)
    {
        var failure = DuckDbException.FromMessage(message, "select 1");

        Assert.Equal(expected, failure.ErrorType);
        Assert.Equal(message, failure.Message);
    }
}
