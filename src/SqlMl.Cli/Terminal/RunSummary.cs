using System.Globalization;
using SqlMl.Local.Reports;
using SqlMl.Local.Running;

namespace SqlMl.Cli.Terminal;

/// <summary>What a run prints at its end: the headline figures in words, the likeliest rows, and where everything is.</summary>
internal static class RunSummary
{
    public static void Print(Invocation invocation, RunResult result)
    {
        var writer = invocation.Out;
        foreach (var model in result.Models)
        {
            writer.Write('\n');
            if (model.Evaluation is { } test) PrintFigures(writer, model, test);
            PrintScores(writer, model);
        }
        var folder = invocation.Host.ShortPath(result.Folder!);
        writer.Write($"\npredictions  {string.Join(", ", result.Models.Select(model => Path.Combine(folder, model.Predictions.File)))}\n");
        writer.Write($"report       {Path.Combine(folder, "report.html")}\n");
    }

    private static void PrintFigures(TextWriter writer, ModelRun model, EvaluationSummary test)
    {
        writer.Write($"{model.Model.Name}: AUC {Words.Metric(test.Auc)} on {Words.Count(test.Rows, "test row")} (a coin: 0.500), average precision {Words.Metric(test.AveragePrecision)} (base rate: {Words.Metric(test.BaseRate)})\n");
        var called = test.TruePositives + test.FalsePositives;
        if (called > 0 && test.Positives > 0)
        {
            var lift = (test.Precision / test.BaseRate).ToString("0.0", CultureInfo.InvariantCulture);
            writer.Write($"of {Words.Count(called, "row")} called positive {Words.Percent(test.Precision)} are, {lift} times the base rate of {Words.Percent(test.BaseRate)}; that finds {Words.Percent(test.Recall)} of all positives\n");
        }
        foreach (var caution in model.Cautions) writer.Write($"note: {caution}\n");
    }

    private static void PrintScores(TextWriter writer, ModelRun model)
    {
        var predictions = model.Predictions;
        writer.Write($"\n{Words.Count(predictions.Rows, "prediction")} as of {Words.Instant(model.AsOf)} UTC{(predictions.Top.IsEmpty ? "" : ", the likeliest first")}\n");
        if (predictions.Top.IsEmpty) return;
        string[] header = [.. predictions.Columns, "cutoff", "probability", "percentile", "decile", "class"];
        var rows = predictions.Top.Select(row => (string[])
        [
            .. row.Key, Words.Instant(row.Cutoff), Words.Metric(row.Probability),
            row.Percentile.ToString("0.0", CultureInfo.InvariantCulture), row.Decile.ToString(CultureInfo.InvariantCulture), row.IsPositive ? "yes" : "no",
        ]).ToList();
        var widths = header.Select((name, column) => Math.Max(name.Length, rows.Max(row => row[column].Length))).ToArray();
        var numbers = predictions.Columns.Length + 1;
        foreach (var row in rows.Prepend(header))
        {
            var cells = row.Select((cell, column) =>
                column >= numbers && column < numbers + 3 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            writer.Write($"  {string.Join("  ", cells).TrimEnd()}\n");
        }
    }
}
