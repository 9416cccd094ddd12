using SqlMl.Compiler;
using SqlMl.Language.Types;
using SqlMl.Local.Reports;
using SqlMl.Local.Running;

namespace SqlMl.Local.Data;

/// <summary>Finds windows that begin before their source does: such a feature counts over less time than its name says.</summary>
internal static class MissingHistory
{
    /// <summary>A sentence for each source whose longest window reaches before its first row at some training row's cutoff.</summary>
    public static IEnumerable<string> Cautions(CompiledModel model, IEnumerable<SourceSummary> sources, DateTime[] cutoffs)
    {
        foreach (var lookback in model.Lookbacks)
        {
            var source = sources.FirstOrDefault(source => source.Name == lookback.Source);
            if (source?.FirstTime is not { } first) continue;
            var tooEarly = cutoffs.Count(cutoff => Earlier(Earlier(cutoff, lookback.Gap), lookback.Length) < first);
            if (tooEarly == 0) continue;
            var reach = lookback.Gap is null ? lookback.Length.Text : $"{lookback.Length.Text}, ending {lookback.Gap.Text} ago,";
            yield return $"The longest window over {lookback.Source}, {reach} begins before its first row ({Words.Instant(first)} UTC) at {Words.Number(tooEarly)} of {Words.Count(cutoffs.Length, "row")}; `require history` leaves such cutoffs out.";
        }
    }

    private static DateTime Earlier(DateTime instant, Duration? duration) => duration switch
    {
        null => instant,
        // Further back than dates reach: before every row.
        _ when duration.LongestMicroseconds >= instant.Ticks / TimeSpan.TicksPerMicrosecond => DateTime.MinValue,
        { IsCalendar: true } => instant.AddMonths(-duration.Months),
        _ => instant.AddTicks(-duration.Microseconds * TimeSpan.TicksPerMicrosecond),
    };
}
