namespace SqlMl.Sql;

/// <summary>The aggregates of the SQL tree. All skip null arguments, save COUNT(*).</summary>
public enum SqlAggregateFunction
{
    /// <summary>COUNT.</summary>
    Count,

    /// <summary>COUNT(DISTINCT x).</summary>
    CountDistinct,

    /// <summary>SUM.</summary>
    Sum,

    /// <summary>AVG.</summary>
    Average,

    /// <summary>MIN.</summary>
    Min,

    /// <summary>MAX.</summary>
    Max,

    /// <summary>The sample's standard deviation; null below two values. Independent of the order of rows.</summary>
    StandardDeviation,

    /// <summary>The median, interpolated.</summary>
    Median,
}

/// <summary>The scalar functions of the SQL tree; each dialect writes each of them in one place.</summary>
public enum SqlFunction
{
    /// <summary>The first argument that is not null.</summary>
    Coalesce,

    /// <summary>NULL where both arguments are equal, else the first.</summary>
    NullIf,

    /// <summary>The absolute value.</summary>
    Abs,

    /// <summary>Half away from zero; the second argument, a constant, is the number of decimals.</summary>
    Round,

    /// <summary>The largest whole number not above.</summary>
    Floor,

    /// <summary>The smallest whole number not below.</summary>
    Ceil,

    /// <summary>The natural logarithm; null for zero and below.</summary>
    Ln,

    /// <summary>The logarithm to base 2; fails for zero and below.</summary>
    Log2,

    /// <summary>e to the power.</summary>
    Exp,

    /// <summary>The square root; null below zero.</summary>
    Sqrt,

    /// <summary>The first argument to the power of the second.</summary>
    Power,

    /// <summary>-1, 0 or 1.</summary>
    Sign,

    /// <summary>The largest argument; null if any is null.</summary>
    Greatest,

    /// <summary>The smallest argument; null if any is null.</summary>
    Least,

    /// <summary>The largest argument, none of which is null: the dialects differ over nulls.</summary>
    Highest,

    /// <summary>The smallest argument, none of which is null: the dialects differ over nulls.</summary>
    Lowest,

    /// <summary>How many times the second argument, a positive whole constant, goes into the first, a whole number: cut toward zero, exact for all integers.</summary>
    DivideWhole,

    /// <summary>Lower case.</summary>
    Lower,

    /// <summary>Upper case.</summary>
    Upper,

    /// <summary>The number of characters.</summary>
    Length,

    /// <summary>Without blanks at both ends.</summary>
    Trim,

    /// <summary>From a position counted from 1, of a length.</summary>
    Substring,

    /// <summary>Every occurrence of the second argument replaced by the third.</summary>
    Replace,

    /// <summary>Joined texts; null if any is null.</summary>
    Concat,

    /// <summary>True when the text holds the second argument.</summary>
    Contains,

    /// <summary>True when the text starts with the second argument.</summary>
    StartsWith,

    /// <summary>True when the text ends with the second argument.</summary>
    EndsWith,

    /// <summary>How positive a text is, from -1 to 1, as a model of language says; only in dialects that have such models.</summary>
    TextSentiment,

    /// <summary>Which of the classes, the arguments after the first, a text belongs to, as a model of language says; only in dialects that have such models.</summary>
    TextClass,

    /// <summary>The 1024 numbers that stand for what a text means, as a model of language says; null where the text is; only in dialects that have such models.</summary>
    TextVector,

    /// <summary>The year of an instant.</summary>
    YearOf,

    /// <summary>The month of an instant, 1 to 12.</summary>
    MonthOf,

    /// <summary>The day of the month, 1 to 31.</summary>
    DayOf,

    /// <summary>The hour, 0 to 23.</summary>
    HourOf,

    /// <summary>The minute, 0 to 59.</summary>
    MinuteOf,

    /// <summary>The ISO day of the week, 1 for Monday to 7.</summary>
    IsoWeekdayOf,

    /// <summary>The instant at which the day of an instant begins.</summary>
    StartOfDay,

    /// <summary>The instant at which the hour of an instant begins.</summary>
    StartOfHour,

    /// <summary>Microseconds from the first instant to the second, as an integer.</summary>
    MicrosecondsBetween,

    /// <summary>How many months begin after the first instant and not after the second, as an integer.</summary>
    MonthsBetween,

    /// <summary>Microseconds since 1970-01-01, as an integer.</summary>
    EpochMicroseconds,

    /// <summary>The instant a number of seconds after 1970-01-01, cut to microseconds.</summary>
    FromEpochSeconds,

    /// <summary>The lower-case MD5 of a text as 32 hexadecimal digits.</summary>
    Md5,
}
