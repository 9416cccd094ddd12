using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SqlMl.Compiler;
using SqlMl.Language.Text;

namespace SqlMl.OracleTests;

/// <summary>
/// Aggregates over members (rule 21), on random rows, against the definition: at each cutoff every client is asked for the shop of the last row
/// known by then which names one, and the values of those who name this shop are aggregated one by one.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "test data; repeatable on purpose")]
public sealed class OracleRollupTests
{
    private const int Seeds = 40;
    private static readonly DateTime Start = new(2024, 1, 1);

    private sealed record Visit(string Client, string? Shop, DateTime At, DateTime LoadedAt, string? Kind);

    private sealed record Stay(string Client, string? Shop, DateTime From, DateTime? To);

    private sealed record Order(string Shop, DateTime At);

    private sealed record Member(int Visits, string? Kind);

    private sealed record Data(ImmutableArray<Visit> Visits, ImmutableArray<Stay> Stays, ImmutableArray<Order> Orders)
    {
        public IEnumerable<string> Clients => Visits.Select(visit => visit.Client).Concat(Stays.Select(stay => stay.Client)).Distinct();
    }

    private const string Vars =
        """
        entity client
        entity shop
        var client.visits  = count(visits) over 3 days
        var client.kind    = last(visits.kind)
        var shop.members   = count(client)
        var shop.busy      = count(client where visits > 1) default -1
        var shop.any       = exists(client where kind = 'web')
        var shop.kinds     = count(client.kind)
        var shop.visits    = sum(client.visits)
        var shop.middle    = median(client.visits)
        var shop.most      = max(client.visits)
        var shop.of_most   = max_by(client.kind, client.visits)
        var shop.usual     = mode(client.kind)
        var shop.two_kinds = top_values(client.kind, 2)
        var shop.spread    = entropy(client.kind)
        var shop.per_head  = sum(client.visits) / nullif(members, 0)

        """;

    private const string ByVisits =
        """
        source visits { table visits  entity client by client  entity shop by shop  time at  known at loaded_at }
        source orders { table orders  entity shop by shop  time at }

        """;

    private const string ByStays =
        """
        source stays  { table stays  entity client by client  entity shop by shop  valid from begins to ends }
        source visits { table visits  entity client by client  join stays on client  entity shop by stays.shop  time at  known at loaded_at }
        source orders { table orders  entity shop by shop  time at }

        """;

    [Fact]
    public void At_an_instant_members_are_those_whose_last_known_row_names_the_entity() =>
        Check(ByVisits, "observe at '2024-01-03', '2024-01-05 12:00:00', '2024-01-07'", isBefore: false, ByLastVisit);

    [Fact]
    public void Before_a_row_members_are_those_of_the_moment_before() =>
        Check(ByVisits, "observe before each orders", isBefore: true, ByLastVisit);

    [Fact]
    public void Members_by_states_are_those_whose_state_holds_whatever_events_join_it() =>
        Check(ByStays, "observe at '2024-01-03', '2024-01-05 12:00:00', '2024-01-07'", isBefore: false, ByStay);

    [Fact]
    public void Before_a_row_the_state_is_the_one_of_the_moment_before() =>
        Check(ByStays, "observe before each orders", isBefore: true, ByStay);

    private static void Check(string sources, string observe, bool isBefore, Func<Data, string, DateTime, bool, string?> shopOf)
    {
        var text = $"{sources}{Vars}predict sells for shop {{ label exists(orders) in next 2 days  allow immature  {observe}  split random 50 / 50  train logistic }}";
        var (rows, withMembers) = (0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var data = Generate(new Random(seed));
            foreach (var actual in Run(text, data))
            {
                var (shop, cutoff) = ((string)actual[0]!, (DateTime)actual[1]!);
                var members = data.Clients.Where(client => shopOf(data, client, cutoff, isBefore) == shop).Select(client => MemberAt(data, client, cutoff, isBefore)).ToList();
                var difference = TableComparison.Difference(Table(shop, cutoff, Expected(members)), Table(shop, cutoff, actual[2..]));
                Assert.True(difference is null, $"seed {seed}: {difference}");
                rows++;
                if (members.Count > 1) withMembers++;
            }
        }
        Assert.True(withMembers > 60, $"only {withMembers} of {rows} rows have several members");
        Assert.True(rows - withMembers > 20, $"only {rows - withMembers} of {rows} rows have one member or none");
    }

    private static ResultTable Table(string shop, DateTime cutoff, ImmutableArray<object?> values) =>
        new(["shop", "cutoff", .. values.Select((_, i) => $"value {i}")], [[shop, cutoff, .. values]]);

    /// <summary>The last visit that was known, of those that name a shop; of two at one instant the larger shop (rule 34).</summary>
    private static string? ByLastVisit(Data data, string client, DateTime cutoff, bool isBefore) => data.Visits
        .Where(visit => visit.Client == client && visit.Shop is not null && IsBy(Known(visit), cutoff, isBefore))
        .OrderBy(visit => visit.At).ThenBy(visit => visit.Shop, StringComparer.Ordinal).LastOrDefault()?.Shop;

    private static string? ByStay(Data data, string client, DateTime cutoff, bool isBefore) => data.Stays
        .Where(stay => stay.Client == client && stay.Shop is not null && IsBy(stay.From, cutoff, isBefore) && !(stay.To is { } end && IsBy(end, cutoff, isBefore)))
        .OrderBy(stay => stay.From).ThenBy(stay => stay.Shop, StringComparer.Ordinal).LastOrDefault()?.Shop;

