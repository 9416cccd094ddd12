using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using SqlMl.Local.Running;

namespace SqlMl.Local.Reports;

/// <summary>A run's figures as JSON, without any wall-clock time: the document of `metrics.json` and of `--json`.</summary>
public static class MetricsJson
{
    /// <summary>Writes an array with one object a model; numbers that are not defined are null, instants are ISO 8601 in UTC.</summary>
    public static void Write(Utf8JsonWriter json, ImmutableArray<ModelRun> models)
    {
        json.WriteStartArray();
        foreach (var model in models) WriteModel(json, model);
        json.WriteEndArray();
    }

    private static void WriteModel(Utf8JsonWriter json, ModelRun run)
    {
        json.WriteStartObject();
        json.WriteString("model", run.Model.Name);
        json.WriteString("entity", run.Model.Entity);
        json.WriteString("model_version", run.ModelVersion);
        json.WriteString("trainer", run.Model.Trainer.Name);
        json.WriteString("label", run.Model.LabelText);
        json.WriteString("horizon", run.Model.HorizonText);
        if (run.Model.GivenText is { } given) json.WriteString("given", given);
        json.WriteBoolean("deployable_as_measured", run.Model.GivenText is null);
        WriteInstant(json, "as_of", run.AsOf);
        json.WriteNumber("threshold", run.Operating.Threshold);
        if (run.Evaluation is { } test) WriteEvaluation(json, test);
        WriteParts(json, run);
        WriteSources(json, run);
        json.WriteStartArray("cautions");
        foreach (var caution in run.Cautions) json.WriteStringValue(caution);
        json.WriteEndArray();
        WritePredictions(json, run.Predictions);
        json.WriteEndObject();
    }

    private static void WriteEvaluation(Utf8JsonWriter json, EvaluationSummary test)
    {
        json.WriteStartObject("test");
        json.WriteNumber("rows", test.Rows);
        json.WriteNumber("positives", test.Positives);
        WriteNumber(json, "base_rate", test.BaseRate);
        WriteNumber(json, "auc", test.Auc);
        WriteNumber(json, "average_precision", test.AveragePrecision);
        WriteNumber(json, "log_loss", test.LogLoss);
        WriteNumber(json, "log_loss_without_features", test.ConstantLogLoss);
        WriteNumber(json, "brier", test.Brier);
        WriteNumber(json, "brier_without_features", test.ConstantBrier);
        WriteNumber(json, "accuracy", test.Accuracy);
        WriteNumber(json, "precision", test.Precision);
        WriteNumber(json, "recall", test.Recall);
        WriteNumber(json, "f1", test.F1);
        json.WriteStartObject("confusion");
        json.WriteNumber("true_positives", test.TruePositives);
        json.WriteNumber("false_positives", test.FalsePositives);
        json.WriteNumber("true_negatives", test.TrueNegatives);
        json.WriteNumber("false_negatives", test.FalseNegatives);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, ModelRun run)
    {
        json.WriteStartArray("steps");
        foreach (var step in run.Steps)
        {
            json.WriteStartObject();
            json.WriteString("step", step.Step);
            json.WriteNumber("rows", step.Rows);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("parts");
        foreach (var part in run.Parts)
        {
            json.WriteStartObject();
            json.WriteString("part", part.Name);
            json.WriteNumber("rows", part.Rows);
            json.WriteNumber("positives", part.Positives);
            WriteInstant(json, "first_cutoff", part.FirstCutoff);
            WriteInstant(json, "last_cutoff", part.LastCutoff);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("features");
        foreach (var influence in run.Influences)
        {
            json.WriteStartObject();
            json.WriteString("feature", influence.Feature);
            json.WriteNumber("importance", influence.Share);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteSources(Utf8JsonWriter json, ModelRun run)
    {
        json.WriteStartArray("sources");
        foreach (var source in run.Sources)
        {
            json.WriteStartObject();
            json.WriteString("source", source.Name);
            json.WriteNumber("rows", source.Rows);
            json.WriteNumber("rows_without_time", source.RowsWithoutTime);
            json.WriteNumber("rows_without_key", source.RowsWithoutKey);
            json.WriteNumber("rows_without_partner", source.RowsWithoutPartner);
            WriteInstant(json, "first_time", source.FirstTime);
            WriteInstant(json, "last_time", source.LastTime);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WritePredictions(Utf8JsonWriter json, PredictionSummary predictions)
    {
        json.WriteStartObject("predictions");
        json.WriteNumber("rows", predictions.Rows);
        json.WriteString("file", predictions.File);
        json.WriteStartArray("top");
        foreach (var row in predictions.Top)
        {
            json.WriteStartObject();
            json.WriteStartObject("key");
            for (var i = 0; i < predictions.Columns.Length; i++) json.WriteString(predictions.Columns[i], row.Key[i]);
            json.WriteEndObject();
            WriteInstant(json, "cutoff", row.Cutoff);
            json.WriteNumber("probability", row.Probability);
            json.WriteNumber("percentile", row.Percentile);
            json.WriteNumber("decile", row.Decile);
            json.WriteBoolean("class", row.IsPositive);
            json.WriteBoolean("open", row.IsOpen);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    private static void WriteInstant(Utf8JsonWriter json, string name, DateTime? instant)
    {
        if (instant is { } known) json.WriteString(name, known.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
        else json.WriteNull(name);
    }
}
