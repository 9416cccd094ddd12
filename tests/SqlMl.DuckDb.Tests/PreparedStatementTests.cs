namespace SqlMl.DuckDb.Tests;

public sealed class PreparedStatementTests
{
    [Fact]
    public void Positions_take_every_kind_of_value_and_its_NULL()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var statement = connection.Prepare("select $1::bigint, $2::double, $3::boolean, $4::varchar, $5::timestamp, $6::varchar, ?7::varchar");
        var instant = new DateTime(1950, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddMicroseconds(6);

        statement.Bind(1, long.MinValue).Bind(2, double.NegativeInfinity).Bind(3, true).Bind(4, "it's \0 é🦆").Bind(5, instant).Bind(6, (string?)null).Bind(7, "");
        using var result = statement.Query();

        Assert.Equal(7, statement.ParameterCount);
        Assert.Equal([long.MinValue, double.NegativeInfinity, true, "it's \0 é🦆", instant, null, ""], result.ReadRows()[0]);
    }

    [Fact]
    public void Names_take_every_kind_of_value_in_any_case()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var statement = connection.Prepare("select $i::bigint, $d::double, $b::boolean, $t::varchar, $at::timestamp, $n::integer, $i + 1");
        var instant = new DateTime(2024, 1, 2, 0, 0, 0, DateTimeKind.Unspecified);

        statement.Bind("i", 1).Bind("D", 2.5).Bind("b", false).Bind("T", "x").Bind("at", instant).BindNull("n");
        using var result = statement.Query();

        Assert.Equal(6, statement.ParameterCount);
        Assert.Equal([1L, 2.5, false, "x", DateTime.SpecifyKind(instant, DateTimeKind.Utc), null, 2L], result.ReadRows()[0]);
    }

    [Fact]
    public void A_local_time_is_bound_as_UTC_and_half_a_microsecond_is_cut_towards_the_past()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var statement = connection.Prepare("select epoch_us($1::timestamp)");
        var local = new DateTime(2024, 7, 1, 12, 0, 0, DateTimeKind.Local);

        long Bound(DateTime value)
        {
            using var result = statement.Bind(1, value).Query();
            return (long)result.ReadRows()[0][0]!;
        }

        Assert.Equal((local.ToUniversalTime() - DateTime.UnixEpoch).Ticks / 10, Bound(local));
        Assert.Equal(-1, Bound(DateTime.UnixEpoch.AddTicks(-5)));
        Assert.Equal(0, Bound(DateTime.UnixEpoch.AddTicks(5)));
    }

    [Fact]
    public void Values_stay_from_run_to_run_until_they_are_cleared()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t (a bigint, b varchar)");
        using var insert = connection.Prepare("insert into t values ($a, $b), ($a + 1, $b)");

        insert.Bind("b", "same");
        Assert.Equal(2, insert.Bind("a", 1).Execute());
        Assert.Equal(2, insert.Bind("a", 10).Execute());
        Assert.Equal(24, connection.Scalar<long>("select sum(a) from t where b = 'same'"));

        insert.ClearBindings();
        Assert.Equal(DuckDbErrorType.InvalidInput, Assert.Throws<DuckDbException>(() => insert.Execute()).ErrorType);
    }

    [Fact]
    public void A_result_outlives_its_statement()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        var statement = connection.Prepare("select range + $1 as n from range(300000)");
        using var result = statement.Bind(1, 1L).Query();

        statement.Dispose();

        Assert.Equal(45_000_150_000d, result.ReadColumns().Numbers("n").Sum());
    }

    [Fact]
    public void A_parameter_the_statement_does_not_have_is_refused()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var statement = connection.Prepare("select $cutoff::date, $horizon::int");

        Assert.Throws<ArgumentOutOfRangeException>("position", () => statement.Bind(0, 1L));
        Assert.Throws<ArgumentOutOfRangeException>("position", () => statement.Bind(3, "x"));
        var failure = Assert.Throws<ArgumentException>("name", () => statement.Bind("cut_off", 1L));
        Assert.Contains("`cutoff`", failure.Message, StringComparison.Ordinal);
        Assert.Contains("`horizon`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_one_statement_can_be_prepared()
    {
        using var connection = DuckDbConnection.Open(":memory:");

        Assert.Throws<ArgumentException>("sql", () => connection.Prepare("select 1; select 2"));
        Assert.Throws<ArgumentException>("sql", () => connection.Prepare(""));
        Assert.Equal(DuckDbErrorType.Catalog, Assert.Throws<DuckDbException>(() => connection.Prepare("select * from absent where a = $1")).ErrorType);
    }

    [Fact]
    public void A_value_that_does_not_convert_fails_when_it_runs()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var statement = connection.Prepare("select $1::integer");

        var failure = Assert.Throws<DuckDbException>(() => statement.Bind(1, "many").Query());

        Assert.Equal(DuckDbErrorType.Conversion, failure.ErrorType);
        Assert.Equal("select $1::integer", failure.Sql);
    }
}
