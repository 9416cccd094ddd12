using SqlMl.Language.Types;

namespace SqlMl.Language.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("7", "day", "7 days", "7d", 604_800_000_000, 0)]
    [InlineData("1", "day", "1 day", "1d", 86_400_000_000, 0)]
    [InlineData("24", "hour", "24 hours", "24h", 86_400_000_000, 0)]
    [InlineData("30", "second", "30 seconds", "30s", 30_000_000, 0)]
    [InlineData("5", "minute", "5 minutes", "5min", 300_000_000, 0)]
    [InlineData("2", "week", "2 weeks", "2w", 1_209_600_000_000, 0)]
    [InlineData("3", "month", "3 months", "3mo", 0, 3)]
    [InlineData("2", "quarter", "2 quarters", "2q", 0, 6)]
    [InlineData("1", "year", "1 year", "1y", 0, 12)]
    [InlineData("1.5", "hour", "1.5 hours", "1_5h", 5_400_000_000, 0)]
    [InlineData("0.0000001", "day", "0.0000001 days", "0_0000001d", 8_640, 0)]
    [InlineData("7.0", "day", "7 days", "7d", 604_800_000_000, 0)]
    public void A_duration_has_a_length_a_text_and_a_suffix(string number, string unit, string text, string suffix, long microseconds, int months)
    {
        var duration = Duration.Create(decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture), unit)!;
        Assert.Equal((text, suffix, microseconds, months), (duration.Text, duration.Suffix, duration.Microseconds, duration.Months));
        Assert.Equal(months > 0, duration.IsCalendar);
    }

    [Theory]
    [InlineData("0", "day")]
    [InlineData("-1", "day")]
    [InlineData("1.5", "month")]
    [InlineData("0.5", "year")]
    [InlineData("0.0000001", "second")]
    [InlineData("3650001", "day")]
    [InlineData("10001", "year")]
    [InlineData("79228162514264337593543950335", "day")]
    public void What_is_not_positive_not_whole_or_too_long_is_no_duration(string number, string unit) =>
        Assert.Null(Duration.Create(decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture), unit));

    [Fact]
    public void Ten_thousand_years_of_days_are_the_longest_duration() =>
        Assert.Equal(3_650_000 * Duration.Day, Duration.Create(3_650_000, "day")!.Microseconds);

    [Fact]
    public void A_month_is_compared_as_31_days() =>
        Assert.Equal(62 * Duration.Day, Duration.Create(2, "month")!.LongestMicroseconds);
}
