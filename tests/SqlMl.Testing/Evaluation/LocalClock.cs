namespace SqlMl.Testing.Evaluation;

/// <summary>Clocks in time zones, by the platform's own rules (rule 2).</summary>
internal static class LocalClock
{
    /// <summary>The instant at which a zone's clock shows a time: of two the later; a time that it leaves out moves forward by the gap.</summary>
    public static DateTime ToUtc(DateTime shown, string zone)
    {
        var rules = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var clock = DateTime.SpecifyKind(shown, DateTimeKind.Unspecified);
        var offset = rules.IsAmbiguousTime(clock) ? rules.GetAmbiguousTimeOffsets(clock).Min()
            : rules.GetUtcOffset(rules.IsInvalidTime(clock) ? clock.AddDays(-1) : clock);
        return shown - offset;
    }

    /// <summary>The day that a zone's clock shows at an instant; in UTC where there is no zone (rule 36).</summary>
    public static DateTime Day(DateTime instant, string? zone) =>
        (zone is null ? instant : instant + TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc))).Date;
}
