using System.Diagnostics;

namespace SqlMl.Benchmarks;

/// <summary>
/// Start and finish of `sqlml compile` on programs of 100 and 1,000 vars as whole processes, against a "hello" with the same publish settings.
/// </summary>
internal static class StartBenchmark
{
    public static int Run(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("usage: start <published sqlml> <published hello> [repeats = 15]; docs/benchmarks.md says how to publish both");
            return 2;
        }
        var repeats = args.Length > 2 ? int.Parse(args[2]) : 15;
        var folder = Directory.CreateTempSubdirectory("sqlml-start-").FullName;
        try
        {
            var small = Write(folder, 100);
            var large = Write(folder, 1000);
            var seconds = Measure.Alternate(
                repeats,
                () => Execute(args[1]),
                () => Execute(args[0], "compile", small, "-t", "snowflake", "-o", Path.Combine(folder, "out-100")),
                () => Execute(args[0], "compile", large, "-t", "snowflake", "-o", Path.Combine(folder, "out-1000")));
            Measure.Print("hello", seconds[0]);
            Measure.Print("compile, 100 vars", seconds[1]);
            Measure.Print("compile, 1,000 vars", seconds[2]);
            var ratios = seconds[1].Zip(seconds[0], (ours, hello) => ours / hello).ToArray();
            Console.WriteLine($"100 vars against hello, pair by pair: min {ratios.Min():0.00}, median {Measure.Median(ratios):0.00}, max {ratios.Max():0.00}");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Write(string folder, int vars)
    {
        var path = Path.Combine(folder, $"vars_{vars}.sqlml");
        File.WriteAllText(path, CompileBenchmark.ProgramOf(vars));
        return path;
    }

    private static void Execute(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
        process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{file} ended with {process.ExitCode}: {errors}");
    }
}
