using System.Diagnostics;
using System.Globalization;
using SqlMl.DuckDb;

namespace SqlMl.Benchmarks;

/// <summary>
/// How much memory the build of a training set of 18 features before each event takes under a limit: time and peak resident set (VmHWM) of a process of its own for each limit, from a
/// Parquet file into a database file. All limits must give the same rows.
/// </summary>
internal static class MemoryBenchmark
{
    public static int Run(string[] args)
    {
        if (!File.Exists("/proc/self/status"))
        {
            Console.Error.WriteLine("SKIPPED: the peak of memory is read from /proc, which this system does not have");
            return 0;
        }
        var count = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        string[] limits = args.Length > 1 ? args[1].Split(',') : ["8GB", "2GB", "1GB"];
        var folder = Directory.CreateTempSubdirectory("sqlml-memory-").FullName;
        try
        {
            var file = Path.Combine(folder, "ev.parquet");
            using (var connection = DuckDbConnection.Open(DuckDbConnection.InMemory))
            {
                Events.Create(connection, count);
                connection.Execute($"COPY ev TO '{file}' (FORMAT parquet)");
            }
            Console.WriteLine($"{count} events of {Events.Users(count)} users, DuckDB {DuckDbConnection.LibraryVersion}, 2 threads, one process a limit");
            string? expected = null;
            foreach (var limit in limits)
            {
                var lines = Child(file, limit, folder);
                Console.WriteLine($"limit {limit,-6} {lines[0]}");
                expected ??= lines[1];
                if (lines[1] == expected) continue;
                Console.Error.WriteLine($"other rows: {lines[1]}, not {expected}");
                return 1;
            }
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The child: builds once and says how long it took, its peak, and a hash of its rows.</summary>
    public static int RunOnce(string[] args)
    {
        using var connection = DuckDbConnection.Open(
            Path.Combine(args[2], $"{args[1]}.duckdb"), new DuckDbOptions { Threads = 2, MemoryLimit = args[1], TempDirectory = Path.Combine(args[2], $"{args[1]}.spill") });
        connection.Execute($"CREATE VIEW ev AS FROM '{args[0]}'");
        var program = $$"""
            source ev { table ev  entity customer by u  time ts }
            entity customer
            {{EventAnchorsBenchmark.Cases[0].Vars}}
            predict task for customer {
              label   exists(ev where typ = 0) in next 1 day
              observe before each ev
              split   random 80 / 20
              train   logistic
            }
            """;
        var sql = Programs.Compile(program).Training.Sql;
        var watch = Stopwatch.StartNew();
        connection.Execute(sql);
        var seconds = watch.Elapsed.TotalSeconds;
        var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Console.WriteLine($"{seconds,8:0.0} s   peak {long.Parse(peak, CultureInfo.InvariantCulture) / 1024,6} MB resident");
        Console.WriteLine(connection.Scalar<string>("SELECT count(*) || ' rows, ' || sum(CAST(hash(t) AS HUGEINT)) FROM task_training AS t"));
        return 0;
    }

    private static string[] Child(string file, string limit, string folder)
    {
        // Under `dotnet run` the program is started by its own host; `dotnet x.dll` needs the name of the assembly as well.
        var path = Environment.ProcessPath!;
        List<string> arguments = ["memory-once", file, limit, folder];
        if (Path.GetFileNameWithoutExtension(path) == "dotnet") arguments.Insert(0, typeof(MemoryBenchmark).Assembly.Location);
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 0 && lines.Length == 2 ? lines : throw new InvalidOperationException($"the build under {limit} ended with {process.ExitCode}");
    }
}
