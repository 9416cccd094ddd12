namespace SqlMl.Local.Simulation;

/// <summary>One simulated event of a website.</summary>
/// <param name="Time">When it happened: UTC, whole milliseconds; no two events of a visitor are at the same instant.</param>
/// <param name="EventId">Its own id.</param>
/// <param name="Visitor">Who caused it.</param>
/// <param name="Session">The session it belongs to.</param>
/// <param name="Name">`page_view` or `submit_form`.</param>
/// <param name="Path">The page's path.</param>
/// <param name="Probability">
/// The true probability, given all that drives the simulation, that the visitor submits a first form within the hour after the event; 0 from the first form on.
/// </param>
public sealed record WebEvent(DateTime Time, string EventId, string Visitor, string Session, string Name, string Path, double Probability);

/// <summary>
/// Simulates a website whose visitors differ in intent: the more of it, the more they look at customers and prices, come back, and submit a form.
/// A seed gives the same events on every platform; the true probability of each event's outcome is known.
/// </summary>
public static class WebSessionSimulator
{
    private const int Days = 42;
    private static readonly DateTime Start = new(2025, 4, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan ShortestAbsence = TimeSpan.FromMinutes(61);

    private static readonly double[] IntentShares = [0.44, 0.26, 0.18, 0.12];
    private static readonly double[] ReturnChance = [0.35, 0.55, 0.68, 0.72];
    private static readonly double[] HourWeights =
        [1, 0.7, 0.5, 0.4, 0.5, 0.8, 1.5, 3, 5.5, 8, 9, 9, 7.5, 8.5, 9.5, 9, 8, 6.5, 4.5, 3.5, 3, 2.8, 2.2, 1.5];
    private static readonly double[] WeekdayWeights = [0.45, 1, 1.1, 1.1, 1.05, 0.9, 0.4];

    /// <summary>Exactly <paramref name="count"/> events, ordered by time; at least one is made.</summary>
    public static IReadOnlyList<WebEvent> Simulate(int count, long seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var events = new List<WebEvent>(count + 64);
        for (ulong visitor = 0; events.Count < count; visitor++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new CounterRandom(unchecked((ulong)seed), visitor);
            AddVisitor(events, ref random);
        }

        // Surplus is cut at the end of time, as if the site had been read a little earlier: no visitor loses an event in the middle.
        events.Sort(static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.EventId, b.EventId));
        events.RemoveRange(count, events.Count - count);
        return events;
    }

    private static void AddVisitor(List<WebEvent> events, ref CounterRandom random)
    {
        var visitor = random.NextUuid();
        var intent = random.NextIndex(IntentShares);
        var time = SessionStart(FirstDay(ref random), Start, ref random);
        var converted = false;
        while (time < Start.AddDays(Days))
        {
            time = AddSession(events, visitor, intent, ref converted, time, ref random);
            if (!random.NextBool(converted ? 0.3 : ReturnChance[intent])) return;

            // Interest grows with each visit of some who have begun to compare.
            if (intent is 1 or 2 && random.NextBool(0.25)) intent++;
            var absence = TimeSpan.FromDays(random.NextExponential() * 2.5);
            time = SessionStart((time + absence).Date, time + ShortestAbsence, ref random);
        }
    }

    /// <summary>Adds one session's events and returns the last one's instant.</summary>
    private static DateTime AddSession(
        List<WebEvent> events, string visitor, int intent, ref bool converted, DateTime time, ref CounterRandom random)
    {
        var session = random.NextUuid();
        var page = VisitorBehaviour.FirstPage(intent, ref random);
        for (var view = 0; ; view++)
        {
            var probability = converted ? 0 : VisitorBehaviour.ConversionChance(intent, page, view);
            events.Add(new WebEvent(time, random.NextUuid(), visitor, session, "page_view", VisitorBehaviour.Path(page), probability));
            var submits = !converted && random.NextBool(VisitorBehaviour.SubmitChance(intent, page));
            if (submits)
            {
                time += Dwell(ref random);
                events.Add(new WebEvent(time, random.NextUuid(), visitor, session, "submit_form", VisitorBehaviour.Path(Page.Demo), 0));
                converted = true;
            }
            if (view == VisitorBehaviour.LongestSession - 1 || random.NextBool(VisitorBehaviour.LeaveChance(intent, page))) return time;
            time += Dwell(ref random);
            page = VisitorBehaviour.NextPage(intent, page, ref random);
        }
    }

    private static TimeSpan Dwell(ref CounterRandom random)
    {
        var seconds = Math.Min(4 + (random.NextExponential() * 32), VisitorBehaviour.LongestDwell.TotalSeconds);
        return TimeSpan.FromMilliseconds(Math.Floor(seconds * 1000));
    }

    private static DateTime FirstDay(ref CounterRandom random)
    {
        while (true)
        {
            var day = Start.AddDays(Math.Floor(random.NextDouble() * Days));
            if (random.NextBool(WeekdayWeights[(int)day.DayOfWeek] / 1.1)) return day;
        }
    }

    /// <summary>An instant of the day, likelier in working hours, or of a following day where it would lie before <paramref name="earliest"/>.</summary>
    private static DateTime SessionStart(DateTime day, DateTime earliest, ref CounterRandom random)
    {
        var hour = random.NextIndex(HourWeights);
        var millisecond = Math.Floor(random.NextDouble() * 3_600_000);
        var start = day.AddHours(hour).AddMilliseconds(millisecond);
        while (start < earliest) start = start.AddDays(1);
        return start;
    }
}
