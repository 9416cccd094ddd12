using System.Globalization;
using SqlMl.DuckDb;

namespace SqlMl.Benchmarks;

/// <summary>
/// The least that any form must do beside what ours does, for 18 features before each event: sorting the columns that are read, and writing a Parquet file of as many rows and
/// columns; and the bare sort.
/// </summary>
internal static class FloorBenchmark
{
    public static int Run(string[] args)
    {
        var count = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var repeats = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 2 });
        Events.Create(connection, count);
        var item = EventAnchorsBenchmark.Cases[0];
        var folder = Directory.CreateTempSubdirectory("sqlml-floor-").FullName;
        try
        {
            Console.WriteLine($"{count} events of {Events.Users(count)} users, {item.Name}, DuckDB {DuckDbConnection.LibraryVersion}, 2 threads, {repeats} repeats in turn");
            Measure.SideBySide(
                connection,
                repeats,
                ("emitted by sqlml, written", $"{EventAnchorsBenchmark.Compile(item, [])}; {Copy("task_candidates", folder)}"),
                ("sorting, and writing as many", $"{EventAnchorsBenchmark.Floor(item)}; {Copy("floor", folder)}"),
                ("sorting alone", "CREATE OR REPLACE TABLE sorted AS SELECT u, ts, typ, amt, x FROM (SELECT *, epoch_us(ts) AS k FROM ev) ORDER BY u, k"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Copy(string table, string folder) => $"COPY {table} TO '{Path.Combine(folder, table)}.parquet' (FORMAT parquet)";
}
