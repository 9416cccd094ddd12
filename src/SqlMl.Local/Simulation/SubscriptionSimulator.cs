using static SqlMl.Local.Simulation.SimulatedTables;

namespace SqlMl.Local.Simulation;

/// <summary>Who subscribed, to what, and what they did with it: rows of texts as CSV has them.</summary>
internal sealed record Subscriptions(
    IReadOnlyCollection<string[]> Usage, IReadOnlyCollection<string[]> Accounts, IReadOnlyCollection<string[]> Users, IReadOnlyCollection<string[]> Plans, IReadOnlyCollection<string[]> Invoices);

/// <summary>
/// Simulates a product that teams subscribe to: two weeks of trial, then a plan that is paid every thirty days. Whether a trial is paid for follows from how much was
/// used in it; who uses less and less pays late, and leaves at the end of a period.
/// </summary>
internal static class SubscriptionSimulator
{
    private const int Days = 420;
    private const int TrialDays = 14;
    private const int PeriodDays = 30;
    private static readonly DateTime Start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Industries = ["software", "retail", "health"];
    private static readonly string[] Features = ["open", "report", "share"];
    private static readonly double[] FeatureWeights = [6, 3, 1];

    // Three kinds of account: how common in each industry, and how often a user of theirs comes on a working day.
    private static readonly double[][] FitShares = [[0.25, 0.40, 0.35], [0.45, 0.40, 0.15], [0.40, 0.35, 0.25]];
    private static readonly double[] DailyUses = [0.04, 0.16, 0.32];
    private static readonly double[] ConversionByUses = [0.03, 0.15, 0.40, 0.65, 0.85];

    // What befalls an account in a period: its champion leaves, and the others use it much less.
    private const double FadeChance = 0.15;
    private const double FadeFactor = 0.15;

    private sealed record Use(DateTime Time, DateTime LoadedAt, string User, string Account, string Feature, int Minutes);

