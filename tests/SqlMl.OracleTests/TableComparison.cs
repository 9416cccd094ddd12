using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Testing.Evaluation;

namespace SqlMl.OracleTests;

/// <summary>Compares tables as multisets of rows; numbers may differ by one part in 10⁹.</summary>
internal static class TableComparison
{
    private const double Tolerance = 1e-9;
    private const int RowsShown = 5;

    /// <summary>The oracle's training set as a table: keys of entity and anchor, `cutoff`, the features, `label`, `split`.</summary>
    public static ResultTable Expected(OracleResult result, ImmutableArray<string> keys) => new(
        [.. keys, "cutoff", .. result.Features, "label", "split"],
        [.. result.Training!.Value.Select(row => (ImmutableArray<object?>)[.. Key(row.Key), .. AnchorKey(row.Key, row.AnchorKey, keys), row.Cutoff, .. row.Features, row.Label, row.Split])]);

    /// <summary>The oracle's rows to score as a table: keys, `cutoff`, `as_of`, `open`, the features.</summary>
    public static ResultTable ExpectedScoring(OracleResult result, ImmutableArray<string> keys) => new(
        [.. keys, "cutoff", "as_of", "open", .. result.Features],
        [.. result.Scoring.Select(row => (ImmutableArray<object?>)[.. Key(row.Key), .. AnchorKey(row.Key, row.AnchorKey, keys), row.Cutoff, result.AsOf, row.IsOpen, .. row.Features])]);

    /// <summary>What differs, in words; null where nothing does.</summary>
    public static string? Difference(ResultTable expected, ResultTable actual)
    {
        if (!expected.Columns.SequenceEqual(actual.Columns, StringComparer.OrdinalIgnoreCase))
        {
            return $"columns: expected {string.Join(", ", expected.Columns)}; found {string.Join(", ", actual.Columns)}";
        }
        var (left, right) = (Sorted(expected), Sorted(actual));
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            if (i < left.Count && i < right.Count && left[i].Zip(right[i]).All(pair => AreEqual(pair.First, pair.Second))) continue;
            return $"{left.Count} rows expected, {right.Count} found; from row {i} on in order of key and cutoff\n"
                + $"  columns:  {string.Join(" | ", expected.Columns)}\n{Show("expected", left, i)}{Show("found", right, i)}";
        }
        return null;
    }

    /// <summary>
    /// Keys, the cutoff and the last column (the split) bring rows of both sides into one order; what reads the anchor tells rows apart that
    /// agree in these, and is compared rounded, so that the last digits of a number do not change the order.
    /// </summary>
    private static List<ImmutableArray<object?>> Sorted(ResultTable table)
    {
        var leading = table.Columns.IndexOf("cutoff") + 1;
        return
        [
            .. table.Rows.OrderBy(row => string.Join('\n', row.Take(leading).Append(row[^1] as string).Select(Text)), StringComparer.Ordinal)
                .ThenBy(row => string.Join('\n', row.Select(Rounded)), StringComparer.Ordinal),
        ];
    }

    private static string Rounded(object? value) => value is double number ? number.ToString("G6", CultureInfo.InvariantCulture) : Text(value);

    private static bool AreEqual(object? expected, object? actual) => (expected, actual) switch
    {
        (double a, double b) => a == b || Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b))),
        (object?[] a, object?[] b) => a.Length == b.Length && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        _ => Equals(expected, actual),
    };

    private static IEnumerable<object?> Key(EntityKey key) => Values(key.Parts);

    // Where cutoffs are rows of several sources, no key is common to all of them.
    private static IEnumerable<object?> AnchorKey(EntityKey key, ImmutableArray<object?> anchor, ImmutableArray<string> keys) =>
        keys.Length > key.Parts.Length ? Values(anchor) : [];

    private static IEnumerable<object?> Values(IEnumerable<object?> parts) => parts.Select(part => part is decimal number ? (double)number : part);

    private static string Show(string title, List<ImmutableArray<object?>> rows, int start) => string.Concat(
        rows.Skip(start).Take(RowsShown).Select(row => $"  {title,-9} {string.Join(" | ", row.Select(Text))}\n"));

    private static string Text(object? value) => value switch
    {
        null => "null",
        DateTime instant => instant.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        object?[] elements => $"[{string.Join(", ", elements.Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
