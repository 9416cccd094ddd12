using System.Globalization;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>The scalar functions and casts that programs of the oracle use; null where an argument is null.</summary>
internal static class Functions
{
    /// <summary>The value of a function by its name in the language.</summary>
    public static object? Call(string function, object?[] arguments) => arguments.Contains(null) ? null : (function, arguments) switch
    {
        ("greatest", _) => arguments.MaxBy(value => value, ByOrder),
        ("least", _) => arguments.MinBy(value => value, ByOrder),
        ("abs", [double x]) => Math.Abs(x),
        ("sign", [double x]) => (double)Math.Sign(x),
        ("floor", [double x]) => Math.Floor(x),
        ("ceil", [double x]) => Math.Ceiling(x),
        ("lower", [string x]) => x.ToLowerInvariant(),
        ("upper", [string x]) => x.ToUpperInvariant(),
        ("length", [string x]) => (double)x.EnumerateRunes().Count(),
        ("concat", _) => string.Concat(arguments.Cast<string>()),
        ("contains", [string x, string y]) => x.Contains(y, StringComparison.Ordinal),
        ("starts_with", [string x, string y]) => x.StartsWith(y, StringComparison.Ordinal),
        ("trim", [string x]) => x.Trim(' '),
        ("ends_with", [string x, string y]) => x.EndsWith(y, StringComparison.Ordinal),
        ("replace", [string x, string old, string with]) => x.Replace(old, with, StringComparison.Ordinal),
        ("month_of", [DateTime x]) => (double)x.Month,
        ("day_of", [DateTime x]) => (double)x.Day,
        ("hour_of", [DateTime x]) => (double)x.Hour,
        ("minute_of", [DateTime x]) => (double)x.Minute,
        // Monday is 1, Sunday 7.
        ("dayofweekiso", [DateTime x]) => (double)(((int)x.DayOfWeek + 6) % 7 + 1),
        ("start_of_day", [DateTime x]) => x.Date,
        ("start_of_hour", [DateTime x]) => x.Date.AddHours(x.Hour),
        ("days_between", [DateTime x, DateTime y]) => (double)(y - x).Ticks / TimeSpan.TicksPerDay,
        _ => throw new InvalidOperationException($"{function} of {arguments.Length} such arguments is no function of the oracle"),
    };

    /// <summary>The value as another type.</summary>
    public static object? Cast(object? value, OracleType type) => (value, type) switch
    {
        (null, _) => null,
        (string, OracleType.String) => value,
        (double number, OracleType.String) => number.ToString(CultureInfo.InvariantCulture),
        (string text, OracleType.Number or OracleType.Integer) => double.Parse(text, CultureInfo.InvariantCulture),
        (double, OracleType.Number) => value,
        (double number, OracleType.Integer) when number == Math.Floor(number) => value,
        _ => throw new InvalidOperationException($"{value.GetType()} is not cast to {type}"),
    };

    private static Comparer<object?> ByOrder { get; } = Comparer<object?>.Create((left, right) => Values.Order(left!, right!));
}
