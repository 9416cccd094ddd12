using SqlMl.Local.Running;

namespace SqlMl.Local.Reports;

/// <summary>The report's parts on what the model looks at, whom it predicts for, and what it learned from.</summary>
internal static class DataSection
{
    private const int FeaturesShown = 25;
    private const double TimelineWidth = 1000;

    /// <summary>A trainer in words, to begin a sentence.</summary>
    public static string TrainerName(string trainer) => trainer switch
    {
        "logistic" => "Logistic regression",
        "xgboost" => "Boosted trees",
        _ => trainer,
    };

    public static void AddInfluences(HtmlText html, ModelRun run)
    {
        if (run.Influences.IsEmpty) return;
        html.Add($"<h2>What it looks at</h2>\n<section class=\"panel\"><div class=\"bars\">\n");
        var largest = Math.Max(run.Influences.Max(influence => influence.Share), double.Epsilon);
        foreach (var influence in run.Influences.Take(FeaturesShown))
        {
            html.Add($"""<div class="what"><b>{influence.Feature}</b><span>{influence.Text}</span></div>""");
            Bar(html, influence.Share / largest, Words.Percent(influence.Share));
        }
        html.Add($"</div>");
        var hidden = run.Influences.Length - FeaturesShown;
        if (hidden > 0) html.Add($"<p class=\"soft small\">and {Words.Count(hidden, "feature")} with less influence, in <code>metrics.json</code></p>");
        html.Add($"</section>\n");
    }

    public static void AddPredictions(HtmlText html, ModelRun run)
    {
        var predictions = run.Predictions;
        html.Add($"<h2>Whom it predicts</h2>\n<section class=\"grid2\">\n<div class=\"panel\"><h3>The likeliest</h3><div class=\"scroll\"><table>\n<tr>");
        foreach (var column in predictions.Columns) html.Add($"<th>{column}</th>");
        html.Add($"<th>cutoff (UTC)</th><th class=\"num\">probability</th><th class=\"num\">percentile</th><th>class</th></tr>\n");
        foreach (var row in predictions.Top)
        {
            html.Add($"<tr>");
            foreach (var part in row.Key) html.Add($"<td class=\"id\">{part}</td>");
            html.Add($"<td>{Words.Instant(row.Cutoff)}</td><td class=\"num\">{Words.Metric(row.Probability)}</td><td class=\"num\">{row.Percentile:0.0}</td>");
            html.Add(row.IsPositive ? new HtmlText().Add($"<td><span class=\"pill\">yes</span></td>") : new HtmlText().Add($"<td><span class=\"pill no\">no</span></td>"));
            html.Add($"</tr>\n");
        }
        html.Add($"</table></div></div>\n");
        html.Add($"<div class=\"panel\"><h3>All {Words.Count(predictions.Rows, "prediction")}</h3><p class=\"soft small\">by probability; the dashed line is the threshold</p>{ScoredHistogram(run)}</div>\n</section>\n");
    }

    public static void AddData(HtmlText html, ModelRun run)
    {
        html.Add($"<h2>What it learned from</h2>\n<section class=\"grid2\">\n");
        AddSources(html, run);
        AddSteps(html, run);
        html.Add($"</section>\n");
        if (!run.Parts.IsEmpty) AddParts(html, run);
    }

    private static HtmlText ScoredHistogram(ModelRun run)
    {
        var bins = run.Predictions.Histogram;
        var chart = new SvgChart("probability", "predictions", bins[^1].To, EvaluationSection.NiceCount(bins.Max(bin => bin.Rows)), "0");
        foreach (var bin in bins)
        {
            if (bin.Rows > 0) chart.Bar(bin.From, bin.To, 0, bin.Rows, "scored", Words.Count(bin.Rows, "prediction"));
        }
        return chart.Mark(run.Operating.Threshold, "threshold").Draw("Histogram of all predicted probabilities");
    }

