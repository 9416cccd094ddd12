using System.Globalization;

namespace SqlMl.Learning.Tests;

/// <summary>Counts, sums, recencies and gaps as of each cutoff of the label table; a row dated at the cutoff is past.</summary>
internal static class CdnowFeatures
{
    public static (FeatureTable Table, bool[] Labels, DateOnly[] Cutoffs) Build()
    {
        var purchases = SharedData.Lines("cdnow/transactions.csv").Skip(1)
            .Select(line => line.Split(','))
            .GroupBy(cells => cells[0])
            .ToDictionary(group => group.Key, group => group
                .Select(cells => (Day: DateOnly.ParseExact(cells[1], "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber, Amount: double.Parse(cells[3], CultureInfo.InvariantCulture)))
                .OrderBy(purchase => purchase.Day).ToArray());
        var rows = SharedData.Lines("cdnow/expected_labels.csv").Skip(1).Select(line => line.Split(',')).ToArray();
        var cutoffs = Array.ConvertAll(rows, cells => DateOnly.ParseExact(cells[0][..10], "yyyy-MM-dd", CultureInfo.InvariantCulture));
        var features = rows.Select((cells, row) => Of([.. purchases[cells[1]].TakeWhile(p => p.Day <= cutoffs[row].DayNumber)], cutoffs[row].DayNumber)).ToArray();
        var names = features[0].Select(feature => feature.Name).ToArray();
        var columns = names.Select((name, column) => new NumericColumn(name, Array.ConvertAll(features, row => row[column].Value)));
        return (new FeatureTable(columns), Array.ConvertAll(rows, cells => cells[2] == "1"), cutoffs);
    }

    private static List<(string Name, double Value)> Of((int Day, double Amount)[] past, int cutoff)
    {
        var days = past.Select(purchase => purchase.Day).Distinct().ToArray();
        var gaps = days.Zip(days.Skip(1), (a, b) => (double)(b - a)).Order().ToArray();
        double Ago(int position) => position <= days.Length ? cutoff - days[^position] : double.NaN;
        var features = new List<(string, double)>();
        foreach (var window in (int[])[30, 90, 180, 365])
        {
            var recent = past.Where(purchase => purchase.Day > cutoff - window).ToArray();
            features.Add(($"count_{window}d", recent.Length));
            features.Add(($"sum_{window}d", recent.Sum(purchase => purchase.Amount)));
            features.Add(($"days_{window}d", days.Count(day => day > cutoff - window)));
        }

        foreach (var halfLife in (int[])[30, 60, 120])
            features.Add(($"decayed_{halfLife}d", days.Sum(day => Math.Pow(0.5, (cutoff - day) / (double)halfLife))));
        foreach (var position in (int[])[1, 2, 3, 5])
            features.Add(($"recency_{position}", Ago(position)));
        var mean = gaps.Length == 0 ? double.NaN : gaps.Average();
        features.Add(("tenure", cutoff - days[0]));
        features.Add(("active_span", (days[^1] - days[0]) / (double)(cutoff - days[0] + 1)));
        features.Add(("gap_mean", mean));
        features.Add(("gap_min", gaps.Length == 0 ? double.NaN : gaps[0]));
        features.Add(("gap_median", gaps.Length == 0 ? double.NaN : gaps[gaps.Length / 2]));
        features.Add(("gap_max", gaps.Length == 0 ? double.NaN : gaps[^1]));
        features.Add(("recency_over_gap_mean", Ago(1) / mean));
        features.Add(("recency_over_gap_max", gaps.Length == 0 ? double.NaN : Ago(1) / gaps[^1]));
        features.Add(("days_total", days.Length));
        features.Add(("amount_mean", past.Average(purchase => purchase.Amount)));
        return features;
    }
}
