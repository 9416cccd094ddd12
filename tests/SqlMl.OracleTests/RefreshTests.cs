using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Language.Text;

namespace SqlMl.OracleTests;

/// <summary>What makes a training set build which rows again, a program each: the rows are those of a full build, others are kept, and unwatched the change goes unseen.</summary>
public sealed class RefreshTests
{
    private const string Orders = "source orders { table orders  entity customer by id  time placed  complete until as_of }\nentity customer\n";
    private const string Grid = "observe every 5 days aligned to '2024-01-01' from '2024-01-01'";
    private const string Label = "label exists(orders) in next 7 days";

    /// <summary>Three customers who order every third to fifth day from January to May.</summary>
    private const string OrderRows = """
        CREATE TABLE orders AS
        SELECT 'c' || c AS id, TIMESTAMP '2024-01-03' + INTERVAL (d) DAY + INTERVAL (c) HOUR AS placed, 'p' || (d % 4) AS product, d % 7 AS amount
        FROM range(0, 140) AS days(d), range(1, 4) AS customers(c) WHERE d % (c + 2) = 0
        """;

    /// <summary>A program, what changes in its data, and what that is called.</summary>
    /// <param name="Program">The program.</param>
    /// <param name="Change">The change as SQL.</param>
    /// <param name="Because">What the summary says of it.</param>
    /// <param name="Break">What to a refresh would make it miss the change.</param>
    internal sealed record Case(string Program, string Change, string Because, Func<CompiledRefresh, CompiledRefresh> Break)
    {
        /// <summary>Further tables.</summary>
        public string Tables { get; init; } = "";
    }

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["a late row"] = new(
            $"{Orders}var customer.n = count(orders) over 7 days\n{Predict(Label, Grid)}",
            Insert("c1", "2024-02-20"), "orders changed on 1 day", Short("orders")),
        ["a row gone"] = new(
            $"{Orders}var customer.n = count(orders) over 2 months ending 1 month ago\n{Predict(Label, Grid)}",
            "DELETE FROM orders WHERE id = 'c1' AND placed < '2024-01-09' AND placed > '2024-01-05'", "orders changed on 1 day", Short("orders")),
        ["an entity that exists sooner"] = new(
            $"{Orders}var customer.n = count(orders) over 7 days\n{Predict(Label, Grid)}",
            Insert("new", "2024-03-01"), "which customer exists changed on 1 day", Unwatched(WatchedKind.Existence)),
        ["an entity that stops sooner"] = new(
            $"{Orders}var customer.n = count(orders) over 7 days\n{Predict(Label, $"{Grid} until first(orders where amount = 100)")}",
            Insert("c2", "2024-03-01", amount: 100), "which customer has stopped changed on 1 day", Unwatched(WatchedKind.Stops)),
        ["another first row"] = new(
            $"{Orders}source signups {{ table signups  entity customer by id  time placed }}\nvar customer.n = count(orders) over 7 days\n{Predict(Label, "observe 7 days after first(signups)")}",
            "UPDATE signups SET placed = placed + INTERVAL 30 DAY WHERE id = 'c2'", "the first rows of signups changed on 2 days", Unwatched(WatchedKind.FirstRows))
        {
            Tables = "CREATE TABLE signups AS SELECT 'c' || c AS id, TIMESTAMP '2024-01-10' + INTERVAL (c * 20) DAY AS placed FROM range(1, 4) AS t(c)",
        },
        ["a grid that moves"] = new(
            $"{Orders}var customer.n = count(orders) over 7 days\n{Predict(Label, "observe every 3 days")}",
            Insert("c1", "2024-05-30"), "came or went (`aligned to` keeps a grid in place)", Unwatched(WatchedKind.Grid)),
        ["labels known for longer"] = new(
            $"{Orders}source returns {{ table returns  entity customer by id  time placed  complete until as_of }}\nvar customer.n = count(orders) over 7 days\n{Predict("label exists(returns) in next 30 days", "observe at each orders")}",
            Insert("c1", "2024-06-10"), "labels are known until 2024-06-10", Limitless(LimitKind.Maturity))
        {
            Tables = "CREATE TABLE returns AS SELECT 'c1' AS id, TIMESTAMP '2024-02-01' AS placed",
        },
        ["a bound that moves"] = new(
            $"{Orders}var customer.n = count(orders) over 7 days\n{Predict(Label, "observe at each orders from as_of - 60 days")}",
            Insert("c1", "2024-06-10"), "a bound of `observe` moved to 2024-04-11", Limitless(LimitKind.Bound)),
        ["a stated instant that comes due"] = new(
            $"{Orders}source pings {{ table pings  entity customer by id  time placed }}\nvar customer.n = count(orders) over 1 day\nvar customer.p = count(pings) over 1 day\n{Predict(Label, "observe at '2024-03-01', '2024-06-01'  allow immature  split random 80 / 20")}",
            "INSERT INTO pings VALUES ('c1', TIMESTAMP '2024-06-20')", "the run's instant moved to 2024-06-20", Limitless(LimitKind.Run))
        {
            Tables = "CREATE TABLE pings AS SELECT 'c1' AS id, TIMESTAMP '2024-02-01' AS placed",
        },
        ["sources that begin sooner"] = new(
            $"{Orders}var customer.n = count(orders) over 7 days\n{Predict(Label, $"{Grid} require history 30 days")}",
            "INSERT INTO orders (id, placed) VALUES (NULL, TIMESTAMP '2023-12-20')", "the sources begin at 2023-12-20", Limitless(LimitKind.History)),
        ["a joined row that changes"] = new(
            $"{Orders.Replace("complete", "join products on product  complete", StringComparison.Ordinal)}source products {{ table products  key product  static }}\nvar customer.n = count(orders where products.kind = 'a') over 3 days\n{Predict(Label, Grid)}",
            "UPDATE products SET kind = 'a' WHERE product = 'rare'", "orders changed on 1 day", Short("orders"))
        {
            Tables = "UPDATE orders SET product = 'rare' WHERE id = 'c1' AND placed < '2024-01-04'; CREATE TABLE products AS SELECT * FROM (VALUES ('p0', 'a'), ('p1', 'b'), ('rare', 'b')) AS t(product, kind)",
        },
        ["a state that ends"] = new(
            $"{Orders}source plans {{ table plans  entity customer by id  valid from since to upto }}\nvar customer.n = count(orders) over 7 days\nvar customer.plan = plans.plan\n{Predict(Label, Grid)}",
            "UPDATE plans SET upto = TIMESTAMP '2024-04-01' WHERE id = 'c1'", "plans changed on 1 day", Short("plans"))
        {
            Tables = "CREATE TABLE plans AS SELECT 'c' || c AS id, TIMESTAMP '2023-01-01' AS since, CAST(NULL AS TIMESTAMP) AS upto, 'basic' AS plan FROM range(1, 4) AS t(c)",
        },
        ["what is known by now"] = new(
            """
            source orders { table orders  entity customer by id  time placed  late fraud at seen_at }
            source pings { table pings  entity customer by id  time placed }
            entity customer
            var customer.n = count(orders) over 7 days
            var customer.p = count(pings) over 7 days
            predict p for customer { label anchor.fraud default false  observe at each orders  train logistic }
            """,
            "INSERT INTO pings VALUES ('c1', TIMESTAMP '2024-07-10')", "orders changed on 1 day", Unwatched("orders"))
        {
            Tables = """
                CREATE TABLE pings AS SELECT 'c1' AS id, TIMESTAMP '2024-02-01' AS placed;
                ALTER TABLE orders ADD COLUMN fraud BOOLEAN; ALTER TABLE orders ADD COLUMN seen_at TIMESTAMP;
                UPDATE orders SET fraud = true, seen_at = TIMESTAMP '2024-07-01' WHERE id = 'c1' AND placed < '2024-01-04'
                """,
        },
        ["another entity's row"] = new(
            """
            source orders { table orders  entity customer by id  entity product by product  time placed  complete until as_of }
            entity customer
            entity product
            var product.sold = count(orders) over 3 days
            var customer.n = count(orders) over 3 days
            predict p for customer { label exists(orders) in next 7 days  observe every 5 days aligned to '2024-01-01' from '2024-01-01'  using n, product.sold  train logistic }
            """,
            Insert("c2", "2024-02-18"), "orders changed on 1 day", Short("orders")),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_change_makes_the_rows_that_may_see_it_new_and_leaves_the_others(string name)
    {
        var item = Cases[name];
        var outcome = Run(item, null);

        Assert.True(outcome.Difference is null, outcome.Difference);
        Assert.True(outcome.Summary is { IsWhole: false } && (outcome.Summary.Kept > 0 || name == "a grid that moves"), outcome.Summary.Text);
        Assert.Contains(item.Because, outcome.Summary.Text, StringComparison.Ordinal);
        Assert.True(Run(item, item.Break).Difference is not null, "a refresh that does not watch it gives the same rows");
    }