    private static void AddSources(HtmlText html, ModelRun run)
    {
        html.Add($"<div class=\"panel\"><h3>Sources</h3><div class=\"scroll\"><table>\n<tr><th>source</th><th class=\"num\">rows</th><th class=\"num\">no time</th><th class=\"num\">no key</th><th class=\"num\">no partner</th><th>first (UTC)</th><th>last (UTC)</th></tr>\n");
        foreach (var source in run.Sources)
        {
            html.Add($"<tr><td>{source.Name}</td><td class=\"num\">{Words.Number(source.Rows)}</td><td class=\"num\">{Words.Number(source.RowsWithoutTime)}</td><td class=\"num\">{Words.Number(source.RowsWithoutKey)}</td><td class=\"num\">{Words.Number(source.RowsWithoutPartner)}</td>");
            html.Add($"<td>{Words.Instant(source.FirstTime)}</td><td>{Words.Instant(source.LastTime)}</td></tr>\n");
        }
        html.Add($"</table></div><p class=\"soft small\">Rows without a time never happened; rows without a key belong to no {run.Model.Entity}: neither is used. Rows without a partner read nothing through a join.</p></div>\n");
    }

    private static void AddSteps(HtmlText html, ModelRun run)
    {
        if (run.Steps.IsEmpty) return;
        html.Add($"<div class=\"panel\"><h3>From cutoffs to training set</h3><p class=\"soft small\">rows left after each step</p><div class=\"bars\">\n");
        var largest = Math.Max(1, run.Steps.Max(step => step.Rows));
        long? before = null;
        foreach (var step in run.Steps)
        {
            var lost = before - step.Rows is > 0 and var gone ? $"{Words.Number(gone)} left out" : "";
            html.Add($"""<div class="what"><b>{step.Step}</b><span>{lost}</span></div>""");
            Bar(html, (double)step.Rows / largest, Words.Number(step.Rows));
            before = step.Rows;
        }
        html.Add($"</div></div>\n");
    }

    private static void AddParts(HtmlText html, ModelRun run)
    {
        html.Add($"<section class=\"panel\" style=\"margin-top:16px\"><h3>Split</h3>{Timeline(run)}<div class=\"scroll\"><table>\n");
        html.Add($"<tr><th>part</th><th class=\"num\">rows</th><th class=\"num\">label is true</th><th class=\"num\">share</th><th>first cutoff (UTC)</th><th>last cutoff (UTC)</th></tr>\n");
        foreach (var part in run.Parts)
        {
            var share = part.Rows == 0 ? double.NaN : (double)part.Positives / part.Rows;
            html.Add($"<tr><td>{part.Name}</td><td class=\"num\">{Words.Number(part.Rows)}</td><td class=\"num\">{Words.Number(part.Positives)}</td><td class=\"num\">{Words.Percent(share)}</td><td>{Words.Instant(part.FirstCutoff)}</td><td>{Words.Instant(part.LastCutoff)}</td></tr>\n");
        }
        html.Add($"</table></div></section>\n");
    }

    private static HtmlText Timeline(ModelRun run)
    {
        var parts = run.Parts.Where(part => part.FirstCutoff is not null).ToList();
        if (parts.Count == 0) return new HtmlText();
        var first = parts.Min(part => part.FirstCutoff!.Value);
        var length = Math.Max((parts.Max(part => part.LastCutoff!.Value) - first).TotalSeconds, 1);
        var svg = new HtmlText().Add($"""<svg class="timeline" viewBox="0 0 {TimelineWidth:0} {22 * parts.Count:0}" role="img" aria-label="The parts in time">""");
        for (var i = 0; i < parts.Count; i++)
        {
            var from = (parts[i].FirstCutoff!.Value - first).TotalSeconds / length * TimelineWidth;
            var to = (parts[i].LastCutoff!.Value - first).TotalSeconds / length * TimelineWidth;
            svg.Add($"""<rect class="{parts[i].Name}" x="{from:0.##}" y="{(22 * i) + 4:0}" width="{Math.Max(to - from, 3):0.##}" height="14" rx="4"><title>{parts[i].Name}</title></rect>""");
        }
        return svg.Add($"</svg>");
    }

    private static void Bar(HtmlText html, double share, string value) =>
        html.Add($"""<div class="track"><i style="width:{share * 100:0.##}%"></i></div><div class="value">{value}</div>""").Add($"\n");
}
