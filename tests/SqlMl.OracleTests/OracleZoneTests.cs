using System.Globalization;
using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against values computed by hand: clocks in time zones, and steps of the calendar.</summary>
public sealed class OracleZoneTests
{
    [Theory]
    [InlineData("2024-03-31T01:59", "00:59")]
    [InlineData("2024-03-31T02:30", "01:30")]
    [InlineData("2024-03-31T03:00", "01:00")]
    [InlineData("2024-10-27T01:59", "23:59")]
    [InlineData("2024-10-27T02:30", "01:30")]
    [InlineData("2024-10-27T03:00", "02:00")]
    public void An_hour_that_occurs_twice_is_the_later_one_and_one_that_does_not_exist_moves_forward_by_the_gap(string shown, string utc)
    {
        var orders = Orders(Order("a", "2024-01-01", 1), Order("a", shown, 2)) with { Zone = "Europe/Paris" };
        var midnight = At(shown).Date.AddDays(utc == "23:59" ? 0 : 1);
        var last = midnight.AddDays(-1) + TimeSpan.Parse(utc, CultureInfo.InvariantCulture);

        Assert.Equal(
            [(midnight - last).TotalMinutes.ToString(CultureInfo.InvariantCulture)],
            FeaturesAt(midnight.ToString("s", CultureInfo.InvariantCulture), orders, Var("x", new ElapsedExpression(DurationUnit.Minute, Aggregate(AggregateKind.Last, null)))));
    }

    [Fact]
    public void Days_are_those_of_the_sources_own_clock()
    {
        var days = Var("x", Aggregate(AggregateKind.ActiveDays, null));

        Assert.Equal(["2"], FeaturesAt("2024-07-01", Orders(Order("a", "2024-06-01T23:30", 1), Order("a", "2024-06-02T00:30", 2)) with { Zone = "Europe/Paris" }, days));
        Assert.Equal(["1"], FeaturesAt("2024-07-01", Orders(Order("a", "2024-06-01T21:30", 1), Order("a", "2024-06-01T22:30", 2)), days));
    }

    [Fact]
    public void A_row_counts_from_the_instant_that_its_clock_shows()
    {
        var orders = Orders(Order("a", "2024-01-01", 1), Order("a", "2024-01-10T00:30", 2)) with { Zone = "Europe/Paris" };
        var count = Var("x", Aggregate(AggregateKind.Count, null));

        Assert.Equal(["1"], FeaturesAt("2024-01-09T23:29", orders, count));
        Assert.Equal(["2"], FeaturesAt("2024-01-09T23:30", orders, count));
    }

    [Theory]
    [InlineData("2024-03-31", "2024-02-29", DurationUnit.Month, "1")]
    [InlineData("2024-03-31", "2024-01-31", DurationUnit.Month, "2")]
    [InlineData("2024-03-31", "2024-03-16", DurationUnit.Month, "0.4838709677419355")]
    [InlineData("2024-02-29", "2024-01-31", DurationUnit.Month, "0.9354838709677419")]
    [InlineData("2024-02-29", "2023-02-28", DurationUnit.Year, "1")]
    [InlineData("2024-07-01", "2024-01-01", DurationUnit.Quarter, "2")]
    [InlineData("2024-07-01", "2024-02-15T12:00", DurationUnit.Quarter, "1.5")]
    public void Steps_of_the_calendar_are_counted_back_from_the_cutoff_and_the_last_of_them_in_part(string cutoff, string instant, DurationUnit unit, string steps)
    {
        var since = Var("x", new ElapsedExpression(unit, Aggregate(AggregateKind.Last, null)));

        Assert.Equal([steps], FeaturesAt(cutoff, Orders(Order("a", instant, 1)), since));
    }
}
