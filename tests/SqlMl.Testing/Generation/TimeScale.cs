using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>
/// A stretch of time with durations that fit it. Instants lie on a coarse grid, so that window ends, cutoffs and rows meet exactly;
/// some miss it by a microsecond.
/// </summary>
internal sealed record TimeScale(
    DateTime Start, TimeSpan Slot, int Slots,
    ImmutableArray<OracleDuration> Windows, ImmutableArray<OracleDuration> Horizons, ImmutableArray<OracleDuration> Gaps, ImmutableArray<OracleDuration> Steps,
    ImmutableArray<WindowFamily> Families)
{
    /// <summary>Ten weeks over a leap day and several month ends.</summary>
    public static TimeScale Days { get; } = new(
        new DateTime(2024, 1, 25), TimeSpan.FromHours(12), 144,
        [.. Durations(DurationUnit.Day, 1, 2, 3, 7, 20, 30, 50), .. Durations(DurationUnit.Week, 1, 2), .. Durations(DurationUnit.Hour, 12, 36),
            .. Durations(DurationUnit.Month, 1, 2), .. Durations(DurationUnit.Quarter, 1), .. Durations(DurationUnit.Year, 1)],
        [.. Durations(DurationUnit.Day, 1, 3, 7), .. Durations(DurationUnit.Week, 2), .. Durations(DurationUnit.Hour, 36), .. Durations(DurationUnit.Month, 1)],
        [.. Durations(DurationUnit.Day, 1, 2), .. Durations(DurationUnit.Week, 1), .. Durations(DurationUnit.Month, 1)],
        [.. Durations(DurationUnit.Day, 2, 3, 7), .. Durations(DurationUnit.Week, 1), .. Durations(DurationUnit.Month, 1, 1), .. Durations(DurationUnit.Hour, 36)],
        [Family(DurationUnit.Day, 1, 7), Family(DurationUnit.Day, 3, 7, 30), Family(DurationUnit.Week, 1, 2), Family(DurationUnit.Month, 1, 2),
            Family(DurationUnit.Quarter, 1, 4), Family(DurationUnit.Year, 1, 2)]);

    /// <summary>Three days around the end of a leap February.</summary>
    public static TimeScale Hours { get; } = new(
        new DateTime(2024, 2, 28, 12, 0, 0), TimeSpan.FromMinutes(30), 144,
        [.. Durations(DurationUnit.Second, 1, 90), .. Durations(DurationUnit.Minute, 30, 90), .. Durations(DurationUnit.Hour, 1, 6, 15, 24), .. Durations(DurationUnit.Day, 1, 2)],
        [.. Durations(DurationUnit.Minute, 30, 90), .. Durations(DurationUnit.Hour, 1, 6, 12), .. Durations(DurationUnit.Second, 3600), .. Durations(DurationUnit.Day, 1)],
        [.. Durations(DurationUnit.Minute, 30), .. Durations(DurationUnit.Hour, 1, 2), .. Durations(DurationUnit.Second, 1)],
        [.. Durations(DurationUnit.Hour, 2, 6, 12), .. Durations(DurationUnit.Minute, 90), .. Durations(DurationUnit.Day, 1)],
        [Family(DurationUnit.Hour, 1, 6), Family(DurationUnit.Minute, 30, 90), Family(DurationUnit.Second, 1, 3600), Family(DurationUnit.Hour, 6, 12, 24)]);

    /// <summary>True for a length that leaves room in the stretch for labels of it.</summary>
    public bool IsShort(int amount, DurationUnit unit) => unit < DurationUnit.Month ? amount * OracleDuration.UnitLength(unit) < Slot * Slots / 4 : unit == DurationUnit.Month && amount == 1;

    /// <summary>Where the stretch ends.</summary>
    public DateTime End => Start + Slot * Slots;

    /// <summary>An instant of the grid between two shares, in percent, of the stretch.</summary>
    public DateTime OnGrid(Dice dice, int fromPercent = 0, int toPercent = 100) =>
        Start + Slot * dice.Between(Slots * fromPercent / 100, Slots * toPercent / 100);

    /// <summary>An instant on the grid or right beside it.</summary>
    public DateTime NearGrid(Dice dice)
    {
        var instant = OnGrid(dice);
        return dice.Below(12) switch
        {
            0 => instant.AddTicks(TimeSpan.TicksPerMicrosecond),
            1 => instant.AddTicks(-TimeSpan.TicksPerMicrosecond),
            2 => instant.AddMilliseconds(500),
            _ => instant,
        };
    }

    private static IEnumerable<OracleDuration> Durations(DurationUnit unit, params int[] amounts) =>
        amounts.Select(amount => new OracleDuration(amount, unit));

    private static WindowFamily Family(DurationUnit unit, params ImmutableArray<int> lengths) => new(lengths, unit, null);
}
