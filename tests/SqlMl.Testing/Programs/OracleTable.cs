using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace SqlMl.Testing.Programs;

/// <summary>The types of stored columns.</summary>
public enum ColumnType
{
    /// <summary>A <see cref="string"/>; `VARCHAR`.</summary>
    Text,

    /// <summary>A whole <see cref="decimal"/>; `BIGINT`.</summary>
    Integer,

    /// <summary>A <see cref="decimal"/> of few digits; `DOUBLE`.</summary>
    Number,

    /// <summary>A <see cref="bool"/>; `BOOLEAN`.</summary>
    Boolean,

    /// <summary>A <see cref="DateTime"/> in whole microseconds; `TIMESTAMP`.</summary>
    Instant,

    /// <summary>A <see cref="DateTime"/> at midnight; `DATE`.</summary>
    Date,
}

/// <summary>A stored column.</summary>
public sealed record TableColumn(string Name, ColumnType Type)
{
    /// <summary>The type in DuckDB's words.</summary>
    public string SqlType => Type switch
    {
        ColumnType.Text => "VARCHAR",
        ColumnType.Integer => "BIGINT",
        ColumnType.Number => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Instant => "TIMESTAMP",
        _ => "DATE",
    };
}

/// <summary>Rows as stored; every value is null or of its column's type.</summary>
public sealed record OracleTable(ImmutableArray<TableColumn> Columns, ImmutableArray<ImmutableArray<object?>> Rows)
{
    /// <summary>The table as CSV with a header: text always in quotes, null an empty field.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder().AppendJoin(',', Columns.Select(column => column.Name)).Append('\n');
        foreach (var row in Rows)
        {
            text.AppendJoin(',', row.Select((value, i) => CsvField(value, Columns[i].Type))).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>A DuckDB statement that writes the table as Parquet to <paramref name="path"/>.</summary>
    public string ToParquetStatement(string path) => $"COPY ({ToQuery()}) TO {Quote(path)} (FORMAT parquet);";

    /// <summary>A DuckDB statement that makes a table of the rows, in place of one that has the name.</summary>
    public string ToTableStatement(string name) => $"CREATE OR REPLACE TABLE \"{name}\" AS {ToQuery()};";

    /// <summary>A DuckDB query that lists the rows.</summary>
    public string ToQuery()
    {
        var columns = string.Join(", ", Columns.Select((column, i) => $"CAST(c{i} AS {column.SqlType}) AS \"{column.Name}\""));
        var names = string.Join(", ", Columns.Select((_, i) => $"c{i}"));
        var nulls = $"({string.Join(", ", Columns.Select(_ => "NULL"))})";
        var rows = Rows.Select(row => $"({string.Join(", ", row.Select((value, i) => SqlLiteral(value, Columns[i].Type)))})");
        // A row of nulls that the filter removes: VALUES needs a row, and a table may have none.
        var values = string.Join(",\n", rows.Select(row => $"(true, {row[1..]}").Prepend($"(false, {nulls[1..]}"));
        return $"SELECT {columns} FROM (VALUES\n{values}) AS t(kept, {names}) WHERE kept";
    }

    private static string CsvField(object? value, ColumnType type) => value switch
    {
        null => "",
        string text => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => Plain(value, type),
    };

    private static string SqlLiteral(object? value, ColumnType type) => value switch
    {
        null => "NULL",
        string text => Quote(text),
        DateTime => Quote(Plain(value, type)),
        _ => Plain(value, type),
    };

    private static string Plain(object value, ColumnType type) => value switch
    {
        bool truth => truth ? "true" : "false",
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        DateTime day when type == ColumnType.Date => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString(
            instant.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"{value.GetType()} is no stored value"),
    };

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
