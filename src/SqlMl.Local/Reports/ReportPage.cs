using System.Collections.Immutable;
using SqlMl.Language.Trainers;
using SqlMl.Local.Running;

namespace SqlMl.Local.Reports;

/// <summary>
/// `report.html`: one file that needs no network, no script and no other file. It holds no wall-clock time, so that the same program on the same data
/// gives the same bytes.
/// </summary>
internal static class ReportPage
{
    /// <summary>The page for all models of a run, in their order.</summary>
    public static string Render(string project, ImmutableArray<ModelRun> models)
    {
        var html = new HtmlText();
        html.Add($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{project}: {string.Join(", ", models.Select(model => model.Model.Name))}</title>
            <style>
            {StyleSheet}
            </style>
            </head>
            <body>

            """);
        for (var i = 0; i < models.Length; i++) AddModel(html, project, models[i], isFirst: i == 0);
        html.Add($"</main>\n</body>\n</html>\n");
        return html.ToString();
    }

    // The sheet is our own text, so it goes in as it is.
    private static HtmlText StyleSheet { get; } = ReadStyleSheet();

    private static void AddModel(HtmlText html, string project, ModelRun run, bool isFirst)
    {
        var (start, end) = isFirst ? ("<header class=\"page\"><div>", "</div></header>\n<main>\n") : ("<section class=\"model-head\">", "</section>\n");
        html.Add(Markup(start))
            .Add($"""<p class="kicker">{project}</p><h1>{run.Model.Name}</h1>""")
            .Add($"<p>For each {run.Model.Entity}: <code>{run.Model.LabelText}</code>, {WhatIsPredicted(run)} {WhenPredicted(run)}</p>")
            .Add($"<p>{HowTrained(run)}</p>")
            .Add(Markup(end));
        if (run.Evaluation is { } evaluation)
        {
            AddFigures(html, run, evaluation);
        }
        else
        {
            AddCautions(html, run.Cautions);
        }
        DataSection.AddInfluences(html, run);
        DataSection.AddPredictions(html, run);
        DataSection.AddData(html, run);
        html.Add($"""
            <footer>Model version <code>{run.ModelVersion}</code> · as of <code>{Words.Instant(run.AsOf)}</code> UTC ·
            trainer <code>{run.Model.Trainer.Name}</code> · predictions in <code>{run.Predictions.File}</code> and in the table <code>{run.Model.PredictionTable}</code></footer>

            """);
    }

    private static void AddFigures(HtmlText html, ModelRun run, EvaluationSummary evaluation)
    {
        switch (evaluation)
        {
            case BinaryEvaluation binary:
                BinarySection.AddCards(html, binary);
                AddCautions(html, run.Cautions);
                BinarySection.AddCurves(html, binary, run);
                break;
            case RegressionEvaluation numbers:
                RegressionSection.AddCards(html, numbers);
                AddCautions(html, run.Cautions);
                RegressionSection.AddCurves(html, numbers);
                break;
            case MultiClassEvaluation classes:
                MultiClassSection.AddCards(html, classes);
                AddCautions(html, run.Cautions);
                MultiClassSection.AddTables(html, classes);
                break;
        }
    }

    private static string WhatIsPredicted(ModelRun run) => run.Model.Task switch
    {
        LearningTask.BinaryClassification => "a probability",
        LearningTask.Regression => "a number",
        _ => "one of several classes",
    };

    private static string WhenPredicted(ModelRun run) =>
        run.Model.IsEventMode ? $"at each of its events, for the horizon of {run.Model.HorizonText}." : $"as of an instant, for the horizon of {run.Model.HorizonText}.";

    private static string HowTrained(ModelRun run)
    {
        if (run.Parts.IsEmpty) return $"Scored with the stored model {run.ModelVersion}: {Words.Count(run.Predictions.Rows, "prediction")}.";
        var train = run.Parts.FirstOrDefault(part => part.Name == "train");
        var trained = $"{DataSection.TrainerName(run.Model.Trainer.Name)} learned from {Words.Count(train?.Rows ?? 0, "row")}";
        var tested = run.Evaluation is { } evaluation
            ? $", and every figure below comes from {Words.Count(evaluation.Rows, "row")} it never saw."
            : "; no rows were left to test it on.";
        return trained + tested;
    }

    private static void AddCautions(HtmlText html, ImmutableArray<string> cautions)
    {
        if (cautions.IsEmpty) return;
        html.Add($"<ul class=\"cautions\" aria-label=\"Before trusting these figures\">\n");
        foreach (var caution in cautions) html.Add($"<li>{caution}</li>\n");
        html.Add($"</ul>\n");
    }

    /// <summary>Text of this program's own, not to be escaped.</summary>
    private static HtmlText Markup(string own)
    {
        var html = new HtmlText();
        html.AddOwnMarkup(own);
        return html;
    }

    private static HtmlText ReadStyleSheet()
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("SqlMl.Local.report.css")!;
        using var reader = new StreamReader(stream);
        return Markup(reader.ReadToEnd());
    }
}
