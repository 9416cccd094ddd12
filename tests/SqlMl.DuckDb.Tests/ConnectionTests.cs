namespace SqlMl.DuckDb.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public void The_pinned_library_is_the_one_that_is_loaded() => Assert.Equal("v1.5.5", DuckDbConnection.LibraryVersion);

    [Fact]
    public void Several_statements_run_in_order_and_their_changed_rows_add_up()
    {
        using var connection = DuckDbConnection.Open(":memory:");

        var changed = connection.Execute("""
            create table t (a int); -- a comment with a ;
            insert into t values (1), (2), (3);
            update t set a = a + 1 where a > 1;
            delete from t where a = 1;
            select ';' from t;
            """);

        Assert.Equal(3 + 2 + 1, changed);
        Assert.Equal(7, connection.Scalar<long>("select sum(a) from t"));
    }

    [Fact]
    public void Text_without_a_statement_runs_as_nothing_and_cannot_be_queried()
    {
        using var connection = DuckDbConnection.Open(":memory:");

        Assert.Equal(0, connection.Execute("  -- nothing\n"));
        Assert.Throws<ArgumentException>("sql", () => connection.Query("-- nothing"));
    }

    [Fact]
    public void A_query_of_several_statements_returns_the_rows_of_the_last()
    {
        using var connection = DuckDbConnection.Open(":memory:");

        using var result = connection.Query("create table t as select 5 as a; insert into t values (6); select a from t order by a");

        Assert.Equal([5L, 6L], result.ReadRows().Select(row => row[0]));
    }

    [Fact]
    public void A_statement_that_DuckDB_splits_itself_runs_as_one()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        connection.Execute("create table t as select * from (values ('a', 1), ('b', 2), ('a', 3)) as v(k, n)");

        using var result = connection.Query("pivot t on k using sum(n)");

        Assert.Equal(["a", "b"], result.Columns.Select(column => column.Name));
        Assert.Equal([(Int128)4, (Int128)2], Assert.Single(result.ReadRows()));
    }

    [Fact]
    public void Statements_before_a_failing_one_stand()
    {
        using var connection = DuckDbConnection.Open(":memory:");

        Assert.Throws<DuckDbException>(() => connection.Execute("create table t as select 1 as a; select * from absent; drop table t"));

        Assert.Equal(1, connection.Scalar<int>("select a from t"));
    }

    [Theory]
    [InlineData("TimeZone", "UTC")]
    [InlineData("autoinstall_known_extensions", "false")]
    [InlineData("autoload_known_extensions", "false")]
    [InlineData("enable_progress_bar", "true")]
    [InlineData("enable_progress_bar_print", "false")]
    [InlineData("threads", "1")]
    [InlineData("memory_limit", "476.8 MiB")]
    [InlineData("access_mode", "automatic")]
    public void The_session_is_set_as_promised(string setting, string value)
    {
        using var connection = DuckDbConnection.Open(":memory:", new DuckDbOptions { Threads = 1, MemoryLimit = "500MB", TempDirectory = "spill" });

        Assert.Equal(value, connection.Scalar<string>($"select current_setting('{setting}')::varchar"), ignoreCase: true);
        Assert.EndsWith("spill", connection.Scalar<string>("select current_setting('temp_directory')"), StringComparison.Ordinal);
    }

    [Fact]
    public void Databases_in_memory_spill_into_folders_of_their_own_and_leave_none()
    {
        string[] folders;
        using (var one = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 1, MemoryLimit = "40MB" }))
        using (var other = DuckDbConnection.Open(DuckDbConnection.InMemory))
        {
            folders = [one.Scalar<string>("select current_setting('temp_directory')")!, other.Scalar<string>("select current_setting('temp_directory')")!];
            one.Execute("create table t as select i, hash(i) as h, i::varchar as s from range(3000000) r(i)");

            Assert.True(Directory.Exists(folders[0]));
        }

        Assert.NotEqual(folders[0], folders[1]);
        Assert.All(folders, folder => Assert.Equal(Path.GetTempPath().TrimEnd('/'), Path.GetDirectoryName(folder)));
        Assert.All(folders, folder => Assert.False(Directory.Exists(folder)));
    }

    [Fact]
    public void A_setting_DuckDB_does_not_know_is_refused_by_name()
    {
        var failure = Assert.Throws<DuckDbException>(() => DuckDbConnection.Open(":memory:", new DuckDbOptions { MemoryLimit = "plenty" }));

        Assert.Equal(DuckDbErrorType.InvalidConfiguration, failure.ErrorType);
        Assert.Contains("plenty", failure.Message, StringComparison.Ordinal);
        Assert.Contains("memory_limit", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.Sql);
    }

    [Fact]
    public void Databases_in_memory_are_apart()
    {
        using var one = DuckDbConnection.Open(DuckDbConnection.InMemory);
        using var other = DuckDbConnection.Open(DuckDbConnection.InMemory);

        one.Execute("create table t (a int)");

        Assert.Equal(DuckDbErrorType.Catalog, Assert.Throws<DuckDbException>(() => other.Query("from t")).ErrorType);
    }

    [Fact]
    public void Two_connections_share_one_file_and_see_what_the_other_committed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("shared.duckdb");
        using (var one = DuckDbConnection.Open(path))
        using (var other = DuckDbConnection.Open(path))
        {
            one.Execute("create table t (a int); begin; insert into t values (1)");
            Assert.Equal(0, other.Scalar<long>("select count(*) from t"));
            one.Execute("commit");
            Assert.Equal(1, other.Scalar<long>("select count(*) from t"));
        }

        using var reader = DuckDbConnection.Open(path, new DuckDbOptions { ReadOnly = true });
        Assert.Equal(1, reader.Scalar<long>("select a from t"));
        Assert.Equal(DuckDbErrorType.InvalidInput, Assert.Throws<DuckDbException>(() => reader.Execute("insert into t values (2)")).ErrorType);
    }

    [Fact]
    public void A_second_connection_with_other_options_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var writer = DuckDbConnection.Open(folder.File("shared.duckdb"));

        Assert.Throws<DuckDbException>(() => DuckDbConnection.Open(folder.File("shared.duckdb"), new DuckDbOptions { ReadOnly = true }));
    }

    [Fact]
    public void A_file_that_is_no_database_or_is_absent_is_an_IO_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("text.duckdb"), new string('x', 20_000));

        Assert.Equal(DuckDbErrorType.IO, Assert.Throws<DuckDbException>(() => DuckDbConnection.Open(folder.File("text.duckdb"))).ErrorType);
        Assert.Equal(
            DuckDbErrorType.IO,
            Assert.Throws<DuckDbException>(() => DuckDbConnection.Open(folder.File("absent.duckdb"), new DuckDbOptions { ReadOnly = true })).ErrorType);
    }

    [Fact]
    public void Paths_and_SQL_go_through_as_UTF8_and_a_NUL_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var connection = DuckDbConnection.Open(folder.File("Kündigung 解約 🦆.duckdb"));

        connection.Execute("create table \"größe 🦆\" as select 'naïve 解約' as \"spalte é\"");
        using var result = connection.Query("from \"größe 🦆\"");

        Assert.Equal("spalte é", Assert.Single(result.Columns).Name);
        Assert.Equal("naïve 解約", Assert.Single(result.ReadRows())[0]);
        Assert.True(File.Exists(folder.File("Kündigung 解約 🦆.duckdb")));
        Assert.Throws<ArgumentException>("sql", () => connection.Execute("select 1\0; drop table t"));
    }

    [Fact]
    public void A_scalar_converts_between_numbers_only_if_the_value_fits()
    {
        using var connection = DuckDbConnection.Open(":memory:");

        Assert.Equal(6, connection.Scalar<int>("select sum(a)::hugeint from (values (1), (2), (3)) as t(a)"));
        Assert.Equal(6L, connection.Scalar<long?>("select 6::ubigint"));
        Assert.Equal(6d, connection.Scalar<double>("select 6"));
        Assert.Equal(6.5d, connection.Scalar<double>("select 6.5"));
        Assert.Equal(6.5f, connection.Scalar<float>("select 6.5::float"));
        Assert.Equal(6m, connection.Scalar<decimal>("select 6"));
        Assert.Equal(6UL, connection.Scalar<ulong>("select 6"));
        Assert.Equal((Int128)6, connection.Scalar<Int128>("select 6"));
        Assert.Null(connection.Scalar<string>("select null::varchar"));
        Assert.Null(connection.Scalar<long?>("select null::bigint"));
        Assert.Throws<OverflowException>(() => connection.Scalar<int>("select 3000000000"));
        Assert.Throws<InvalidCastException>(() => connection.Scalar<long>("select null::bigint"));
        Assert.Throws<InvalidCastException>(() => connection.Scalar<long>("select 'six'"));
        Assert.Throws<InvalidCastException>(() => connection.Scalar<string>("select 6"));
        Assert.Throws<InvalidCastException>(() => connection.Scalar<short>("select 6"));
        Assert.Throws<InvalidOperationException>(() => connection.Scalar<long>("select 1 where false"));
        Assert.Throws<InvalidOperationException>(() => connection.Scalar<long>("from range(2)"));
    }

    [Fact]
    public void A_closed_connection_refuses_everything_and_closing_twice_is_allowed()
    {
        var connection = DuckDbConnection.Open(":memory:");
        using var statement = connection.Prepare("select 1");
        using var result = connection.Query("from range(100000)");

        connection.Dispose();
        connection.Dispose();

        Assert.Throws<ObjectDisposedException>(() => connection.Execute("select 1"));
        Assert.Throws<ObjectDisposedException>(() => statement.Execute());
        Assert.Throws<ObjectDisposedException>(() => result.ReadRows());
        Assert.Throws<ObjectDisposedException>(() => new DuckDbAppender(connection, "t"));
        Assert.Throws<ObjectDisposedException>(() => connection.Progress);
    }

    [Fact]
    public void A_result_that_another_statement_cut_off_says_so_instead_of_ending_early()
    {
        using var connection = DuckDbConnection.Open(":memory:");
        using var cut = connection.Query("from range(1000000)");

        connection.Execute("create table t (a int)");

        Assert.Throws<InvalidOperationException>(() => cut.ReadRows());
    }

    [Fact]
    public void Progress_is_unknown_when_nothing_runs()
    {
        using var connection = DuckDbConnection.Open(":memory:");

        Assert.Equal(-1, connection.Progress);
    }

    [Fact]
    public void An_absent_library_is_reported_with_the_paths_that_were_tried()
    {
        using var folder = new TemporaryFolder();
        var candidates = Interop.NativeDuckDb.Candidates(folder.Path);

        var failure = Assert.Throws<DuckDbNativeLibraryException>(() => Interop.NativeDuckDb.Load(candidates));

        Assert.Equal(2, failure.Searched.Count);
        Assert.All(failure.Searched, path => Assert.Contains(path, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_library_that_does_not_load_is_reported_and_no_other_is_tried()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("libduckdb.broken"), "not a library");

        var failure = Assert.Throws<DuckDbNativeLibraryException>(
            () => Interop.NativeDuckDb.Load([folder.File("libduckdb.broken"), .. Interop.NativeDuckDb.Candidates(AppContext.BaseDirectory)]));

        Assert.Equal([folder.File("libduckdb.broken")], failure.Searched);
        Assert.NotNull(failure.InnerException);
    }
}
