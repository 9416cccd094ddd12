using System.Globalization;
using SqlMl.Language.Trainers;
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
            PrintFigures(writer, model);
            PrintScores(writer, model);
        }
        var folder = invocation.Host.ShortPath(result.Folder!);
        writer.Write($"\npredictions  {string.Join(", ", result.Models.Select(model => Path.Combine(folder, model.Predictions.File)))}\n");
        writer.Write($"report       {Path.Combine(folder, "report.html")}\n");
    }

    private static void PrintFigures(TextWriter writer, ModelRun model)
    {
        switch (model.Evaluation)
        {
            case BinaryEvaluation test:
                PrintBinary(writer, model.Model.Name, test);
                break;
            case RegressionEvaluation test:
                writer.Write($"{model.Model.Name}: RMSE {Words.Value(test.Rmse)} on {Words.Count(test.Rows, "test row")} (the training mean: {Words.Value(test.ConstantRmse)}), MAE {Words.Value(test.Mae)} ({Words.Value(test.ConstantMae)}), R² {Words.Metric(test.R2)}\n");
                writer.Write($"the label is {Words.Value(test.Mean)} on average, predicted {Words.Value(test.MeanPredicted)}\n");
                break;
            case MultiClassEvaluation test:
                writer.Write($"{model.Model.Name}: accuracy {Words.Percent(test.Accuracy)} on {Words.Count(test.Rows, "test row")} (the commonest class: {Words.Percent(test.ConstantAccuracy)}), log loss {Words.Metric(test.LogLoss)} (without features: {Words.Metric(test.ConstantLogLoss)}), macro F1 {Words.Metric(test.MacroF1)}\n");
                break;
            default:
                return;
        }
        foreach (var caution in model.Cautions) writer.Write($"note: {caution}\n");
    }

    private static void PrintBinary(TextWriter writer, string model, BinaryEvaluation test)
    {
        writer.Write($"{model}: AUC {Words.Metric(test.Auc)} on {Words.Count(test.Rows, "test row")} (a coin: 0.500), average precision {Words.Metric(test.AveragePrecision)} (base rate: {Words.Metric(test.BaseRate)})\n");
        var called = test.TruePositives + test.FalsePositives;
        if (called == 0 || test.Positives == 0) return;
        var lift = (test.Precision / test.BaseRate).ToString("0.0", CultureInfo.InvariantCulture);
        writer.Write($"of {Words.Count(called, "row")} called positive {Words.Percent(test.Precision)} are, {lift} times the base rate of {Words.Percent(test.BaseRate)}; that finds {Words.Percent(test.Recall)} of all positives\n");
    }

    private static void PrintScores(TextWriter writer, ModelRun model)
    {
        var predictions = model.Predictions;
        var task = model.Model.Task;
        var order = task switch
        {
            LearningTask.BinaryClassification => ", the likeliest first",
            LearningTask.Regression => ", the highest first",
            _ => ", the surest first",
        };
        writer.Write($"\n{Words.Count(predictions.Rows, "prediction")} as of {Words.Instant(model.AsOf)} UTC{(predictions.Top.IsEmpty ? "" : order)}\n");
        if (predictions.Top.IsEmpty) return;
        var numbers = predictions.Columns.Length + 1;
        string[] header = [.. predictions.Columns, "cutoff", .. Heads(task)];
        var rows = predictions.Top.Select(row => (string[])[.. row.Key, Words.Instant(row.Cutoff), .. Cells(row, task)]).ToList();
        var widths = header.Select((name, column) => Math.Max(name.Length, rows.Max(row => row[column].Length))).ToArray();
        foreach (var row in rows.Prepend(header))
        {
            var cells = row.Select((cell, column) =>
                column >= numbers && header[column] != "class" ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            writer.Write($"  {string.Join("  ", cells).TrimEnd()}\n");
        }
    }

    private static string[] Heads(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => ["probability", "percentile", "decile", "class"],
        LearningTask.Regression => ["prediction", "percentile", "decile"],
        _ => ["probability", "class"],
    };

    private static string[] Cells(PredictionRow row, LearningTask task)
    {
        var percentile = row.Percentile?.ToString("0.0", CultureInfo.InvariantCulture) ?? "";
        var decile = row.Decile?.ToString(CultureInfo.InvariantCulture) ?? "";
        return task switch
        {
            LearningTask.BinaryClassification => [Words.Metric(row.Score), percentile, decile, row.IsPositive == true ? "yes" : "no"],
            LearningTask.Regression => [Words.Value(row.Score), percentile, decile],
            _ => [Words.Metric(row.Score), row.Class ?? ""],
        };
    }
}