    private static Member MemberAt(Data data, string client, DateTime cutoff, bool isBefore)
    {
        var seen = data.Visits.Where(visit => visit.Client == client && IsBy(Known(visit), cutoff, isBefore)).ToList();
        var from = cutoff.AddDays(-3);
        return new Member(
            seen.Count(visit => isBefore ? visit.At >= from : visit.At > from),
            // A missing kind comes last of one instant, and is then the value that is taken.
            seen.OrderBy(visit => visit.At).ThenBy(visit => visit.Kind is not null).ThenBy(visit => visit.Kind, StringComparer.Ordinal).LastOrDefault()?.Kind);
    }

    private static DateTime Known(Visit visit) => visit.LoadedAt > visit.At ? visit.LoadedAt : visit.At;

    private static bool IsBy(DateTime instant, DateTime cutoff, bool isBefore) => isBefore ? instant < cutoff : instant <= cutoff;

    private static ImmutableArray<object?> Expected(List<Member> members)
    {
        var visits = members.Select(member => (double)member.Visits).Order().ToList();
        var kinds = members.Where(member => member.Kind is not null).GroupBy(member => member.Kind!)
            .Select(group => (Kind: group.Key, Count: group.Count())).OrderByDescending(group => group.Count).ThenBy(group => group.Kind, StringComparer.Ordinal).ToList();
        var busy = members.Count(member => member.Visits > 1);
        var total = (double)kinds.Sum(group => group.Count);
        return
        [
            (double)members.Count,
            busy == 0 ? -1.0 : busy,
            members.Any(member => member.Kind == "web"),
            total,
            visits.Sum(),
            visits.Count == 0 ? null : (visits[(visits.Count - 1) / 2] + visits[visits.Count / 2]) / 2,
            visits.Count == 0 ? null : visits[^1],
            members.OrderBy(member => member.Visits).ThenBy(member => member.Kind is not null).ThenBy(member => member.Kind, StringComparer.Ordinal).LastOrDefault()?.Kind,
            kinds.Count == 0 ? null : kinds[0].Kind,
            kinds.Count == 0 ? null : kinds.Take(2).Select(group => (object?)group.Kind).ToArray(),
            kinds.Count == 0 ? null : -kinds.Sum(group => group.Count / total * Math.Log2(group.Count / total)),
            members.Count == 0 ? null : visits.Sum() / members.Count,
        ];
    }

    /// <summary>The training rows of the program: shop, cutoff, features.</summary>
    private static IEnumerable<ImmutableArray<object?>> Run(string text, Data data)
    {
        var folder = Directory.CreateTempSubdirectory("sqlml-rollups-");
        try
        {
            var tables = new Dictionary<string, string>
            {
                ["visits"] = Csv("client,shop,at,loaded_at,kind", data.Visits.Select(visit => new object?[] { visit.Client, visit.Shop, visit.At, visit.LoadedAt, visit.Kind })),
                ["stays"] = Csv("client,shop,begins,ends", data.Stays.Select(stay => new object?[] { stay.Client, stay.Shop, stay.From, stay.To })),
                ["orders"] = Csv("shop,at", data.Orders.Select(order => new object?[] { order.Shop, order.At })),
            };
            foreach (var (name, csv) in tables) File.WriteAllText(Path.Combine(folder.FullName, $"{name}.csv"), csv);
            var options = new CompileOptions
            {
                Dialect = "duckdb",
                Bindings = tables.Keys.Where(name => text.Contains($"source {name} ", StringComparison.Ordinal))
                    .ToImmutableDictionary(name => name, name => (SourceBinding)new FileBinding(Path.Combine(folder.FullName, $"{name}.csv")), StringComparer.OrdinalIgnoreCase),
            };
            using var database = new DuckDbExecution();
            var compiled = SqlMlCompiler.Compile([new SourceText("rollup.sqlml", text)], options);
            Assert.True(compiled.Succeeded, string.Join('\n', compiled.Diagnostics.Select(found => $"{found.Code}: {found.Message}")));
            var model = compiled.Models.Single();
            database.Execute(model.Training.Sql);
            return [.. database.ReadTable(model.TrainingTable).Rows.Select(row => row[..^2])];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Csv(string header, IEnumerable<object?[]> rows) => string.Join('\n', rows.Select(row => string.Join(',', row.Select(Text))).Prepend(header)) + "\n";

    private static string Text(object? value) => value is DateTime instant ? instant.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : (string?)value ?? "";

    /// <summary>Few clients, shops and instants, so that moves, ties and empty shops are frequent.</summary>
    private static Data Generate(Random dice)
    {
        string? Shop() => dice.Next(6) switch { 0 => null, var n => $"s{n % 3}" };
        DateTime Instant() => Start.AddHours(12 * dice.Next(14));
        string Client() => $"c{dice.Next(6)}";
        var visits = Enumerable.Range(0, 30).Select(_ =>
        {
            var at = Instant();
            return new Visit(Client(), Shop(), at, at.AddHours(12 * (dice.Next(4) - 1)), dice.Next(5) switch { 0 => null, 1 or 2 => "web", 3 => "app", _ => "phone" });
        });
        var stays = Enumerable.Range(0, 14).Select(_ =>
        {
            var from = Instant();
            return new Stay(Client(), Shop(), from, dice.Next(3) == 0 ? null : from.AddHours(12 * (1 + dice.Next(6))));
        });
        var orders = Enumerable.Range(0, 3).Select(i => new Order($"s{i}", Start)).Concat(Enumerable.Range(0, 8).Select(_ => new Order($"s{dice.Next(3)}", Instant())));
        return new Data([.. visits], [.. stays], [.. orders]);
    }
}
