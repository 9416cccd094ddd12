using System.Globalization;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Local.Data;

namespace SqlMl.Local.Refreshing;

/// <summary>
/// What an incremental build keeps for the next one, in a schema of its own beside the user's tables: the rows before they are divided, the fingerprints of what they were made
/// from, the instants that decided on them, and which program they are of. All of it changes with the transaction of the build, or nothing does.
/// </summary>
internal sealed class KeptRows(DuckDbConnection connection, CompiledModel model, CancellationToken cancellation)
{
    private const string Schema = "sqlml_kept";

    /// <summary>Tells apart what other versions kept: raised when what is kept, or what it means, changes.</summary>
    private const string Version = "1";

    private static readonly long LastMicrosecond = (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    private static readonly long FirstMicrosecond = (DateTime.MinValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly CompiledRefresh _refresh = model.Refresh!;
    private Dictionary<int, DateTime?>? _instantsNow;

    /// <summary>The table of rows.</summary>
    public string Rows => Table("rows");

    private string Fingerprints => Table("days");

    private string Limits => Table("limits");

    private string Program => Table("program");

    /// <summary>Makes the schema where it is absent; from now on the connection writes tables into it, and finds those of the user as before.</summary>
    public static void Enter(DuckDbConnection connection)
    {
        connection.Execute($"CREATE SCHEMA IF NOT EXISTS {Schema}");
        connection.Execute($"SET search_path = '{Schema},main'");
    }

    /// <summary>Why nothing that was kept can be used, to follow "because"; null where it can.</summary>
    public string? WhyUnusable()
    {
        using var tables = connection.Query($"SELECT 1 FROM duckdb_tables() WHERE schema_name = '{Schema}' AND table_name = {SqlText.Literal(NameOf("program"))}", cancellation);
        if (tables.ReadRows().Count == 0) return "nothing was kept before";
        using var stored = connection.Query($"SELECT program, engine, version FROM {Program}", cancellation);
        var row = stored.ReadRows()[0];
        if (!Equals(row[2], Version)) return "another version of sqlml kept what there is";
        if (!Equals(row[1], DuckDbConnection.LibraryVersion)) return $"DuckDB is {DuckDbConnection.LibraryVersion} now";
        return Equals(row[0], _refresh.Program.Value) ? null : "the program changed";
    }

    /// <summary>The cutoffs that what changed since may touch. The table of fingerprints was filled.</summary>
    public AffectedCutoffs FindAffected()
    {
        var affected = new AffectedCutoffs();
        const string columns = "part, day, row_count, fingerprint";
        var now = $"SELECT {columns} FROM {SqlText.Name(_refresh.FingerprintTable)}";
        var before = $"SELECT {columns} FROM {Fingerprints}";
        using var result = connection.Query(
            $"SELECT DISTINCT part, CASE WHEN isfinite(day) THEN epoch_us(day) END AS day FROM (({now} EXCEPT {before}) UNION ALL ({before} EXCEPT {now})) ORDER BY ALL", cancellation);
        var days = new Dictionary<int, List<(DateTime, DateTime)?>>();
        foreach (var row in result.ReadRows())
        {
            var part = Convert.ToInt32(row[0], CultureInfo.InvariantCulture) - 1;
            if (!days.TryGetValue(part, out var list)) days.Add(part, list = []);
            list.Add(row[1] is long day ? Stretch(day, _refresh.Rows[part].IsDaily) : null);
        }
        for (var part = 0; part < _refresh.Rows.Length; part++) affected.Add(_refresh.Rows[part], days.GetValueOrDefault(part) ?? []);
        var (instantsNow, instantsBefore) = (InstantsNow, ReadInstants($"SELECT ordinal, instant FROM {Limits}"));
        for (var i = 0; i < _refresh.Limits.Length; i++) affected.Add(_refresh.Limits[i], instantsBefore.GetValueOrDefault(i + 1), instantsNow.GetValueOrDefault(i + 1));
        return affected;
    }

    /// <summary>Keeps, with the rows, all that the next build must compare.</summary>
    public void SaveWatched()
    {
        connection.Execute($"CREATE OR REPLACE TABLE {Fingerprints} AS SELECT * FROM {SqlText.Name(_refresh.FingerprintTable)}", cancellation);
        connection.Execute($"CREATE OR REPLACE TABLE {Limits} (ordinal BIGINT, instant TIMESTAMP)", cancellation);
        foreach (var (ordinal, instant) in InstantsNow)
        {
            var text = instant is { } known ? $"TIMESTAMP '{known:yyyy-MM-dd HH:mm:ss.ffffff}'" : "NULL";
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {Limits} VALUES ({ordinal}, {text})"), cancellation);
        }
        connection.Execute(
            $"CREATE OR REPLACE TABLE {Program} AS SELECT {SqlText.Literal(_refresh.Program.Value)} AS program, {SqlText.Literal(DuckDbConnection.LibraryVersion)} AS engine, '{Version}' AS version",
            cancellation);
    }

    /// <summary>Keeps nothing of the model.</summary>
    public void Forget()
    {
        foreach (var table in (ReadOnlySpan<string>)[Rows, Fingerprints, Limits, Program]) connection.Execute($"DROP TABLE IF EXISTS {table}", cancellation);
    }

    private Dictionary<int, DateTime?> InstantsNow => _instantsNow ??= ReadInstants(_refresh.LimitScript.Sql);

    private Dictionary<int, DateTime?> ReadInstants(string sql)
    {
        using var result = connection.Query(sql, cancellation);
        var instants = new Dictionary<int, DateTime?>();
        foreach (var row in result.ReadRows()) instants[Convert.ToInt32(row[0], CultureInfo.InvariantCulture)] = (DateTime?)row[1];
        return instants;
    }

    /// <summary>A UTC day, or an instant alone, as the calendar can say it: what lies before or behind it is at its end.</summary>
    private static (DateTime From, DateTime To) Stretch(long microseconds, bool isDaily)
    {
        const long day = TimeSpan.TicksPerDay / TimeSpan.TicksPerMicrosecond;
        var length = isDaily ? day - 1 : 0;
        return (At(Math.Min(microseconds, LastMicrosecond - day)), At(microseconds > LastMicrosecond - length ? LastMicrosecond : microseconds + length));

        static DateTime At(long instant) => instant <= FirstMicrosecond ? DateTime.MinValue
            : instant >= LastMicrosecond ? DateTime.MaxValue
            : DateTime.UnixEpoch.AddTicks(instant * TimeSpan.TicksPerMicrosecond);
    }

    private string Table(string what) => $"{Schema}.{SqlText.Name(NameOf(what))}";

    private string NameOf(string what) => $"{model.Name}_kept_{what}";
}
