using SqlMl.DuckDb;
using SqlMl.Local.Running;

namespace SqlMl.Local.Data;

/// <summary>Writes tables as files.</summary>
internal static class TableFile
{
    /// <summary>The file name's ending for a format, with its dot.</summary>
    public static string Extension(TableFormat format) => format == TableFormat.Csv ? ".csv" : ".parquet";

    /// <summary>Writes a query's rows, in its order; instants of CSV files are ISO 8601 in UTC with microseconds.</summary>
    public static long Write(DuckDbConnection connection, string query, string path, TableFormat format, CancellationToken cancellation)
    {
        var options = format == TableFormat.Csv ? "FORMAT csv, HEADER true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%f'" : "FORMAT parquet";
        return connection.Execute($"COPY ({query}) TO {SqlText.Literal(path)} ({options})", cancellation);
    }
}
