using System.Globalization;
using System.Text;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Benchmarks;

/// <summary>
/// A feature table on a weekly grid: counts and sums under filters of their own, each over four windows, at 52 cutoffs of every user. The SQL we emit with
/// all passes, the same with the join of rows and cutoffs, a query a var, and a query that was tuned by hand: coded columns, sums of cents in doubles.
/// The events are generated: most belong to few users. All sides must give the same rows before anything is timed.
/// </summary>
internal static class GridBenchmark
{
    private const int Cutoffs = 52;
    private const int Kinds = 50;
    private const long Week = 7 * 86_400_000_000;

    private static readonly int[] Windows = [7, 30, 90, 365];

    private sealed record Side(string Name, Action Run);

    public static int Run(string[] args)
    {
        var events = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        var vars = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 20;
        var repeats = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 3;
        var threads = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 2;
        string[] wanted = args.Length > 4 ? args[4].Split(',') : ["optimized", "explode", "join", "each", "hand"];
        if (vars is < 1 or > 2 * Kinds || wanted.Length == 0 || wanted[0] != "optimized")
        {
            Console.Error.WriteLine("usage: grid [events = 100000] [vars = 20, at most 100] [repeats = 3] [threads = 2] [sides = optimized,explode,join,each,hand]");
            return 2;
        }

        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = threads });
        Generate(connection, events);
        var all = Enumerable.Range(0, vars).ToArray();
        var sides = new List<Side> { new("optimized", Compiled(connection, all, [])) };
        if (wanted.Contains("explode")) sides.Add(new("exploded alone", Compiled(connection, all, ["sweep-grids"])));
        if (wanted.Contains("join")) sides.Add(new("a join a window", Compiled(connection, all, ["explode-grids", "carry-grids", "sweep-grids"])));
        if (wanted.Contains("each"))
        {
            var single = Array.ConvertAll(all, number => Compiled(connection, [number], []));
            sides.Add(new("a query a var", () => Array.ForEach(single, run => run())));
        }
        if (wanted.Contains("hand")) sides.Add(new("hand-tuned", () => connection.Execute(HandTuned(all))));

        if (!Agree(connection, sides, all)) return 1;
        Console.WriteLine($"{events} events, {connection.Scalar<long>("SELECT COUNT(DISTINCT u) FROM events")} users, {vars} vars x {Windows.Length} windows x {Cutoffs} cutoffs, "
            + $"DuckDB {DuckDbConnection.LibraryVersion}, {threads} threads, {repeats} repeats in turn");
        var seconds = Measure.Alternate(repeats, [.. sides.Select(side => side.Run)]);
        for (var i = 0; i < sides.Count; i++) Measure.Print(sides[i].Name, seconds[i]);
        for (var i = 1; i < sides.Count; i++)
        {
            var ratios = seconds[i].Zip(seconds[0], (theirs, ours) => theirs / ours).ToArray();
            Console.WriteLine($"{sides[i].Name} against optimized, pair by pair: min {ratios.Min():0.00}, median {Measure.Median(ratios):0.00}, max {ratios.Max():0.00}");
        }
        return 0;
    }

    /// <summary>A year of events; the number of users grows with the root of that of events, and one in a hundred rows lies on a full hour.</summary>
    private static void Generate(DuckDbConnection connection, long events)
    {
        var users = (long)(60_000 * Math.Sqrt(events / 1e6));
        connection.Execute("SELECT setseed(0.42)");
        connection.Execute($"""
            CREATE TABLE events AS
            SELECT CAST(floor({users} * power(random(), 2.5)) AS INTEGER) AS u,
              CASE WHEN i % 100 = 0 THEN date_trunc('hour', instant) ELSE instant END AS seen_at,
              'kind ' || CAST(floor(random() * {Kinds}) AS INTEGER) AS kind, 'place ' || CAST(floor(random() * {Kinds}) AS INTEGER) AS place,
              CAST(random() * 100 AS DECIMAL(10, 2)) AS amount
            FROM (SELECT i, TIMESTAMP '2023-01-01' + to_microseconds(CAST(random() * {365 * 86_400_000_000} AS BIGINT)) AS instant FROM range({events}) AS r(i))
            """);
    }

    private static Action Compiled(DuckDbConnection connection, int[] vars, string[] disabled)
    {
        var compiled = SqlMlCompiler.Compile([new SourceText("grid.sqlml", Program(vars))], new CompileOptions { Dialect = "duckdb", ForProof = true, DisabledPasses = [.. disabled] });
        if (!compiled.Succeeded) throw new InvalidOperationException(DiagnosticText.Render(compiled.Diagnostics));
        // The features of every cutoff, without label and split.
        var sql = compiled.Models.Single().Proof!.Candidates.Sql;
        return () => connection.Execute(sql);
    }

    private static string Program(int[] vars)
    {
        var text = new StringBuilder("""
            source events { table events  entity user by u  time seen_at }
            entity user

            """);
        foreach (var number in vars)
        {
            var condition = IsCount(number) ? $"kind = 'kind {number / 2}'" : $"place = 'place {number / 2}'";
            text.Append(CultureInfo.InvariantCulture, $"var user.v{number} = {(IsCount(number) ? "count(events" : "sum(events.amount")} where {condition}) over {string.Join(", ", Windows)} days\n");
        }
        return text.Append("""
            predict active for user {
              label   exists(events) in next 7 days
              observe every 7 days from '2023-01-08' until '2024-01-07'
              train   logistic
            }
            """).ToString();
    }

    private static bool IsCount(int number) => number % 2 == 0;

    // From the measurements of shapes: filters as small codes, cents in doubles, rows sorted by user, one unnested run of cutoffs a window.
    private static string HandTuned(int[] vars)
    {
        var sql = new StringBuilder($"""
            CREATE OR REPLACE TABLE hand_tuned AS
            WITH src AS MATERIALIZED (
              SELECT u, date_diff('microsecond', TIMESTAMP '2023-01-08', seen_at) AS k, CAST(substr(kind, 6) AS UTINYINT) AS kind, CAST(substr(place, 7) AS UTINYINT) AS place,
                CAST(amount * 100 AS DOUBLE) AS cents
              FROM events ORDER BY u
            ),
            spine AS (SELECT u, i FROM (SELECT u, min(k) AS f FROM src GROUP BY u), range({Cutoffs}) AS c(i) WHERE f <= i * {Week})
            """);
        foreach (var days in Windows)
        {
            sql.Append(CultureInfo.InvariantCulture, $",\nx{days} AS (SELECT u, i");
            foreach (var number in vars)
            {
                sql.Append(IsCount(number)
                    ? $", count(CASE WHEN kind = {number / 2} THEN 1 END) AS v{number}"
                    : $", sum(CASE WHEN place = {number / 2} THEN cents END) AS v{number}");
            }
            sql.Append(CultureInfo.InvariantCulture, $"""
                 FROM (SELECT u, kind, place, cents,
                   unnest(range(greatest(0, (k + {Week - 1}) // {Week}), least({Cutoffs}, (k + {days * 86_400_000_000 + Week - 1}) // {Week}))) AS i FROM src) GROUP BY u, i)
                """);
        }
        sql.Append("\nSELECT s.u, TIMESTAMP '2023-01-08' + s.i * INTERVAL '7 days' AS cutoff");
        foreach (var number in vars)
        {
            foreach (var days in Windows) sql.Append(CultureInfo.InvariantCulture, $", coalesce(x{days}.v{number}, 0){(IsCount(number) ? "" : " / 100")} AS v{number}_{days}d");
        }
        sql.Append("\nFROM spine AS s");
        foreach (var days in Windows) sql.Append(CultureInfo.InvariantCulture, $" LEFT JOIN x{days} ON x{days}.u = s.u AND x{days}.i = s.i");
        return sql.ToString();
    }

    /// <summary>Runs each side once and compares sums of hashes over all columns of all rows, which do not depend on the order of rows.</summary>
    private static bool Agree(DuckDbConnection connection, List<Side> sides, int[] vars)
    {
        string? expected = null;
        foreach (var side in sides)
        {
            // It leaves the last var's table, which has fewer columns.
            if (side.Name == "a query a var") continue;
            side.Run();
            var found = Hash(connection, side.Name == "hand-tuned" ? "hand_tuned" : Table, vars);
            expected ??= found;
            if (found == expected) continue;
            Console.Error.WriteLine($"{side.Name} gives other rows: {found}, not {expected}");
            return false;
        }
        if (!sides.Exists(side => side.Name == "a query a var")) return true;
        sides[0].Run();
        var ofEach = Array.ConvertAll(vars, number => Hash(connection, Table, [number]));
        foreach (var number in vars)
        {
            Compiled(connection, [number], [])();
            if (Hash(connection, Table, [number]) == ofEach[number]) continue;
            Console.Error.WriteLine($"v{number} alone has other values");
            return false;
        }
        return true;
    }

    private const string Table = "active_candidates";

    private static string Hash(DuckDbConnection connection, string table, int[] vars)
    {
        var columns = string.Join(", ", vars.SelectMany(number => Windows.Select(days => IsCount(number) ? $"v{number}_{days}d" : $"CAST(round(v{number}_{days}d * 100) AS BIGINT)")));
        return connection.Scalar<string>($"SELECT count(*) || ' rows, ' || sum(CAST(hash(u, cutoff, {columns}) AS HUGEINT)) FROM {table}")!;
    }
}
