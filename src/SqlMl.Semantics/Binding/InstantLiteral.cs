using System.Globalization;

namespace SqlMl.Semantics.Binding;

/// <summary>Reads instants as programs write them.</summary>
public static class InstantLiteral
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm",
        "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFF",
        "yyyy-MM-dd HH:mm:ss.FFFFFFzzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFzzz",
        "yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", "yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'",
    ];

    /// <summary>The UTC instant of an ISO 8601 text; without an offset it is UTC, without a time midnight; null for any other text.</summary>
    public static DateTime? Parse(string text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant.UtcDateTime
            : null;
}
