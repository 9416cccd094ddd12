using System.Security.Cryptography;
using System.Text;
using SqlMl.Local.Simulation;

namespace SqlMl.Local.Tests;

public sealed class WebSessionSimulatorTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_seed_gives_the_same_bytes_on_every_platform()
    {
        using var csv = new StringWriter();
        WebEventCsv.WriteEvents(WebSessionSimulator.Simulate(5000, 42), csv);
        // A fixed hash: another platform, runtime or careless change of the simulator gives another one.
        Assert.Equal("a932564060892ee9", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csv.ToString())))[..16]);
    }

    [Fact]
    public void Another_seed_gives_other_events() =>
        Assert.NotEqual(WebSessionSimulator.Simulate(50, 1).Select(item => item.EventId), WebSessionSimulator.Simulate(50, 2).Select(item => item.EventId));

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(20_000)]
    public void Exactly_the_wanted_number_of_events_is_made_in_order_of_time(int count)
    {
        var events = WebSessionSimulator.Simulate(count, 3);
        Assert.Equal(count, events.Count);
        Assert.Equal(events.Select(item => item.Time).Order(), events.Select(item => item.Time));
        Assert.Equal(count, events.Select(item => item.EventId).Distinct().Count());
    }

    [Fact]
    public void No_two_events_of_a_visitor_are_at_one_instant_and_none_submits_twice()
    {
        var events = WebSessionSimulator.Simulate(50_000, 4);
        Assert.Equal(events.Count, events.Select(item => (item.Visitor, item.Time)).Distinct().Count());
        var forms = events.Where(item => item.Name == "submit_form").ToList();
        Assert.NotEmpty(forms);
        Assert.Equal(forms.Count, forms.Select(item => item.Visitor).Distinct().Count());
    }

    [Fact]
    public void True_probabilities_are_what_happens_overall_and_in_every_tenth()
    {
        var events = WebSessionSimulator.Simulate(200_000, 5);
        var submitted = events.Where(item => item.Name == "submit_form").ToDictionary(item => item.Visitor, item => item.Time);
        var end = events[^1].Time;
        var rows = events
            .Where(item => item.Name == "page_view" && item.Time + Hour <= end && !(submitted.TryGetValue(item.Visitor, out var at) && at < item.Time))
            .Select(item => (item.Probability, Happened: submitted.TryGetValue(item.Visitor, out var at) && at > item.Time && at <= item.Time + Hour))
            .OrderBy(row => row.Probability)
            .ToList();
        Assert.True(rows.Count > 100_000, $"{rows.Count} rows");
        foreach (var tenth in rows.Chunk(rows.Count / 10).Take(10).Append([.. rows]))
        {
            var expected = tenth.Average(row => row.Probability);
            var observed = tenth.Average(row => row.Happened ? 1.0 : 0.0);
            // Rows of one session share their outcome, some nine views a session: the error is three times that of independent rows. Five of those.
            var error = 3 * Math.Sqrt(expected * (1 - expected) / tenth.Length);
            Assert.InRange(observed, expected - (5 * error), expected + (5 * error));
        }
    }

    [Fact]
    public void Probabilities_tell_visitors_apart()
    {
        var views = WebSessionSimulator.Simulate(20_000, 6).Where(item => item.Name == "page_view").Select(item => item.Probability).ToList();
        Assert.True(views.Max() > 0.5, $"highest {views.Max()}");
        Assert.True(views.Count(probability => probability < 0.02) > views.Count / 5);
    }

    [Fact]
    public void The_logarithm_is_exact_to_fifteen_digits()
    {
        foreach (var x in (double[])[1e-16, 1e-9, 0.1, 0.5, 0.75, 0.999999, 1, 1.5, 2, 1e6])
            Assert.Equal(Math.Log(x), CounterRandom.Log(x), 1e-14 * Math.Max(1, Math.Abs(Math.Log(x))));
    }
}
