namespace SqlMl.Local.Reports;

/// <summary>What the report's sections are put together from.</summary>
internal static class ReportParts
{
    /// <summary>One figure in large, with what to hold it against.</summary>
    public static void Card(HtmlText html, string name, string value, string note) =>
        html.Add($"""<div class="panel"><div class="card-name">{name}</div><div class="card-value">{value}</div><div class="card-note">{note}</div></div>""").Add($"\n");

    /// <summary>A picture with its title and, where it needs one, an explanation.</summary>
    public static void Panel(HtmlText html, string title, string? explanation, HtmlText picture)
    {
        html.Add($"""<figure class="panel" style="margin:0"><h3>{title}</h3>""");
        if (explanation is not null) html.Add($"""<p class="soft small">{explanation}</p>""");
        html.Add($"{picture}</figure>\n");
    }
}
