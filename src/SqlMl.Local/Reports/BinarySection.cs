using SqlMl.Local.Running;
using static SqlMl.Local.Reports.ReportParts;

namespace SqlMl.Local.Reports;

/// <summary>The report's part on how good the probabilities of a boolean label are: figures, curves, and what a threshold does.</summary>
internal static class BinarySection
{
    public static void AddCards(HtmlText html, BinaryEvaluation test)
    {
        html.Add($"<section class=\"cards\">\n");
        Card(html, "AUC", Words.Metric(test.Auc), "0.5 is a coin, 1 is perfect order");
        Card(html, "Average precision", Words.Metric(test.AveragePrecision), $"{Words.Metric(test.BaseRate)} without a model");
        Card(html, "Log loss", Words.Metric(test.LogLoss), $"{Words.Metric(test.ConstantLogLoss)} without features");
        Card(html, "Brier score", Words.Metric(test.Brier), $"{Words.Metric(test.ConstantBrier)} without features");
        Card(html, "Accuracy", Words.Percent(test.Accuracy), $"{Words.Percent(Math.Max(test.BaseRate, 1 - test.BaseRate))} by always saying the commoner");
        Card(html, "F1", Words.Metric(test.F1), "at the threshold");
        Card(html, "Base rate", Words.Percent(test.BaseRate), $"{Words.Number(test.Positives)} of {Words.Count(test.Rows, "row")}");
        html.Add($"</section>\n");
    }

    public static void AddCurves(HtmlText html, BinaryEvaluation test, ModelRun run)
    {
        var operating = run.Operating!;
        html.Add($"<h2>How good it is</h2>\n<section class=\"grid2\">\n");
        Panel(html, "ROC", "How many positives are found for how many false alarms.", Roc(test));
        Panel(html, "Precision and recall", "Of those called positive, how many are; the dashed line is the base rate.", PrecisionRecall(test));
        Panel(html, "Calibration", "When the model says 30 %, does it happen three times in ten? A disc holds about a tenth of the rows. " + HowCalibrated(test, run.Calibration!), Calibration(test));
        Panel(html, "Probabilities by outcome", null, Histogram(test, operating));
        AddConfusion(html, test, operating);
        AddGains(html, test);
        html.Add($"</section>\n");
    }

    private static HtmlText Roc(BinaryEvaluation test)
    {
        var negatives = test.Rows - test.Positives;
        var chart = new SvgChart("false positive rate", "true positive rate")
            .Line([new(0, 0), new(1, 1)], "reference")
            .Area(test.Curves.Roc, "fill")
            .Line(test.Curves.Roc, "curve");
        if (test.Positives > 0 && negatives > 0)
        {
            var here = new ChartPoint((double)test.FalsePositives / negatives, (double)test.TruePositives / test.Positives);
            chart.Disc(here, 0.25, "here", "the threshold");
        }
        return chart.Draw($"ROC curve, area {Words.Metric(test.Auc)}");
    }

    private static HtmlText PrecisionRecall(BinaryEvaluation test)
    {
        var chart = new SvgChart("recall", "precision")
            .Line([new(0, test.BaseRate), new(1, test.BaseRate)], "reference")
            .Area(test.Curves.PrecisionRecall, "fill")
            .Line(test.Curves.PrecisionRecall, "curve");
        if (test.TruePositives + test.FalsePositives > 0) chart.Disc(new ChartPoint(test.Recall, test.Precision), 0.25, "here", "the threshold");
        return chart.Draw($"Precision against recall, average precision {Words.Metric(test.AveragePrecision)}");
    }

    /// <summary>How far off, how far right probabilities would be, and what was done for it.</summary>
    private static string HowCalibrated(BinaryEvaluation test, CalibrationSummary calibration)
    {
        var error = $"On average they are {Words.Percent(test.CalibrationError)} apart; by chance alone it would be {Words.Percent(test.CalibrationErrorByChance)}. ";
        var tried = string.Join(", ", calibration.Trials.Select(trial => $"{trial.Name} {Words.Metric(trial.LogLoss)}"));
        return error + calibration.Method switch
        {
            "platt" => $"The model's log-odds were put right by a logistic curve (Platt), chosen on the validation part by log loss: {tried}.",
            "isotonic" => $"The model's log-odds were put right by isotonic regression, chosen on the validation part by log loss: {tried}.",
            _ when calibration.Trials.IsEmpty => "They are the model's own: there is no validation part, or it has too few rows of a class, to put them right by.",
            _ => $"They are the model's own: on the validation part no curve was clearly better by log loss ({tried}).",
        };
    }

