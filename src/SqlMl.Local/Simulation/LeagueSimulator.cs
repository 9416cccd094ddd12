using static SqlMl.Local.Simulation.SimulatedTables;

namespace SqlMl.Local.Simulation;

/// <summary>What a league played, and where: rows of texts as CSV has them.</summary>
internal sealed record League(IReadOnlyCollection<string[]> Matches, IReadOnlyCollection<string[]> Venues, IReadOnlyCollection<string[]> Regions);

/// <summary>
/// Simulates a league. Each team has an attack and a defence that drift from round to round; goals are Poisson with the product of one side's attack and the other's
/// defence as their mean. Who plays at home scores more, most of all high in the mountains.
/// </summary>
internal static class LeagueSimulator
{
    private const int Teams = 20;
    private const int MatchesPerRound = 8;
    private const int DaysPerRound = 4;
    private const double MeanHomeGoals = 1.45;
    private const double MeanAwayGoals = 1.15;
    private static readonly DateTime Start = new(2020, 8, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Regions = ["coast", "plain", "lakes", "hills", "mountains"];
    private static readonly string[] Climates = ["mild", "dry", "wet", "dry", "cold"];
    private static readonly int[] Altitudes = [5, 120, 310, 780, 2_650];
    private static readonly double[] HomeAdvantages = [1.0, 1.0, 1.05, 1.1, 1.5];

    /// <summary>Exactly <paramref name="count"/> matches, ordered by kick-off; no team plays twice in a round.</summary>
    public static League Simulate(int count, long seed, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var random = new CounterRandom(unchecked((ulong)seed), 0);
        var attack = new double[Teams];
        var defence = new double[Teams];
        for (var team = 0; team < Teams; team++) (attack[team], defence[team]) = (Strength(ref random), Strength(ref random));

        var matches = new List<string[]>(count);
        var order = Enumerable.Range(0, Teams).ToArray();
        for (var round = 0; matches.Count < count; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            random = new CounterRandom(unchecked((ulong)seed), (ulong)round + 1);
            Shuffle(order, ref random);
            var kickoffs = Kickoffs(round, Math.Min(MatchesPerRound, count - matches.Count), ref random);
            for (var i = 0; i < kickoffs.Length; i++)
            {
                var (home, away) = (order[2 * i], order[(2 * i) + 1]);
                var homeGoals = random.NextCount(MeanHomeGoals * HomeAdvantages[RegionOf(home)] * attack[home] * defence[away]);
                var awayGoals = random.NextCount(MeanAwayGoals * attack[away] * defence[home]);
                matches.Add(Match(matches.Count + 1, kickoffs[i], home, away, homeGoals, awayGoals, ref random));
            }
            for (var team = 0; team < Teams; team++) (attack[team], defence[team]) = (Drift(attack[team], ref random), Drift(defence[team], ref random));
        }
        return new League(matches, Venues(seed), [.. Regions.Select((region, i) => new[] { region, Format(Altitudes[i]), Climates[i] })]);
    }

    private static string[] Match(int number, DateTime kickoff, int home, int away, int homeGoals, int awayGoals, ref CounterRandom random)
    {
        var announced = kickoff.Date.AddDays(-14 - Math.Floor(random.NextDouble() * 14)).AddHours(10);
        var ended = kickoff.AddMinutes(105 + Math.Floor(random.NextDouble() * 10));
        return
        [
            Id("m", number, 5), Format(announced), Format(kickoff), Id("v", home + 1, 2), Id("t", home + 1, 2), Id("t", away + 1, 2),
            Format(homeGoals), Format(awayGoals), Format(ended),
        ];
    }

    private static List<string[]> Venues(long seed)
    {
        var random = new CounterRandom(unchecked((ulong)seed), ulong.MaxValue);
        var venues = new List<string[]>(Teams);
        for (var team = 0; team < Teams; team++)
            venues.Add([Id("v", team + 1, 2), Regions[RegionOf(team)], Format(8_000 + (1_000 * (long)(random.NextDouble() * 50)))]);
        return venues;
    }

    private static int RegionOf(int team) => team % Regions.Length;

    // From 0.5 to 2, as far above 1 as below it.
    private static double Strength(ref CounterRandom random)
    {
        var factor = 1 + random.NextDouble();
        return random.NextBool(0.5) ? factor : 1 / factor;
    }

    // Towards another strength, a little a round.
    private static double Drift(double strength, ref CounterRandom random) => (0.98 * strength) + (0.02 * Strength(ref random) * (random.NextBool(0.5) ? strength : 1));

    private static DateTime[] Kickoffs(int round, int count, ref CounterRandom random)
    {
        var kickoffs = new DateTime[count];
        for (var i = 0; i < count; i++) kickoffs[i] = Start.AddDays((round * DaysPerRound) + Math.Floor(random.NextDouble() * 2)).AddHours(13 + Math.Floor(random.NextDouble() * 8));
        Array.Sort(kickoffs);
        return kickoffs;
    }

    private static void Shuffle(int[] order, ref CounterRandom random)
    {
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = (int)(random.NextDouble() * (i + 1));
            (order[i], order[other]) = (order[other], order[i]);
        }
    }
}
