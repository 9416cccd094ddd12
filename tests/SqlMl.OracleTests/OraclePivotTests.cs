using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SqlMl.Compiler;
using SqlMl.Language.Text;

namespace SqlMl.OracleTests;

/// <summary>
/// Pivots that learn their values (rule 39), on random rows, against the definition: each row of `train` says which values it sees, the values that most rows see
/// have columns, and each column counts the orders of its value.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "test data; repeatable on purpose")]
public sealed class OraclePivotTests
{
    private const int Seeds = 30;
    private const int Learned = 3;
    private static readonly DateTime Start = new(2024, 1, 1);

    private sealed record Order(string Customer, int Id, DateTime At, DateTime LoadedAt, string? Kind, int Amount);

    private sealed record Row(string Customer, DateTime Cutoff, string Split, ImmutableArray<double> Values);

    [Fact]
    public void Values_are_learned_from_rows_of_train_alone_as_each_sees_them() =>
        Check("at", "observe every 1 day aligned to '2024-01-01' from '2024-01-03'  split by time 50 / 50", isBefore: false);

    [Fact]
    public void In_mode_before_the_row_itself_is_not_learned_from() =>
        Check("before", "observe before each orders where amount > 2  split random 60 / 40 seed 3", isBefore: true);

    private static void Check(string name, string observe, bool isBefore)
    {
        var text = $$"""
            source orders { table orders  entity customer by customer  time at  known at loaded_at  key id }
            entity customer
            var customer.kinds = count(orders where amount > 0) by kind top {{Learned}} over 3 days
            predict buys for customer { label exists(orders) in next 12 hours  {{observe}}  train logistic }
            """;
        var (compared, unseenInTrain, withTies) = (0, 0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var orders = Generate(new Random(seed));
            var (learned, rows) = Run(text, orders);
            var counts = rows.Where(row => row.Split == "train").SelectMany(row => Seen(orders, row.Customer, row.Cutoff, isBefore).Select(order => order.Kind).OfType<string>().Distinct())
                .CountBy(kind => kind, StringComparer.Ordinal).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
            var top = counts.Take(Learned).Select(pair => pair.Key).ToList();
            Assert.Equal(top, learned);
            if (counts.Count > Learned && counts[Learned].Value == counts[Learned - 1].Value) withTies++;
            foreach (var row in rows)
            {
                var seen = Seen(orders, row.Customer, row.Cutoff, isBefore).Select(order => order.Kind).ToList();
                double[] expected =
                [
                    .. Enumerable.Range(0, Learned).Select(rank => rank < top.Count ? (double)seen.Count(kind => kind == top[rank]) : 0),
                    seen.Count(kind => kind is not null && !top.Contains(kind)), seen.Count(kind => kind is null),
                ];
                Assert.True(expected.SequenceEqual(row.Values), $"{name}, seed {seed}, {row.Customer} at {row.Cutoff:s}: {string.Join(' ', expected)} expected, {string.Join(' ', row.Values)} found");
                compared++;
                if (row.Split != "train" && expected[^2] > 0) unseenInTrain++;
            }
        }
        Assert.True(compared > 500, $"only {compared} rows were compared");
        Assert.True(unseenInTrain > 20, $"only {unseenInTrain} rows of test have another value");
        Assert.True(withTies > 2, $"only {withTies} programs had a tie for the last column");
    }

    private static IEnumerable<Order> Seen(ImmutableArray<Order> orders, string customer, DateTime cutoff, bool isBefore)
    {
        var from = cutoff.AddDays(-3);
        return orders.Where(order => order.Customer == customer && order.Amount > 0
            && (isBefore ? order.At < cutoff && order.LoadedAt < cutoff && order.At >= from : order.At <= cutoff && order.LoadedAt <= cutoff && order.At > from));
    }

    private static (List<string> Learned, List<Row> Rows) Run(string text, ImmutableArray<Order> orders)
    {
        var folder = Directory.CreateTempSubdirectory("sqlml-pivots-");
        try
        {
            var path = Path.Combine(folder.FullName, "orders.csv");
            File.WriteAllText(path, "customer,id,at,loaded_at,kind,amount\n" + string.Concat(orders.Select(order =>
                string.Create(CultureInfo.InvariantCulture, $"{order.Customer},{order.Id},{order.At:yyyy-MM-dd HH:mm:ss},{order.LoadedAt:yyyy-MM-dd HH:mm:ss},{order.Kind},{order.Amount}\n"))));
            var options = new CompileOptions
            {
                Dialect = "duckdb",
                Bindings = new Dictionary<string, SourceBinding> { ["orders"] = new FileBinding(path) }.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase),
            };
            var compiled = SqlMlCompiler.Compile([new SourceText("pivot.sqlml", text)], options);
            Assert.True(compiled.Succeeded, string.Join('\n', compiled.Diagnostics.Select(found => $"{found.Code}: {found.Message}")));
            var model = compiled.Models.Single();
            using var database = new DuckDbExecution();
            database.Execute(model.Pivots!.Sql);
            database.Execute(model.Training.Sql);
            var learned = database.ReadTable(model.PivotTable).Rows.OrderBy(row => (double)row[1]!).Select(row => (string)row[2]!).ToList();
            var table = database.ReadTable(model.TrainingTable);
            var first = table.Columns.IndexOf("kinds_1");
            return (learned, [.. table.Rows.Select(row => new Row(
                (string)row[0]!, (DateTime)row[table.Columns.IndexOf("cutoff")]!, (string)row[^1]!, [.. row[first..(first + Learned + 2)].Select(value => (double)value!)]))]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Kinds come and go with time, so that the test part sees others than the training rows; some orders are known late.</summary>
    private static ImmutableArray<Order> Generate(Random dice) =>
    [
        .. Enumerable.Range(0, 60).Select(id =>
        {
            var half = dice.Next(20);
            var at = Start.AddHours(12 * half);
            var kind = dice.Next(7) == 0 ? null : $"k{(half / 5) + dice.Next(4)}";
            return new Order($"c{dice.Next(4)}", id, at, at.AddHours(12 * (dice.Next(3) == 0 ? dice.Next(5) : 0)), kind, dice.Next(5));
        }),
    ];
}
