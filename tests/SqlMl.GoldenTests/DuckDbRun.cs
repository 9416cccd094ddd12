using System.Globalization;
using System.Text;
using SqlMl.Compiler;
using SqlMl.DuckDb;

namespace SqlMl.GoldenTests;

/// <summary>The rows of both tables as CSV, in the order of the script: empty is null, `""` the empty text, instants in ISO 8601.</summary>
internal sealed record GoldenRows(string Training, string Scoring);

/// <summary>Runs a compiled program's scripts in a DuckDB of its own.</summary>
internal static class DuckDbRun
{
    /// <summary>Runs all scripts of the program's only model.</summary>
    public static GoldenRows Execute(CompiledProgram program)
    {
        var model = Assert.Single(program.Models);
        using var database = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 1 });
        if (model.Pivots is not null) database.Execute(model.Pivots.Sql);
        database.Execute(model.Training.Sql);
        database.Execute(model.Scoring.Sql);
        var training = Csv(database, $"SELECT * FROM \"{model.TrainingTable}\"");
        CheckCounts(database, model);
        using (var sources = database.Query(model.SourceReport.Sql)) Assert.Equal(model.Sources.Length, sources.ReadRows().Count);
        if (model.DoubledKeys is not null) Assert.Empty(database.Query(model.DoubledKeys.Sql).ReadRows());
        return new GoldenRows(training, Csv(database, $"SELECT * FROM \"{model.ScoringTable}\""));
    }

    /// <summary>The last step counted is the training table itself, and no step adds rows.</summary>
    private static void CheckCounts(DuckDbConnection database, CompiledModel model)
    {
        using var result = database.Query(model.Counts.Sql);
        var left = result.ReadRows().Select(row => Convert.ToInt64(row[2], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(left.OrderDescending(), left);
        Assert.Equal(database.Scalar<long>($"SELECT COUNT(*) FROM \"{model.TrainingTable}\""), left[^1]);
    }

    private static string Csv(DuckDbConnection database, string sql)
    {
        using var result = database.Query(sql);
        var text = new StringBuilder();
        text.AppendJoin(',', result.Columns.Select(column => Quoted(column.Name))).Append('\n');
        foreach (var row in result.ReadRows()) text.AppendJoin(',', row.Select(Text)).Append('\n');
        return text.ToString();
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        string text => Quoted(text),
        DateTime instant => instant.ToString(instant.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        object?[] elements => Quoted($"[{string.Join(", ", elements.Select(Text))}]"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Quoted(string text) =>
        text.Length == 0 || text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
