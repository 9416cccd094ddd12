namespace SqlMl.Testing.Programs;

/// <summary>The units of a duration, shortest first; from <see cref="Month"/> on they are calendar steps.</summary>
public enum DurationUnit
{
    /// <summary>1 s.</summary>
    Second,

    /// <summary>60 s.</summary>
    Minute,

    /// <summary>3,600 s.</summary>
    Hour,

    /// <summary>86,400 s.</summary>
    Day,

    /// <summary>7 days.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>Three calendar months.</summary>
    Quarter,

    /// <summary>Twelve calendar months.</summary>
    Year,
}

/// <summary>A length of time: an exact number of seconds, or a number of calendar months. Never negative.</summary>
public sealed record OracleDuration(int Amount, DurationUnit Unit)
{
    /// <summary>The param that stands for it; null where it is written out.</summary>
    public string? Param { get; init; }

    /// <summary>True for months, quarters and years, whose length depends on where they are counted from.</summary>
    public bool IsCalendar => Unit >= DurationUnit.Month;

    /// <summary>The number of calendar months; only for calendar durations.</summary>
    public int Months => Unit switch
    {
        DurationUnit.Month => Amount,
        DurationUnit.Quarter => 3 * Amount,
        DurationUnit.Year => 12 * Amount,
        _ => throw new InvalidOperationException($"{this} is not counted in months"),
    };

    /// <summary>The exact length; only for durations that are not calendar steps.</summary>
    public TimeSpan Exact => Amount * UnitLength(Unit);

    /// <summary>The suffix of a family's member (rule 54): `7d`, `24h`, `1mo`.</summary>
    public string Suffix => Amount + Unit switch
    {
        DurationUnit.Second => "s",
        DurationUnit.Minute => "min",
        DurationUnit.Hour => "h",
        DurationUnit.Day => "d",
        DurationUnit.Week => "w",
        DurationUnit.Month => "mo",
        DurationUnit.Quarter => "q",
        _ => "y",
    };

    /// <summary>The length of a unit that is not a calendar step.</summary>
    public static TimeSpan UnitLength(DurationUnit unit) => unit switch
    {
        DurationUnit.Second => TimeSpan.FromSeconds(1),
        DurationUnit.Minute => TimeSpan.FromMinutes(1),
        DurationUnit.Hour => TimeSpan.FromHours(1),
        DurationUnit.Day => TimeSpan.FromDays(1),
        DurationUnit.Week => TimeSpan.FromDays(7),
        _ => throw new InvalidOperationException($"{unit} has no exact length"),
    };

    /// <summary>As written in a program: `1 day`, `7 days`, or the name of a param.</summary>
    public override string ToString() => Param ?? Written;

    /// <summary>As written out: `1 day`, `7 days`.</summary>
    public string Written => $"{Amount} {UnitWord(Unit)}{(Amount == 1 ? "" : "s")}";

    /// <summary>The unit's word in the singular.</summary>
    public static string UnitWord(DurationUnit unit) => unit.ToString().ToLowerInvariant();
}
