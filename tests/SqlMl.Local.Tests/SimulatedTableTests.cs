using System.Security.Cryptography;
using System.Text;
using SqlMl.DuckDb;
using SqlMl.Local.Simulation;

namespace SqlMl.Local.Tests;

public sealed class SimulatedTableTests
{
    public static TheoryData<string> Names => [.. SimulatedTables.All.Select(table => table.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_table_has_the_columns_and_types_that_it_states(string name)
    {
        using var folder = new TemporaryFolder();
        var table = SimulatedTables.Find(name)!;
        File.WriteAllText(folder.File("t.csv"), Csv(name, 3_000, 1));
        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory);
        using var result = connection.Query($"DESCRIBE FROM read_csv('{folder.File("t.csv")}', sample_size = -1)");
        Assert.Equal(table.Columns.Select(column => (column.Name, column.Type)), result.ReadRows().Select(row => ((string)row[0]!, (string)row[1]!)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_number_of_rows_is_told_and_the_first_table_of_a_simulation_has_as_many_as_wanted(string name)
    {
        using var csv = new StringWriter();
        var rows = SimulatedTables.Find(name)!.Write(700, 5, csv, CancellationToken.None);
        Assert.Equal(rows, csv.ToString().Count(letter => letter == '\n') - 1);
        if (name is "web_sessions" or "shop.orders" or "subscriptions.usage" or "league.matches") Assert.Equal(700, rows);
        else Assert.NotEqual(0, rows);
    }

    // A fixed hash: another platform, runtime or careless change of the simulator gives another one.
    [Theory]
    [InlineData("shop", "fc919077125902c1")]
    [InlineData("subscriptions", "8108644e88bc5d1a")]
    [InlineData("league", "b2d653be16ff92c0")]
    public void A_seed_gives_the_same_bytes_on_every_platform(string simulation, string hash)
    {
        var all = string.Concat(Tables(simulation).Select(table => Csv(table.Name, 2_000, 42)));
        Assert.NotEqual(all, string.Concat(Tables(simulation).Select(table => Csv(table.Name, 2_000, 43))));
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16]);
    }

    [Fact]
    public void Every_simulation_of_several_tables_has_its_hash() =>
        Assert.Equal(["league", "shop", "subscriptions"], SimulatedTables.All.Where(table => table.Name.Contains('.')).Select(table => table.Name.Split('.')[0]).Distinct().Order());

    [Theory]
    [InlineData("shop.orders.customer_id", "shop.customers")]
    [InlineData("shop.orders.product_id", "shop.products")]
    [InlineData("subscriptions.usage.user_id", "subscriptions.users")]
    [InlineData("subscriptions.users.account_id", "subscriptions.accounts")]
    [InlineData("subscriptions.plans.account_id", "subscriptions.accounts")]
    [InlineData("subscriptions.invoices.account_id", "subscriptions.accounts")]
    [InlineData("league.matches.venue_id", "league.venues")]
    [InlineData("league.venues.region_id", "league.regions")]
    public void Tables_of_one_simulation_fit_together(string column, string keys)
    {
        var cut = column.LastIndexOf('.');
        var known = Values(keys, 0).ToHashSet();
        var table = SimulatedTables.Find(column[..cut])!;
        var used = Values(table.Name, table.Columns.Select(item => item.Name).ToList().IndexOf(column[(cut + 1)..])).Distinct().ToList();
        Assert.True(used.Count > 3, $"{used.Count} keys");
        Assert.Subset(known, used.ToHashSet());
    }

    [Fact]
    public void Who_is_silent_for_long_is_gone_more_often()
    {
        // The mechanism: customers of a frequent pace who have not ordered for two months rarely come back.
        var orders = Rows("shop.orders", 20_000).Select(row => (Customer: row[1], Time: DateTime.Parse(row[3], System.Globalization.CultureInfo.InvariantCulture))).ToList();
        var cutoff = new DateTime(2024, 1, 1);
        var seen = orders.Where(order => order.Time < cutoff).GroupBy(order => order.Customer).ToDictionary(group => group.Key, group => group.Max(order => order.Time));
        var later = orders.Where(order => order.Time >= cutoff && order.Time < cutoff.AddDays(60)).Select(order => order.Customer).ToHashSet();
        double ShareBack(Func<DateTime, bool> choose) => seen.Where(pair => choose(pair.Value)).Average(pair => later.Contains(pair.Key) ? 1.0 : 0.0);
        Assert.True(ShareBack(last => last > cutoff.AddDays(-15)) > 0.3 + ShareBack(last => last < cutoff.AddDays(-60)));
    }

    private static IEnumerable<SimulatedTable> Tables(string simulation) => SimulatedTables.All.Where(table => table.Name.StartsWith(simulation + ".", StringComparison.Ordinal));

    private static IEnumerable<string> Values(string table, int column) => Rows(table, 2_000).Select(row => row[column]);

    private static IEnumerable<string[]> Rows(string table, int events) => Csv(table, events, 9).TrimEnd('\n').Split('\n').Skip(1).Select(line => line.Split(','));

    private static string Csv(string table, int events, long seed)
    {
        using var writer = new StringWriter();
        SimulatedTables.Find(table)!.Write(events, seed, writer, CancellationToken.None);
        return writer.ToString();
    }
}
