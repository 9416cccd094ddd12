using System.Diagnostics;

namespace SqlMl.Benchmarks;

/// <summary>Times alternatives in turn, A B A B, so that a machine that changes its speed changes it for both.</summary>
internal static class Measure
{
    /// <summary>Wall seconds of each repeat of each alternative; the first round warms up and is not counted.</summary>
    public static double[][] Alternate(int repeats, params Action[] alternatives)
    {
        var seconds = alternatives.Select(_ => new double[repeats]).ToArray();
        for (var round = -1; round < repeats; round++)
        {
            for (var i = 0; i < alternatives.Length; i++)
            {
                var watch = Stopwatch.StartNew();
                alternatives[i]();
                if (round >= 0) seconds[i][round] = watch.Elapsed.TotalSeconds;
            }
        }
        return seconds;
    }

    /// <summary>The middle value.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>One line: name, minimum, median, maximum.</summary>
    public static void Print(string name, double[] seconds) =>
        Console.WriteLine($"{name,-34} min {seconds.Min(),8:0.000} s   median {Median(seconds),8:0.000} s   max {seconds.Max(),8:0.000} s");
}
