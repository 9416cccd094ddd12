using SqlMl.Local.Running;
using static SqlMl.Local.Reports.ReportParts;

namespace SqlMl.Local.Reports;

/// <summary>The report's part on how good the probabilities of several classes are: figures, each class, and which are taken for which.</summary>
internal static class MultiClassSection
{
    /// <summary>With more classes a confusion matrix cannot be read; `metrics.json` has it.</summary>
    private const int MostInMatrix = 12;
    private const int MostInTable = 25;

    public static void AddCards(HtmlText html, MultiClassEvaluation test)
    {
        html.Add($"<section class=\"cards\">\n");
        Card(html, "Accuracy", Words.Percent(test.Accuracy), $"{Words.Percent(test.ConstantAccuracy)} by always saying the commonest");
        Card(html, "Macro F1", Words.Metric(test.MacroF1), "the mean over the classes");
        Card(html, "Log loss", Words.Metric(test.LogLoss), $"{Words.Metric(test.ConstantLogLoss)} without features");
        Card(html, "Classes", Words.Number(test.Confusion[0].Length), $"{Words.Count(test.Rows, "row")} to test them on");
        html.Add($"</section>\n");
    }

    public static void AddTables(HtmlText html, MultiClassEvaluation test)
    {
        html.Add($"<h2>How good it is</h2>\n<section class=\"grid2\">\n");
        AddClasses(html, test);
        if (test.Classes.Length <= MostInMatrix) AddConfusion(html, test);
        html.Add($"</section>\n");
    }

    private static void AddClasses(HtmlText html, MultiClassEvaluation test)
    {
        html.Add($"<div class=\"panel\"><h3>Each class</h3><p class=\"soft small\">Called is the likeliest class.</p><div class=\"scroll\"><table>\n");
        html.Add($"<tr><th>class</th><th class=\"num\">rows</th><th class=\"num\">called</th><th class=\"num\">precision</th><th class=\"num\">recall</th><th class=\"num\">F1</th></tr>\n");
        foreach (var figures in test.Classes.OrderByDescending(figures => figures.Rows).Take(MostInTable))
        {
            html.Add($"<tr><td>{figures.Class}</td><td class=\"num\">{Words.Number(figures.Rows)}</td><td class=\"num\">{Words.Number(figures.Called)}</td>");
            html.Add($"<td class=\"num\">{Words.Percent(figures.Precision)}</td><td class=\"num\">{Words.Percent(figures.Recall)}</td><td class=\"num\">{Words.Metric(figures.F1)}</td></tr>\n");
        }
        html.Add($"</table></div>");
        if (test.Classes.Length > MostInTable) html.Add($"<p class=\"soft small\">and {test.Classes.Length - MostInTable} with fewer rows, in <code>metrics.json</code></p>");
        html.Add($"</div>\n");
    }

    private static void AddConfusion(HtmlText html, MultiClassEvaluation test)
    {
        html.Add($"<div class=\"panel\"><h3>Which is taken for which</h3><p class=\"soft small\">A row a true class, a column what it is called.</p><div class=\"scroll\"><table>\n<tr><th></th>");
        for (var called = 0; called < test.Confusion[0].Length; called++) html.Add($"<th class=\"num\">{test.Classes[called].Class}</th>");
        html.Add($"</tr>\n");
        for (var truth = 0; truth < test.Classes.Length; truth++)
        {
            html.Add($"<tr><th>{test.Classes[truth].Class}</th>");
            for (var called = 0; called < test.Confusion[truth].Length; called++)
            {
                var count = Words.Number(test.Confusion[truth][called]);
                html.Add(truth == called ? new HtmlText().Add($"<td class=\"num\"><b>{count}</b></td>") : new HtmlText().Add($"<td class=\"num\">{count}</td>"));
            }
            html.Add($"</tr>\n");
        }
        html.Add($"</table></div></div>\n");
    }
}
