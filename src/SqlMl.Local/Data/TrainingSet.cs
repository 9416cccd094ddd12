using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Trainers;
using SqlMl.Learning;
using SqlMl.Local.Running;

namespace SqlMl.Local.Data;

/// <summary>A training table in memory: one row a cutoff, in the table's order.</summary>
internal sealed record TrainingSet(FeatureTable Features, LabelColumn Labels, RowPart[] Parts, DateTime[] Cutoffs)
{
    public int RowCount => Labels.RowCount;

    /// <summary>Reads the table that the model's training script filled.</summary>
    public static TrainingSet Read(DuckDbConnection connection, CompiledModel model, CancellationToken cancellation)
    {
        var items = FeatureReader.SelectItems(connection, model.TrainingTable, model);
        var select = string.Join(", ", items.Prepend("split").Prepend($"CAST(label AS {TypeOf(model.Task)}) AS label").Prepend("cutoff"));
        using var result = connection.Query($"SELECT {select} FROM {SqlText.Name(model.TrainingTable)}", cancellation);
        var rows = result.ReadColumns();
        LabelColumn labels = model.Task switch
        {
            LearningTask.BinaryClassification => Array.ConvertAll(((DuckDbNumberBuffer<double>)rows.Buffers[1]).ToArray(), value => value == 1),
            LearningTask.Regression => new NumberLabels(((DuckDbNumberBuffer<double>)rows.Buffers[1]).ToArray()),
            _ => new ClassLabels(Array.ConvertAll(((DuckDbTextBuffer)rows.Buffers[1]).ToArray(), value => value!)),
        };
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
                NameOf(part), rows.Length, Summarize(Labels.Rows(rows)),
                rows.Length == 0 ? null : rows.Min(row => Cutoffs[row]), rows.Length == 0 ? null : rows.Max(row => Cutoffs[row])));
        }
        return summaries.ToImmutable();
    }

    /// <summary>How many labels are numbers that nothing can be learned from: NaN or infinite.</summary>
    public int CountNotFinite() => Labels is NumberLabels numbers ? numbers.Values.Count(value => !double.IsFinite(value)) : 0;

    /// <summary>Microseconds since 1970 as instants in UTC; null never occurs in a cutoff.</summary>
    public static DateTime[] Instants(DuckDbTimestampBuffer buffer) =>
        Array.ConvertAll(buffer.ToArray(), microseconds => DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));

    private static LabelSummary Summarize(LabelColumn labels) => labels switch
    {
        BooleanLabels booleans => new BooleanSummary(booleans.Values.Count(label => label)),
        NumberLabels { RowCount: 0 } => new NumberSummary(double.NaN, double.NaN, double.NaN),
        NumberLabels { Values: var values } => new NumberSummary(values.Average(), values.Min(), values.Max()),
        _ => new ClassSummary(
        [
            .. ((ClassLabels)labels).Values.CountBy(label => label, StringComparer.Ordinal).Select(pair => new ClassCount(pair.Key, pair.Value))
                .OrderByDescending(count => count.Rows).ThenBy(count => count.Class, StringComparer.Ordinal),
        ]),
    };

    private static string TypeOf(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => "BOOLEAN",
        LearningTask.Regression => "DOUBLE",
        _ => "VARCHAR",
    };

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