    private static HtmlText Calibration(BinaryEvaluation test)
    {
        var bins = test.Curves.Calibration;
        var top = EvaluationCurves.RoundTop(bins.Select(bin => Math.Max(bin.Predicted, bin.Observed)));
        var largest = bins.Select(bin => bin.Rows).DefaultIfEmpty(1).Max();
        var chart = new SvgChart("predicted probability", "observed share", top, top).Line([new(0, 0), new(top, top)], "reference");
        chart.Line(bins.Select(bin => new ChartPoint(bin.Predicted, bin.Observed)), "curve");
        foreach (var bin in bins)
        {
            var hint = $"{Words.Count(bin.Rows, "row")}: predicted {Words.Percent(bin.Predicted)}, observed {Words.Percent(bin.Observed)}";
            chart.Disc(new ChartPoint(bin.Predicted, bin.Observed), (double)bin.Rows / largest, "dot", hint);
        }
        return chart.Draw("Calibration: predicted probability against observed share");
    }

    private static HtmlText Histogram(BinaryEvaluation test, OperatingChoice operating)
    {
        var tallest = NumberAxis.NiceCount(test.Curves.Scores.Max(bin => bin.Negatives + bin.Positives));
        var chart = new SvgChart("probability", "rows", test.Curves.Scores[^1].To, tallest, "0");
        foreach (var bin in test.Curves.Scores)
        {
            if (bin.Negatives > 0) chart.Bar(bin.From, bin.To, 0, bin.Negatives, "negative", $"{Words.Count(bin.Negatives, "row")} whose label is false");
            if (bin.Positives > 0) chart.Bar(bin.From, bin.To, bin.Negatives, bin.Negatives + bin.Positives, "positive", $"{Words.Count(bin.Positives, "row")} whose label is true");
        }
        chart.Mark(operating.Threshold, $"threshold {Words.Metric(operating.Threshold)}");
        return new HtmlText()
            .Add($"""<p class="soft small"><span class="key positive"></span>label is true<span class="key negative"></span>label is false</p>""")
            .Add(chart.Draw("Histogram of probabilities by outcome"));
    }

    private static void AddConfusion(HtmlText html, BinaryEvaluation test, OperatingChoice operating) => html.Add($"""
        <div class="panel"><h3>At the threshold of {Words.Metric(operating.Threshold)}</h3>
        <p class="soft small">The threshold is {operating.Reason}.</p>
        <div class="confusion">
        <span class="corner"></span><span class="corner">called positive</span><span class="corner">called negative</span>
        <span class="side">is positive</span><div class="right-cell"><b>{Words.Number(test.TruePositives)}</b>found</div><div class="wrong-cell"><b>{Words.Number(test.FalseNegatives)}</b>missed</div>
        <span class="side">is negative</span><div class="wrong-cell"><b>{Words.Number(test.FalsePositives)}</b>false alarms</div><div class="right-cell"><b>{Words.Number(test.TrueNegatives)}</b>left alone</div>
        </div>
        <p>Of those called positive {Words.Percent(test.Precision)} are (precision), which finds {Words.Percent(test.Recall)} of all positives (recall);
        picking as many at random would find {Words.Percent((double)(test.TruePositives + test.FalsePositives) / test.Rows)}.</p></div>

        """);

    private static void AddGains(HtmlText html, BinaryEvaluation test)
    {
        html.Add($"<div class=\"panel\"><h3>When only the likeliest are called</h3><p class=\"soft small\">Lift says how many times more positives that finds than calling as many at random.</p><table>\n");
        html.Add($"<tr><th>likeliest</th><th class=\"num\">rows</th><th class=\"num\">positives</th><th class=\"num\">of those called</th><th class=\"num\">of all positives</th><th class=\"num\">lift</th></tr>\n");
        foreach (var gain in test.Curves.Gains)
        {
            var found = test.Positives == 0 ? double.NaN : gain.Positives / test.Positives;
            html.Add($"<tr><td>{gain.Share * 100:0} %</td><td class=\"num\">{Words.Number(gain.Rows)}</td><td class=\"num\">{gain.Positives:0.#}</td><td class=\"num\">{Words.Percent(gain.Positives / gain.Rows)}</td><td class=\"num\">{Words.Percent(found)}</td><td class=\"num\">{found * test.Rows / gain.Rows:0.0}</td></tr>\n");
        }
        html.Add($"</table></div>\n");
    }
}
