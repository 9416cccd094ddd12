using SqlMl.Local.Running;
using static SqlMl.Local.Reports.ReportParts;

namespace SqlMl.Local.Reports;

/// <summary>The report's part on how good predicted numbers are: figures, and how predictions and labels lie to one another.</summary>
internal static class RegressionSection
{
    public static void AddCards(HtmlText html, RegressionEvaluation test)
    {
        html.Add($"<section class=\"cards\">\n");
        Card(html, "RMSE", Words.Value(test.Rmse), $"{Words.Value(test.ConstantRmse)} by always saying the training mean");
        Card(html, "MAE", Words.Value(test.Mae), $"{Words.Value(test.ConstantMae)} by always saying the training mean");
        Card(html, "R²", Words.Metric(test.R2), "1 is perfect, 0 no better than the mean");
        if (!double.IsNaN(test.Mape)) Card(html, "MAPE", Words.Percent(test.Mape), "the mean error as a share of the label");
        Card(html, "Mean label", Words.Value(test.Mean), $"{Words.Value(test.TrainingMean)} in training");
        Card(html, "Mean prediction", Words.Value(test.MeanPredicted), $"of {Words.Count(test.Rows, "row")}");
        html.Add($"</section>\n");
    }

    public static void AddCurves(HtmlText html, RegressionEvaluation test)
    {
        html.Add($"<h2>How good it is</h2>\n<section class=\"grid2\">\n");
        Panel(html, "Predicted and observed", "Where the model says 100, is it 100 on average? A disc holds about a tenth of the rows.", Calibration(test));
        Panel(html, "Errors", "Prediction less label; what lies far out counts in the outermost bars.", Errors(test));
        AddTable(html, test);
        html.Add($"</section>\n");
    }

    private static HtmlText Calibration(RegressionEvaluation test)
    {
        var axis = NumberAxis.Around(test.Points.SelectMany(point => (double[])[point.Predicted, point.Observed]));
        var largest = test.Points.Max(point => point.Rows);
        var chart = new SvgChart("mean prediction", "mean label", axis.To, axis.To, "0.##", axis.From, axis.From)
            .Line([new(axis.From, axis.From), new(axis.To, axis.To)], "reference")
            .Line(test.Points.Select(point => new ChartPoint(point.Predicted, point.Observed)), "curve");
        foreach (var point in test.Points)
        {
            var hint = $"{Words.Count(point.Rows, "row")}: predicted {Words.Value(point.Predicted)}, observed {Words.Value(point.Observed)}";
            chart.Disc(new ChartPoint(point.Predicted, point.Observed), (double)point.Rows / largest, "dot", hint);
        }
        return chart.Draw("Mean prediction against mean label");
    }

    private static HtmlText Errors(RegressionEvaluation test)
    {
        var bins = test.Errors;
        var chart = new SvgChart("error", "rows", bins[^1].To, NumberAxis.NiceCount(bins.Max(bin => bin.Rows)), "0", bins[0].From);
        foreach (var bin in bins)
        {
            if (bin.Rows > 0) chart.Bar(bin.From, bin.To, 0, bin.Rows, "scored", Words.Count(bin.Rows, "row"));
        }
        return chart.Mark(0, "no error").Draw("Histogram of errors");
    }

    private static void AddTable(HtmlText html, RegressionEvaluation test)
    {
        html.Add($"<div class=\"panel\"><h3>By prediction</h3><p class=\"soft small\">From the lowest predictions to the highest, about a tenth of the rows a line.</p><table>\n");
        html.Add($"<tr><th class=\"num\">rows</th><th class=\"num\">mean prediction</th><th class=\"num\">mean label</th></tr>\n");
        foreach (var point in test.Points)
            html.Add($"<tr><td class=\"num\">{Words.Number(point.Rows)}</td><td class=\"num\">{Words.Value(point.Predicted)}</td><td class=\"num\">{Words.Value(point.Observed)}</td></tr>\n");
        html.Add($"</table></div>\n");
    }
}
