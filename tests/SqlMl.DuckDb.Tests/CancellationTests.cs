namespace SqlMl.DuckDb.Tests;

public sealed class CancellationTests
{
    // Some 10^13 pairs: it ends only by being interrupted.
    private const string Endless = "select sum(a.range * b.range % 7) from range(4000000) a, range(4000000) b where (a.range + b.range) % 3 = 1";

    [Fact]
    public void A_token_stops_a_running_statement_and_the_connection_goes_on()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var source = new CancellationTokenSource();
        source.CancelAfter(TimeSpan.FromMilliseconds(200));

        var failure = Assert.Throws<OperationCanceledException>(() => connection.Execute(Endless, source.Token));

        Assert.Equal(source.Token, failure.CancellationToken);
        Assert.Equal(DuckDbErrorType.Interrupt, Assert.IsType<DuckDbException>(failure.InnerException).ErrorType);
        Assert.Equal(1, connection.Scalar<int>("select 1"));
    }

    [Fact]
    public void A_token_stops_a_prepared_statement_and_a_query()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var statement = connection.Prepare(Endless);
        using var first = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        using var second = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.Throws<OperationCanceledException>(() => statement.Execute(first.Token));
        Assert.Throws<OperationCanceledException>(() =>
        {
            using var result = statement.Query(second.Token);
            result.ReadRows();
        });

        Assert.Equal(1, connection.Scalar<int>("select 1"));
    }

    [Fact]
    public void A_cancelled_token_runs_nothing()
    {
        using var connection = DuckDbConnection.Open(":memory:");

        Assert.Throws<OperationCanceledException>(() => connection.Execute("create table t (a int)", new CancellationToken(canceled: true)));

        Assert.Equal(DuckDbErrorType.Catalog, Assert.Throws<DuckDbException>(() => connection.Execute("from t")).ErrorType);
    }

    [Fact]
    public async Task A_cancellation_at_any_moment_is_never_lost()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        for (var attempt = 0; attempt < 50; attempt++)
        {
            using var source = new CancellationTokenSource();
            var cancelling = Task.Run(source.Cancel, CancellationToken.None);
            Assert.Throws<OperationCanceledException>(() => connection.Execute(Endless, source.Token));
            await cancelling;
        }

        Assert.Equal(1, connection.Scalar<int>("select 1"));
    }

    [Fact]
    public void Reading_stops_between_chunks()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var source = new CancellationTokenSource();
        using var result = connection.Query("from range(10000000)", source.Token);

        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => result.ReadRows());
        Assert.Equal(1, connection.Scalar<int>("select 1"));
    }

    [Fact]
    public async Task An_interrupt_without_a_token_is_an_interrupt_error()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var done = new CancellationTokenSource();
        // One interrupt may come before the statement begins and be forgotten, so they go on until it ends.
        var interrupting = Task.Run(
            () =>
            {
                while (!done.Token.WaitHandle.WaitOne(20))
                    connection.Interrupt();
            },
            CancellationToken.None);

        var failure = Assert.Throws<DuckDbException>(() => connection.Execute(Endless));
        done.Cancel();
        await interrupting;

        Assert.Equal(DuckDbErrorType.Interrupt, failure.ErrorType);
        Assert.Equal(Endless, failure.Sql);
        Assert.Equal(1, connection.Scalar<int>("select 1"));
    }

    [Fact]
    public async Task Progress_of_a_running_statement_is_known_from_another_thread()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t as select range as a from range(3000000)");
        // Should progress never be known, the statement still ends, and the assertion says so.
        using var source = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var highest = -1d;
        var watching = Task.Run(
            () =>
            {
                while (highest < 0 && !source.IsCancellationRequested)
                    highest = Math.Max(highest, connection.Progress);
                source.Cancel();
            },
            CancellationToken.None);

        Assert.Throws<OperationCanceledException>(
            () => connection.Execute("select sum(x.a * y.a % 7) from t x, t y where (x.a + y.a) % 3 = 1", source.Token));
        await watching;

        Assert.InRange(highest, 0, 100);
    }
}
