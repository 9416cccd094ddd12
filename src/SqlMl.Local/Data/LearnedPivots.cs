using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Text;

namespace SqlMl.Local.Data;

/// <summary>
/// What the pivots of a model learned (rule 39): stored beside the model, so that scoring has the columns of training, and source of the columns' names.
/// </summary>
internal sealed class LearnedPivots
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ImmutableArray<LearnedValue> _values;

    private LearnedPivots(ImmutableArray<LearnedValue> values) => _values = values;

    /// <summary>A value that has a column.</summary>
    /// <param name="Pivot">Of which pivot.</param>
    /// <param name="Ordinal">Its rank, from 1.</param>
    /// <param name="Value">The value.</param>
    /// <param name="TrainingRows">How many rows of train see it.</param>
    private sealed record LearnedValue(string Pivot, int Ordinal, string Value, long TrainingRows);

    /// <summary>Nothing, for a model without such pivots.</summary>
    public static LearnedPivots None { get; } = new([]);

    /// <summary>Learns from the training rows, and leaves what was learned in the table that the model's scripts read.</summary>
    public static LearnedPivots Learn(DuckDbConnection connection, CompiledModel model, CancellationToken cancellation)
    {
        if (model.Pivots is not { } script) return None;
        connection.Execute(script.Sql, cancellation);
        using var result = connection.Query($"SELECT pivot_name, ordinal, value, training_rows FROM {SqlText.Name(model.PivotTable)} ORDER BY pivot_name, ordinal", cancellation);
        return new([.. result.ReadRows().Select(row => new LearnedValue(
            (string)row[0]!, Convert.ToInt32(row[1], CultureInfo.InvariantCulture), (string)row[2]!, Convert.ToInt64(row[3], CultureInfo.InvariantCulture)))]);
    }

    /// <summary>The file that holds what was learned, in a run's folder.</summary>
    public static string FileOf(CompiledModel model) => $"{model.Name}.pivots.json";

    /// <summary>Writes what was learned beside the model; nothing for a model without such pivots.</summary>
    public void Save(string path, CompiledModel model)
    {
        if (model.Pivots is null) return;
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, Options);
        json.WriteStartArray();
        foreach (var value in _values)
        {
            json.WriteStartObject();
            json.WriteString("pivot", value.Pivot);
            json.WriteNumber("ordinal", value.Ordinal);
            json.WriteString("value", value.Value);
            json.WriteNumber("training_rows", value.TrainingRows);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>
    /// Reads what an earlier run learned, and puts it into the table that the model's scripts read. Null where there is no such file, or it cannot be understood.
    /// </summary>
    public static LearnedPivots? Restore(string path, DuckDbConnection connection, CompiledModel model, CancellationToken cancellation)
    {
        if (model.Pivots is null) return None;
        if (!File.Exists(path) || Read(path) is not { } values) return null;
        var table = SqlText.Name(model.PivotTable);
        connection.Execute($"CREATE OR REPLACE TABLE {table} (pivot_name VARCHAR, ordinal BIGINT, value VARCHAR, training_rows BIGINT)", cancellation);
        foreach (var value in values)
        {
            connection.Execute(
                string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {table} VALUES ({SqlText.Literal(value.Pivot)}, {value.Ordinal}, {SqlText.Literal(value.Value)}, {value.TrainingRows})"),
                cancellation);
        }
        return new(values);
    }

    /// <summary>The model with its features called like the values that were learned; columns for which nothing was learned fall away.</summary>
    public CompiledModel Name(CompiledModel model)
    {
        if (model.Pivots is null) return model;
        var names = Names(model);
        return model with
        {
            Features =
            [
                .. model.Features.Where(feature => feature.Learned is null || names.ContainsKey(feature.Name))
                    .Select(feature => feature.Learned is null ? feature : feature with { Name = names[feature.Name], Learned = null }),
            ],
        };
    }

    /// <summary>Gives the columns of a table that the model's scripts filled the names of <see cref="Name"/>.</summary>
    public void Rename(DuckDbConnection connection, CompiledModel model, string table, CancellationToken cancellation)
    {
        if (model.Pivots is null) return;
        var names = Names(model);
        var columns = new List<string>();
        using (var shape = connection.Query($"SELECT * FROM {SqlText.Name(table)} LIMIT 0", cancellation))
        {
            foreach (var column in shape.Columns)
            {
                var learned = model.Features.FirstOrDefault(feature => feature.Learned is not null && feature.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
                if (learned is null) columns.Add(SqlText.Name(column.Name));
                else if (names.TryGetValue(learned.Name, out var name)) columns.Add($"{SqlText.Name(column.Name)} AS {SqlText.Name(name)}");
            }
        }
        connection.Execute($"CREATE OR REPLACE TABLE {SqlText.Name(table)} AS SELECT {string.Join(", ", columns)} FROM {SqlText.Name(table)}", cancellation);
    }

    /// <summary>The names of the columns for which a value was learned, by their rank's names. No other column of the tables is called so.</summary>
    private Dictionary<string, string> Names(CompiledModel model)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var taken = new HashSet<string>([.. model.Keys, .. ReservedColumns.All, .. model.Features.Where(feature => feature.Learned is null).Select(feature => feature.Name)], StringComparer.OrdinalIgnoreCase);
        foreach (var group in model.Features.Where(feature => feature.Learned is not null).GroupBy(feature => feature.Learned!.Pivot))
        {
            var suffixes = new HashSet<string>(StringComparer.Ordinal) { PivotNames.Other, PivotNames.Null };
            foreach (var feature in group.OrderBy(feature => feature.Learned!.Rank))
            {
                var learned = feature.Learned!;
                if (_values.FirstOrDefault(item => item.Pivot == learned.Pivot && item.Ordinal == learned.Rank) is not { } value) continue;
                string name;
                do name = $"{learned.Head}{PivotNames.Next(value.Value, suffixes)}{learned.Tail}";
                while (!taken.Add(name));
                names.Add(feature.Name, name);
            }
        }
        return names;
    }

    private static ImmutableArray<LearnedValue>? Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            return
            [
                .. document.RootElement.EnumerateArray().Select(item => new LearnedValue(
                    Text(item, "pivot"), item.GetProperty("ordinal").GetInt32(), Text(item, "value"), item.GetProperty("training_rows").GetInt64())),
            ];
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }

        static string Text(JsonElement item, string name) => item.GetProperty(name).GetString() ?? throw new FormatException($"`{name}` is null.");
    }
}
