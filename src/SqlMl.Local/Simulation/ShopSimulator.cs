using static SqlMl.Local.Simulation.SimulatedTables;

namespace SqlMl.Local.Simulation;

/// <summary>What a shop sold, to whom: rows of texts as CSV has them.</summary>
internal sealed record Shop(IReadOnlyCollection<string[]> Orders, IReadOnlyCollection<string[]> Products, IReadOnlyCollection<string[]> Customers);

/// <summary>
/// Simulates a shop. A customer buys at a pace of their own, until one day they are gone without a word: a silence that is long for their pace tells it.
/// What they buy next follows from what they bought last: often the same kind of thing, else what goes with it.
/// </summary>
internal static class ShopSimulator
{
    private const int Days = 720;
    private const int ProductsPerCategory = 8;
    private static readonly DateTime Start = new(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Categories = ["coffee", "tea", "bakery", "kitchen", "books", "garden"];
    private static readonly long[] CentsByCategory = [1_200, 900, 450, 3_900, 1_800, 2_600];
    private static readonly double[] CategoryWeights = [5, 3, 4, 1.5, 2, 1];

    // What goes with a category: its place among the categories.
    private static readonly int[] Complements = [2, 4, 0, 5, 1, 3];
    private const double SameAgain = 0.5;
    private const double ComplementNext = 0.3;

    private static readonly string[] Countries = ["FR", "DE", "NL"];
    private static readonly double[] CountryShares = [0.5, 0.3, 0.2];
    private static readonly string[] Channels = ["web", "app", "store"];

    // Four paces: how common, days between two orders, days until the last one.
    private static readonly double[] PaceShares = [0.15, 0.30, 0.35, 0.20];
    private static readonly double[] GapDays = [6, 14, 30, 70];
    private static readonly double[] LifeDays = [320, 240, 160, 120];

    private sealed record Product(string Id, int Category, long Cents);

    private sealed record Order(DateTime Time, string Customer, Product Product, int Quantity, string Channel);

    /// <summary>Exactly <paramref name="count"/> orders, ordered by time; customers who never order are among the customers.</summary>
    public static Shop Simulate(int count, long seed, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var products = MakeProducts(seed);
        var orders = new List<Order>(count + 64);
        var customers = new List<string[]>();
        for (var number = 1; orders.Count < count; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new CounterRandom(unchecked((ulong)seed), (ulong)number);
            customers.Add(AddCustomer(Id("c", number, 5), products, orders, ref random));
        }

        // Surplus is cut at the end of time, as if the shop had been read a little earlier.
        orders.Sort(static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.Customer, b.Customer));
        orders.RemoveRange(count, orders.Count - count);
        return new Shop([.. orders.Select(Row)], [.. products.Select(Row)], customers);
    }

    private static string[] Row(Order order, int index) =>
    [
        Id("o", index + 1, 6), order.Customer, order.Product.Id, Format(order.Time), Format(order.Quantity), FormatCents(order.Quantity * order.Product.Cents), order.Channel,
    ];

    private static string[] Row(Product product) =>
        [product.Id, Categories[product.Category], product.Cents > CentsByCategory[product.Category] ? "branded" : "house", FormatCents(product.Cents)];

    private static Product[] MakeProducts(long seed)
    {
        var random = new CounterRandom(unchecked((ulong)seed), 0);
        var products = new Product[Categories.Length * ProductsPerCategory];
        for (var i = 0; i < products.Length; i++)
        {
            var category = i / ProductsPerCategory;
            products[i] = new Product(Id("p", i + 1, 3), category, (long)(CentsByCategory[category] * (0.5 + (1.5 * random.NextDouble()))));
        }
        return products;
    }

    /// <summary>Adds a customer's orders and returns the customer's row.</summary>
    private static string[] AddCustomer(string customer, Product[] products, List<Order> orders, ref CounterRandom random)
    {
        var signUp = Start.AddSeconds(Math.Floor(random.NextDouble() * (Days - 60) * 86_400));
        var country = Countries[random.NextIndex(CountryShares)];
        var pace = random.NextIndex(PaceShares);
        var gap = GapDays[pace] * (0.6 + (0.8 * random.NextDouble()));
        var gone = signUp.AddSeconds(Math.Floor(random.NextExponential() * LifeDays[pace] * 86_400));
        var appetite = 1 + (3 * random.NextDouble());
        var channel = random.NextIndex(CategoryWeights.AsSpan(0, Channels.Length));
        var category = random.NextIndex(CategoryWeights);

        // The first order is not long after signing up.
        for (var time = After(signUp, 2, ref random); time < gone && time < Start.AddDays(Days); time = After(time, gap, ref random))
        {
            var product = products[(category * ProductsPerCategory) + (int)(random.NextDouble() * ProductsPerCategory)];
            var quantity = 1 + (int)(random.NextDouble() * appetite);
            var used = random.NextBool(0.8) ? channel : (int)(random.NextDouble() * Channels.Length);
            orders.Add(new Order(time, customer, product, quantity, Channels[used]));
            category = NextCategory(category, ref random);
        }
        return [customer, Format(signUp), country];
    }

    private static int NextCategory(int category, ref CounterRandom random)
    {
        var draw = random.NextDouble();
        return draw < SameAgain ? category : draw < SameAgain + ComplementNext ? Complements[category] : random.NextIndex(CategoryWeights);
    }

    // The shop is closed at night: whatever would happen then happens in the morning.
    private static DateTime After(DateTime time, double meanDays, ref CounterRandom random)
    {
        var next = time.AddSeconds(60 + Math.Floor(random.NextExponential() * meanDays * 86_400));
        return next.Hour < 7 ? next.AddHours(7) : next;
    }
}
