using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>Sources written as small tables of text, for cases computed by hand.</summary>
internal static class HandSource
{
    /// <summary>
    /// A source of the columns <c>name type, ...</c> with a row a line, values divided by bars, an empty one null.
    /// It names the entity by its column `customer` and has its time in `at`, where it has such columns.
    /// </summary>
    public static OracleSource Source(string name, string columns, string rows)
    {
        ImmutableArray<TableColumn> declared = [.. columns.Split(", ").Select(column => column.Split(' '))
            .Select(column => new TableColumn(column[0], Enum.Parse<ColumnType>(column[1], ignoreCase: true)))];
        var stored = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(row => row.Split('|', StringSplitOptions.TrimEntries).Zip(declared, (text, column) => Value(text, column.Type)).ToImmutableArray());
        return new OracleSource(
            name, new OracleTable(declared, [.. stored]), false, Has("customer") ? ["customer"] : [], Has("at") ? "at" : null, null, []);

        bool Has(string column) => declared.Any(other => other.Name == column);
    }

    private static object? Value(string text, ColumnType type) => (text, type) switch
    {
        ("", _) => null,
        (_, ColumnType.Text) => text,
        (_, ColumnType.Boolean) => bool.Parse(text),
        (_, ColumnType.Instant or ColumnType.Date) => HandProgram.At(text),
        _ => decimal.Parse(text, CultureInfo.InvariantCulture),
    };
}
