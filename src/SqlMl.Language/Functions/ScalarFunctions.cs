using System.Collections.Immutable;
using SqlMl.Language.Types;
using static SqlMl.Language.Types.DataType;

namespace SqlMl.Language.Functions;

/// <summary>The portable scalar functions. Their SQL stands in the SQL printers, one row a dialect.</summary>
public static class ScalarFunctions
{
    /// <summary>All functions, in the order of the reference.</summary>
    public static ImmutableArray<FunctionDefinition> All { get; } =
    [
        // Nulls and choice
        Any("coalesce", 1, "The first argument that is not null."),
        new("nullif", [Unknown, Unknown], 2, false, Unknown, "Null where both arguments are equal, else the first."),
        Any("greatest", 2, "The largest argument; null if any is null."),
        Any("least", 2, "The smallest argument; null if any is null."),

        // Numbers
        new("abs", [Number], 1, false, Number, "The absolute value."),
        new("sign", [Number], 1, false, Number, "-1, 0 or 1."),
        new("round", [Number, Integer], 1, false, Number, "Rounded half away from zero, to a constant number of decimals (0 if not given)."),
        new("floor", [Number], 1, false, Number, "The largest whole number not above."),
        new("ceil", [Number], 1, false, Number, "The smallest whole number not below."),
        new("ln", [Number], 1, false, Number, "The natural logarithm; null for zero and below."),
        new("exp", [Number], 1, false, Number, "e to the power of the argument."),
        new("sqrt", [Number], 1, false, Number, "The square root; null below zero."),
        new("power", [Number, Number], 2, false, Number, "The first argument to the power of the second."),

        // Text
        new("lower", [DataType.String], 1, false, DataType.String, "In lower case."),
        new("upper", [DataType.String], 1, false, DataType.String, "In upper case."),
        new("length", [DataType.String], 1, false, Integer, "The number of characters."),
        new("trim", [DataType.String], 1, false, DataType.String, "Without blanks at both ends."),
        new("substring", [DataType.String, Integer, Integer], 3, false, DataType.String, "From a position (the first is 1), of a length."),
        new("replace", [DataType.String, DataType.String, DataType.String], 3, false, DataType.String, "Every occurrence of the second text replaced by the third."),
        new("concat", [DataType.String], 1, true, DataType.String, "The texts joined; null if any is null."),
        new("contains", [DataType.String, DataType.String], 2, false, DataType.Boolean, "True when the first text holds the second."),
        new("starts_with", [DataType.String, DataType.String], 2, false, DataType.Boolean, "True when the first text starts with the second."),
        new("ends_with", [DataType.String, DataType.String], 2, false, DataType.Boolean, "True when the first text ends with the second."),

        // The calendar, in UTC
        new("year_of", [Instant], 1, false, Integer, "The year."),
        new("month_of", [Instant], 1, false, Integer, "The month, 1 to 12."),
        new("day_of", [Instant], 1, false, Integer, "The day of the month, 1 to 31."),
        new("hour_of", [Instant], 1, false, Integer, "The hour, 0 to 23."),
        new("minute_of", [Instant], 1, false, Integer, "The minute, 0 to 59."),
        new("dayofweekiso", [Instant], 1, false, Integer, "The day of the week, 1 for Monday to 7."),
        new("start_of_day", [Instant], 1, false, Instant, "The instant at which its day begins."),
        new("start_of_hour", [Instant], 1, false, Instant, "The instant at which its hour begins."),
        new("days_between", [Instant, Instant], 2, false, Number, "Seconds from the first to the second instant, divided by 86400."),
        new("to_timestamp", [Number], 1, false, Instant, "The instant so many seconds after 1970-01-01, cut to microseconds."),
    ];

    /// <summary>
    /// Words that name a clock, called or not: in a program they are an error of their own (section 6 of the language). A column or var of
    /// such a name is written in backticks.
    /// </summary>
    public static ImmutableArray<string> Clocks { get; } =
    [
        "now", "today", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "getdate", "sysdate", "systimestamp",
    ];

    /// <summary>Functions of chance: an error of their own where they are called; a column may well be called `uuid`.</summary>
    public static ImmutableArray<string> Chances { get; } = ["random", "rand", "randstr", "uniform", "normal", "uuid", "uuid_string", "gen_random_uuid"];

    private static readonly Dictionary<string, FunctionDefinition> ByName =
        All.ToDictionary(definition => definition.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The function of that name, case ignored; null when there is none.</summary>
    public static FunctionDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>True for a word that names a clock, case ignored.</summary>
    public static bool IsClock(string name) => Clocks.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>True for a function whose value changes from run to run, case ignored.</summary>
    public static bool ChangesFromRunToRun(string name) => IsClock(name) || Chances.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static FunctionDefinition Any(string name, int required, string summary) =>
        new(name, [Unknown], required, true, Unknown, summary);
}