    /// <summary>Exactly <paramref name="count"/> uses, ordered by time; everything else that happened by the last of them.</summary>
    public static Subscriptions Simulate(int count, long seed, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var made = new Made([], [], [], [], []);
        for (var number = 1; made.Usage.Count < count; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new CounterRandom(unchecked((ulong)seed), (ulong)number);
            AddAccount(made, number, ref random);
        }

        // Surplus is cut at the end of time, as if the tables had been read a little earlier.
        made.Usage.Sort(static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.User, b.User));
        made.Usage.RemoveRange(count, made.Usage.Count - count);
        var end = Format(made.Usage[^1].Time);
        return new Subscriptions(
            [.. made.Usage.Select((use, i) => new[] { Id("e", i + 1, 6), use.User, use.Account, Format(use.Time), Format(use.LoadedAt), use.Feature, Format(use.Minutes) })],
            By(made.Accounts, 1, end), By(made.Users, 2, end), [.. By(made.Plans, 3, end).Select(row => Cut(row, 4, end))], [.. By(made.Invoices, 2, end).Select(row => Cut(row, 5, end))]);
    }

    // Times are written so that their order is that of their texts.
    private static List<string[]> By(List<string[]> rows, int time, string end) => [.. rows.Where(row => string.CompareOrdinal(row[time], end) <= 0).OrderBy(row => row[time], StringComparer.Ordinal)];

    // What had not happened by the end is not known then.
    private static string[] Cut(string[] row, int time, string end) => string.CompareOrdinal(row[time], end) <= 0 ? row : [.. row[..time], "", .. row[(time + 1)..]];

    private static void AddAccount(Made made, int number, ref CounterRandom random)
    {
        var account = Id("a", number, 4);
        var industry = (int)(random.NextDouble() * Industries.Length);
        var fit = random.NextIndex(FitShares[industry]);
        var created = Start.AddSeconds(Math.Floor(random.NextDouble() * (Days - 30) * 86_400));
        made.Accounts.Add([account, Format(created), Industries[industry]]);

        var users = 1 + (int)(random.NextDouble() * 4);
        for (var user = 1; user <= users; user++)
        {
            var joined = created.AddSeconds(user == 1 ? 0 : Math.Floor(random.NextDouble() * 6 * 86_400));
            made.Users.Add([$"{account}-{user}", account, Format(joined), user == 1 ? "admin" : "member"]);
        }

        // The trial.
        var trialEnd = created.AddDays(TrialDays);
        made.Plans.Add([account, "trial", Format(users), Format(created), Format(trialEnd)]);
        var uses = AddUsage(made, account, users, created, trialEnd, DailyUses[fit], ref random);
        var level = Math.Min(uses / Math.Max(2, users), ConversionByUses.Length - 1);
        if (random.NextBool(ConversionByUses[level])) AddPeriods(made, account, users, trialEnd, DailyUses[fit], ref random);
    }

    private static void AddPeriods(Made made, string account, int users, DateTime begin, double rate, ref CounterRandom random)
    {
        var plan = users > 2 ? "team" : "starter";
        var (planSince, isFading) = (begin, false);
        for (var period = begin; period < Start.AddDays(Days); period = period.AddDays(PeriodDays))
        {
            if (!isFading && random.NextBool(FadeChance)) (isFading, rate) = (true, rate * FadeFactor);
            AddInvoice(made, account, plan, users, period, isFading, ref random);
            var end = period.AddDays(PeriodDays);
            var uses = AddUsage(made, account, users, period, end, rate, ref random);
            var leaves = uses == 0 ? 0.7 : uses < 2 * users ? 0.35 : 0.02;
            if (random.NextBool(leaves))
            {
                made.Plans.Add([account, plan, Format(users), Format(planSince), Format(end)]);
                return;
            }
            if (plan == "starter" && uses > 10 && random.NextBool(0.2))
            {
                made.Plans.Add([account, plan, Format(users), Format(planSince), Format(end)]);
                (plan, planSince) = ("team", end);
            }
        }
        made.Plans.Add([account, plan, Format(users), Format(planSince), ""]);
    }

    private static void AddInvoice(Made made, string account, string plan, int users, DateTime period, bool isFading, ref CounterRandom random)
    {
        // The first is issued when the plan begins, the next ones ten days before theirs is due.
        var due = period.AddDays(10);
        var late = random.NextBool(isFading ? 0.6 : 0.1);
        var paid = late ? due.AddHours(24 + Math.Floor(random.NextDouble() * 500)) : due.AddHours(-Math.Floor(random.NextDouble() * 200));
        var cents = (plan == "team" ? 2_900 : 1_900) * (long)users;
        made.Invoices.Add([$"{account}-{Format(made.Invoices.Count + 1)}", account, Format(period), Format(due), FormatCents(cents), Format(paid)]);
    }

    /// <summary>Adds what the users of an account do in a stretch of time and returns how often they come.</summary>
    private static int AddUsage(Made made, string account, int users, DateTime begin, DateTime end, double rate, ref CounterRandom random)
    {
        var uses = 0;
        for (var user = 1; user <= users; user++)
        {
            // Some come more often than others.
            var mean = 86_400 / (rate * (0.5 + random.NextDouble()));
            var time = begin.AddSeconds(Math.Floor(random.NextExponential() * mean));
            for (; time < end; time = time.AddSeconds(60 + Math.Floor(random.NextExponential() * mean)))
            {
                var delay = random.NextBool(0.05) ? 48 * random.NextDouble() : random.NextDouble();
                var feature = Features[random.NextIndex(FeatureWeights)];
                made.Usage.Add(new Use(time, time.AddMinutes(Math.Floor(delay * 60)), $"{account}-{user}", account, feature, 1 + random.NextCount(9)));
                uses++;
            }
        }
        return uses;
    }

    private sealed record Made(List<Use> Usage, List<string[]> Accounts, List<string[]> Users, List<string[]> Plans, List<string[]> Invoices);
}
