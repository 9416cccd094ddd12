namespace SqlMl.Learning.Tests;

/// <summary>Seeded rows with a known dependence: numbers with gaps, a category with gaps, a set, a boolean.</summary>
internal static class Synthetic
{
    public static (FeatureTable Table, bool[] Labels) Mixed(int rows, int seed = 1)
    {
        var random = new Random(seed);
        double[] recency = new double[rows], spend = new double[rows], member = new double[rows];
        var channel = new string?[rows];
        var tags = new string[]?[rows];
        var labels = new bool[rows];
        string[] channels = ["web", "shop", "phone", "été"];
        for (var row = 0; row < rows; row++)
        {
            recency[row] = random.NextDouble() < 0.1 ? double.NaN : Math.Round(random.NextDouble() * 100, 3);
            spend[row] = Math.Exp(random.NextDouble() * 6);
            member[row] = random.Next(2);
            channel[row] = random.NextDouble() < 0.05 ? null : channels[random.Next(channels.Length)];
            tags[row] = random.NextDouble() < 0.1 ? null : [.. channels.Where(_ => random.NextDouble() < 0.4)];
            var margin = -1.2 + (double.IsNaN(recency[row]) ? 0.8 : -0.03 * (recency[row] - 50)) + 0.2 * Math.Log(spend[row])
                + (channel[row] == "web" ? 1 : 0) + (tags[row]?.Contains("shop") == true ? 0.7 : 0) - 0.5 * member[row];
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-margin));
        }

        return (new FeatureTable(
        [
            new NumericColumn("recency", recency),
            new NumericColumn("spend", spend),
            new NumericColumn("member", member, isBoolean: true),
            new CategoryColumn("channel", channel),
            new SetColumn("tags", tags),
        ]), labels);
    }

    public static (FeatureTable Table, bool[] Labels) Numbers(int rows, int columns, int seed = 1)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, columns).Select(_ => new double[rows]).ToArray();
        var labels = new bool[rows];
        for (var row = 0; row < rows; row++)
        {
            var margin = 0.0;
            for (var column = 0; column < columns; column++)
            {
                var value = Math.Round(random.NextDouble() * 4 - 2, column % 3 == 0 ? 1 : 6);
                margin += value * (column % 4 - 1.5) * 0.8 + (column == 0 ? value * value : 0);
                values[column][row] = random.NextDouble() < 0.05 ? double.NaN : value;
            }

            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-margin));
        }

        return (new FeatureTable(values.Select((column, index) => new NumericColumn($"x{index}", column))), labels);
    }

    /// <summary>Numbers that depend on the features of <see cref="Mixed"/>, with noise.</summary>
    public static (FeatureTable Table, double[] Labels) Values(int rows, int seed = 1)
    {
        var (table, _) = Mixed(rows, seed);
        var random = new Random(seed + 100);
        var (recency, spend, channel) = ((NumericColumn)table.Columns[0], (NumericColumn)table.Columns[1], (CategoryColumn)table.Columns[3]);
        return (table, [.. Enumerable.Range(0, rows).Select(row =>
            (double.IsNaN(recency.Values[row]) ? 60 : 100 - recency.Values[row]) + 10 * Math.Log(spend.Values[row]) + (channel.Values[row] == "web" ? 25 : 0) + 5 * random.NextDouble())]);
    }

    /// <summary>Three classes of those numbers, the first in order, `extreme`, the rarest.</summary>
    public static (FeatureTable Table, string[] Labels) Classes(int rows, int seed = 1)
    {
        var (table, values) = Values(rows, seed);
        var random = new Random(seed + 200);
        return (table, Array.ConvertAll(values, value => (value + 20 * random.NextDouble()) switch { > 160 => "extreme", > 100 => "high", _ => "low" }));
    }

    /// <summary>Every tenth row validates, every next one tests.</summary>
    public static RowPart[] Parts(int rows) =>
        [.. Enumerable.Range(0, rows).Select(row => (row % 10) switch { 8 => RowPart.Validation, 9 => RowPart.Test, _ => RowPart.Train })];

    public static KeyValuePair<string, string>[] Set(params (string Name, string Value)[] parameters) =>
        [.. parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value))];

    public static byte[] Saved(TrainedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    public static byte[] SavedTrees(TrainedModel model)
    {
        using var stream = new MemoryStream();
        model.SaveXgBoost(stream);
        return stream.ToArray();
    }

    public static TrainedModel Loaded(byte[] file) => TrainedModel.Load(new MemoryStream(file));
}