    [Theory]
    [InlineData("SELECT 1", "kept, none built: nothing that they read has changed")]
    [InlineData("ALTER TABLE orders ALTER amount TYPE INTEGER", "rows built, because the type of a column changed")]
    [InlineData("UPDATE profiles SET plan = 'gold' WHERE id = 'c1'", "rows built, because profiles changed, which is static")]
    public void What_nothing_changed_of_is_kept_and_what_may_touch_all_rows_builds_them_all(string change, string text)
    {
        var item = new Case(
            $"{Orders}source profiles {{ table profiles  entity customer by id  static }}\nvar customer.most = max(orders.amount) over 7 days\nvar customer.plan = profiles.plan\n{Predict(Label, Grid)}",
            change, "", refresh => refresh)
        {
            Tables = "CREATE TABLE profiles AS SELECT 'c' || c AS id, 'basic' AS plan FROM range(1, 4) AS t(c)",
        };

        var outcome = Run(item, null);

        Assert.True(outcome.Difference is null, outcome.Difference);
        Assert.EndsWith(text, outcome.Summary.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_program_builds_all_rows_and_one_that_only_reads_otherwise_none()
    {
        using var table = new RefreshedTable();
        table.Database.Execute(OrderRows);
        var program = $"{Orders}var customer.n = count(orders) over 7 days\n{Predict(Label, Grid)}";

        Assert.EndsWith("because nothing was kept before", table.Refresh(Compile(program))!.Summary.Text, StringComparison.Ordinal);
        Assert.Empty(table.Refresh(Compile("-- said once more\n" + program))!.Summary.Reasons);
        Assert.EndsWith("because the program changed", table.Refresh(Compile(program.Replace("7 days\n", "8 days\n", StringComparison.Ordinal)))!.Summary.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stated_instant_that_goes_back_takes_the_rows_back_that_it_hides()
    {
        using var table = new RefreshedTable();
        table.Database.Execute(OrderRows);
        var program = $"{Orders}var customer.n = count(orders) over 7 days\n{Predict(Label, Grid)}";
        table.Refresh(Compile(program, new DateTime(2024, 5, 1, 0, 0, 0, DateTimeKind.Utc)));

        var outcome = table.Refresh(Compile(program, new DateTime(2024, 4, 1, 0, 0, 0, DateTimeKind.Utc)))!;

        Assert.True(outcome is { Difference: null, Summary: { Kept: > 0, Built: 0, Dropped: > 0 } }, outcome.Summary.Text + outcome.Difference);
    }

    [Fact]
    public void What_a_pivot_learns_of_all_rows_cannot_be_kept()
    {
        var model = Compile($"{Orders}var customer.by_product = count(orders) by product top 2\n{Predict(Label, Grid)}")(null);
        Assert.Equal("a pivot learns its values from all training rows", model!.Refresh!.WholeBecause);
    }

    private static string Predict(string label, string observe) => $"predict p for customer {{ {label}  {observe}  train logistic }}\n";

    private static string Insert(string id, string at, int amount = 1) => $"INSERT INTO orders (id, placed, product, amount) VALUES ('{id}', TIMESTAMP '{at}', 'p1', {amount})";

    /// <summary>As if a source were read at the cutoff's own instant alone.</summary>
    private static Func<CompiledRefresh, CompiledRefresh> Short(string source) => Reaching(rows => rows.Kind == WatchedKind.Rows && rows.Name == source, [RowReach.AtCutoff]);

    private static Func<CompiledRefresh, CompiledRefresh> Unwatched(string source) => Reaching(rows => rows.Kind == WatchedKind.Rows && rows.Name == source, []);

    private static Func<CompiledRefresh, CompiledRefresh> Unwatched(WatchedKind kind) => Reaching(rows => rows.Kind == kind, []);

    private static Func<CompiledRefresh, CompiledRefresh> Reaching(Predicate<WatchedRows> which, ImmutableArray<RowReach> reaches) =>
        refresh => refresh with { Rows = [.. refresh.Rows.Select(rows => which(rows) ? rows with { Reaches = reaches } : rows)] };

    private static Func<CompiledRefresh, CompiledRefresh> Limitless(LimitKind kind) =>
        refresh => refresh with { Limits = [.. refresh.Limits.Select(limit => limit.Kind == kind ? limit with { Reaches = [] } : limit)] };

    private static RefreshOutcome Run(Case item, Func<CompiledRefresh, CompiledRefresh>? breakIt)
    {
        using var table = new RefreshedTable(breakIt);
        table.Database.Execute(OrderRows);
        if (item.Tables.Length > 0) table.Database.Execute(item.Tables);
        var compile = Compile(item.Program);
        var first = table.Refresh(compile);
        Assert.True(first is { Difference: null, Summary: { IsWhole: true, Built: > 0 } }, first?.Difference ?? first?.Summary.Text ?? "no rows can be kept");
        table.Database.Execute(item.Change);
        return table.Refresh(compile)!;
    }

    private static Func<ImmutableArray<CutoffRange>?, CompiledModel?> Compile(string program, DateTime? asOf = null) => cutoffs =>
    {
        var compiled = SqlMlCompiler.Compile(
            [new SourceText("p.sqlml", program)], new CompileOptions { Dialect = "duckdb", AsOf = asOf, ForRefresh = true, Cutoffs = cutoffs });
        Assert.True(compiled.Succeeded, string.Join('\n', compiled.Diagnostics.Select(finding => finding.Message)));
        return compiled.Models.Single();
    };
}
