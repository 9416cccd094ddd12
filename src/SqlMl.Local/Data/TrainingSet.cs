using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Learning;
using SqlMl.Local.Running;

namespace SqlMl.Local.Data;

/// <summary>A training table in memory: one row a cutoff, in the table's order.</summary>
internal sealed record TrainingSet(FeatureTable Features, bool[] Labels, RowPart[] Parts, DateTime[] Cutoffs)
{
    public int RowCount => Labels.Length;

    /// <summary>Reads the table that the model's training script filled.</summary>
    public static TrainingSet Read(DuckDbConnection connection, CompiledModel model, CancellationToken cancellation)
    {
        var items = FeatureReader.SelectItems(connection, model.TrainingTable, model);
        var select = string.Join(", ", items.Prepend("split").Prepend("CAST(label AS BOOLEAN) AS label").Prepend("cutoff"));
        using var result = connection.Query($"SELECT {select} FROM {SqlText.Name(model.TrainingTable)}", cancellation);
        var rows = result.ReadColumns();
        var labels = Array.ConvertAll(((DuckDbNumberBuffer<double>)rows.Buffers[1]).ToArray(), value => value == 1);
        var parts = Array.ConvertAll(((DuckDbTextBuffer)rows.Buffers[2]).ToArray(), PartOf);
        return new TrainingSet(FeatureReader.Read(rows, 3, model), labels, parts, Instants((DuckDbTimestampBuffer)rows.Buffers[0]));
    }

    /// <summary>The positions of one part's rows, ascending.</summary>
    public int[] RowsOf(RowPart part) => [.. Enumerable.Range(0, RowCount).Where(row => Parts[row] == part)];

    /// <summary>The parts that have rows, and train always.</summary>
    public ImmutableArray<PartSummary> Summarize()
    {
        var summaries = ImmutableArray.CreateBuilder<PartSummary>();
        foreach (var part in (ReadOnlySpan<RowPart>)[RowPart.Train, RowPart.Validation, RowPart.Test])
        {
            var rows = RowsOf(part);
            if (rows.Length == 0 && part != RowPart.Train) continue;
            summaries.Add(new PartSummary(
                NameOf(part), rows.Length, rows.Count(row => Labels[row]),
                rows.Length == 0 ? null : rows.Min(row => Cutoffs[row]), rows.Length == 0 ? null : rows.Max(row => Cutoffs[row])));
        }
        return summaries.ToImmutable();
    }

    /// <summary>Microseconds since 1970 as instants in UTC; null never occurs in a cutoff.</summary>
    public static DateTime[] Instants(DuckDbTimestampBuffer buffer) =>
        Array.ConvertAll(buffer.ToArray(), microseconds => DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));

    private static string NameOf(RowPart part) => part switch
    {
        RowPart.Train => "train",
        RowPart.Validation => "validation",
        _ => "test",
    };

    private static RowPart PartOf(string? name) => name switch
    {
        "train" => RowPart.Train,
        "validation" => RowPart.Validation,
        "test" => RowPart.Test,
        _ => throw new InvalidOperationException($"the training table has a part '{name}'"),
    };
}
