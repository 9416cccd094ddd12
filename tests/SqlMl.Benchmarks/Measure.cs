using System.Diagnostics;
using SqlMl.DuckDb;

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

    /// <summary>Times queries in turn and prints each with the first one's time as a share of its own, pair by pair; the first is ours.</summary>
    /// <returns>The median seconds of ours.</returns>
    public static double SideBySide(DuckDbConnection connection, int repeats, params (string Name, string Sql)[] forms)
    {
        var seconds = Alternate(repeats, [.. forms.Select(form => (Action)(() => connection.Execute(form.Sql)))]);
        for (var i = 0; i < forms.Length; i++)
        {
            Print(forms[i].Name, seconds[i]);
            if (i > 0) Console.WriteLine($"{"",-34} ours is {Median(seconds[0].Zip(seconds[i], (ours, theirs) => ours / theirs)):0.00} times it (median, pair by pair)");
        }
        return Median(seconds[0]);
    }

    /// <summary>Runs a query once and prints how many times <paramref name="ours"/> it took; one that is over the limit is interrupted, and its time is a lower bound.</summary>
    /// <returns>True when it ended by itself.</returns>
    public static bool Once(DuckDbConnection connection, string name, string sql, double ours, TimeSpan limit)
    {
        using var source = new CancellationTokenSource(limit);
        var watch = Stopwatch.StartNew();
        var ended = true;
        try
        {
            connection.Execute(sql, source.Token);
        }
        catch (OperationCanceledException)
        {
            ended = false;
        }
        var seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine($"{name,-34} {(ended ? "once" : "interrupted after")} {seconds:0.0} s: {(ended ? "" : "more than ")}{seconds / ours:0.0} times ours (its median)");
        return ended;
    }
}
