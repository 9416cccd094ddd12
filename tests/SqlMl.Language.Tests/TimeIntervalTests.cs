using SqlMl.Language.Types;

namespace SqlMl.Language.Tests;

public sealed class TimeIntervalTests
{
    private static readonly TimeInterval Week = new(true, "t - 7 days", "t", -7, 0);
    private static readonly TimeInterval EarlierMonth = new(true, "t - 30 days - 30 days", "t - 30 days", -60, -30);
    private static readonly TimeInterval Next = new(true, "t", "t + 7 days", 0, 7);

    [Fact]
    public void The_union_begins_at_the_earlier_start_and_ends_at_the_later_end()
    {
        Assert.Equal("(t - 30 days - 30 days, t]", EarlierMonth.Union(Week).ToString());
        Assert.Equal("(t - 30 days - 30 days, t]", Week.Union(EarlierMonth).ToString());
        Assert.Equal("(-∞, t + 7 days]", Next.Union(TimeInterval.Past).ToString());
    }

    [Fact]
    public void What_reads_nothing_adds_nothing()
    {
        Assert.Equal(Week, TimeInterval.None.Union(Week));
        Assert.Equal(Week, Week.Union(TimeInterval.None));
        Assert.Equal("no rows", TimeInterval.None.ToString());
    }

    [Fact]
    public void Only_what_ends_after_the_cutoff_reads_the_future()
    {
        Assert.True(Next.ReadsFuture);
        Assert.True(Week.Union(Next).ReadsFuture);
        Assert.False(Week.ReadsFuture);
        Assert.False(TimeInterval.None.ReadsFuture);
    }
}
