using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Compiler;

namespace SqlMl.Local.Simulation;

/// <summary>Every table that can be made up.</summary>
public static class SimulatedTables
{
    private const string Text = "VARCHAR";
    private const string Instant = "TIMESTAMP";
    private const string Whole = "BIGINT";
    private const string Number = "DOUBLE";

    /// <summary>In the order in which they are listed.</summary>
    public static ImmutableArray<SimulatedTable> All { get; } =
    [
        new SimulatedTable(
            "web_sessions", "visitors of a website, some of whom submit a form",
            Columns(("app_id", Text), ("event_id", Text), ("domain_userid", Text), ("domain_sessionid", Text), ("derived_tstamp", Instant), ("event_name", Text), ("page_url", Text)),
            WriteWebSessions),

        Table("shop.orders", "orders of a shop, whose customers stop buying one day",
            Columns(("order_id", Text), ("customer_id", Text), ("product_id", Text), ("ordered_at", Instant), ("quantity", Whole), ("amount", Number), ("channel", Text)),
            (events, seed, cancellation) => ShopSimulator.Simulate(events, seed, cancellation).Orders),
        Table("shop.products", "what it sells",
            Columns(("product_id", Text), ("category", Text), ("brand", Text), ("price", Number)),
            (events, seed, cancellation) => ShopSimulator.Simulate(events, seed, cancellation).Products),
        Table("shop.customers", "whom it sells to",
            Columns(("customer_id", Text), ("signed_up_at", Instant), ("country", Text)),
            (events, seed, cancellation) => ShopSimulator.Simulate(events, seed, cancellation).Customers),

        Table("subscriptions.usage", "uses of a product that teams subscribe to, some reported days later",
            Columns(("event_id", Text), ("user_id", Text), ("account_id", Text), ("used_at", Instant), ("loaded_at", Instant), ("feature", Text), ("minutes", Whole)),
            (events, seed, cancellation) => SubscriptionSimulator.Simulate(events, seed, cancellation).Usage),
        Table("subscriptions.accounts", "who subscribes",
            Columns(("account_id", Text), ("created_at", Instant), ("industry", Text)),
            (events, seed, cancellation) => SubscriptionSimulator.Simulate(events, seed, cancellation).Accounts),
        Table("subscriptions.users", "the people of an account",
            Columns(("user_id", Text), ("account_id", Text), ("joined_at", Instant), ("role", Text)),
            (events, seed, cancellation) => SubscriptionSimulator.Simulate(events, seed, cancellation).Users),
        Table("subscriptions.plans", "which plan an account was on, from when to when",
            Columns(("account_id", Text), ("plan", Text), ("seats", Whole), ("valid_from", Instant), ("valid_to", Instant)),
            (events, seed, cancellation) => SubscriptionSimulator.Simulate(events, seed, cancellation).Plans),
        Table("subscriptions.invoices", "what an account owes, issued before it is due and paid in time or not",
            Columns(("invoice_id", Text), ("account_id", Text), ("issued_at", Instant), ("due_at", Instant), ("amount", Number), ("paid_at", Instant)),
            (events, seed, cancellation) => SubscriptionSimulator.Simulate(events, seed, cancellation).Invoices),

        Table("league.matches", "matches of two teams each, announced weeks before",
            Columns(("match_id", Text), ("announced_at", Instant), ("kickoff_at", Instant), ("venue_id", Text), ("home_id", Text), ("away_id", Text), ("home_goals", Whole), ("away_goals", Whole), ("ended_at", Instant)),
            (events, seed, cancellation) => LeagueSimulator.Simulate(events, seed, cancellation).Matches),
        Table("league.venues", "where they are played",
            Columns(("venue_id", Text), ("region_id", Text), ("capacity", Whole)),
            (events, seed, cancellation) => LeagueSimulator.Simulate(events, seed, cancellation).Venues),
        Table("league.regions", "where the venues lie, some of them high in the mountains",
            Columns(("region_id", Text), ("altitude", Whole), ("climate", Text)),
            (events, seed, cancellation) => LeagueSimulator.Simulate(events, seed, cancellation).Regions),
    ];

    /// <summary>The table of this name, or null.</summary>
    public static SimulatedTable? Find(string name) => All.FirstOrDefault(table => table.Name == name);

    /// <summary>An instant as CSV has it, to the second.</summary>
    internal static string Format(DateTime instant) => instant.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Cents as an amount with two digits.</summary>
    internal static string FormatCents(long cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A whole number as CSV has it.</summary>
    internal static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An id: a letter and a number of at least so many digits.</summary>
    internal static string Id(string prefix, int number, int digits) => prefix + number.ToString($"D{digits}", CultureInfo.InvariantCulture);

    private static SimulatedTable Table(
        string name, string summary, ImmutableArray<SchemaColumn> columns, Func<int, long, CancellationToken, IReadOnlyCollection<string[]>> rows)
    {
        return new SimulatedTable(name, summary, columns, Write);

        int Write(int events, long seed, TextWriter writer, CancellationToken cancellation)
        {
            var all = rows(events, seed, cancellation);
            writer.Write(string.Join(',', columns.Select(column => column.Name)) + '\n');
            foreach (var row in all) writer.Write(string.Join(',', row) + '\n');
            return all.Count;
        }
    }

    private static int WriteWebSessions(int events, long seed, TextWriter writer, CancellationToken cancellation)
    {
        var rows = WebSessionSimulator.Simulate(events, seed, cancellation);
        WebEventCsv.WriteEvents(rows, writer);
        return rows.Count;
    }

    private static ImmutableArray<SchemaColumn> Columns(params ReadOnlySpan<(string Name, string Type)> columns)
    {
        var builder = ImmutableArray.CreateBuilder<SchemaColumn>(columns.Length);
        foreach (var (name, type) in columns) builder.Add(new SchemaColumn(name, type));
        return builder.ToImmutable();
    }
}
