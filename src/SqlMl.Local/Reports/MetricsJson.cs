using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using SqlMl.Language.Trainers;
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
        json.WriteString("task", TaskName(run.Model.Task));
        json.WriteString("label", run.Model.LabelText);
        json.WriteString("horizon", run.Model.HorizonText);
        if (run.Model.GivenText is { } given) json.WriteString("given", given);
        json.WriteBoolean("deployable_as_measured", run.Model.GivenText is null);
        WriteInstant(json, "as_of", run.AsOf);
        if (run.Operating is { } operating) json.WriteNumber("threshold", operating.Threshold);
        if (run.Calibration is { } calibration) WriteCalibration(json, calibration);
        if (run.Evaluation is { } test) EvaluationJson.Write(json, test);
        WriteParts(json, run);
        WriteSources(json, run);
        json.WriteStartArray("cautions");
        foreach (var caution in run.Cautions) json.WriteStringValue(caution);
        json.WriteEndArray();
        WritePredictions(json, run.Predictions, run.Model.Task);
        json.WriteEndObject();
    }

    private static void WriteCalibration(Utf8JsonWriter json, CalibrationSummary calibration)
    {
        json.WriteStartObject("calibration");
        json.WriteString("method", calibration.Method);
        json.WriteStartArray("tried");
        foreach (var trial in calibration.Trials)
        {
            json.WriteStartObject();
            json.WriteString("method", trial.Name);
            WriteNumber(json, "log_loss", trial.LogLoss);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string TaskName(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => "binary_classification",
        LearningTask.Regression => "regression",
        _ => "multi_class_classification",
    };

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
            WriteLabels(json, part.Labels);
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

    private static void WriteLabels(Utf8JsonWriter json, LabelSummary labels)
    {
        switch (labels)
        {
            case BooleanSummary booleans:
                json.WriteNumber("positives", booleans.Positives);
                break;
            case NumberSummary numbers:
                WriteNumber(json, "mean", numbers.Mean);
                WriteNumber(json, "minimum", numbers.Minimum);
                WriteNumber(json, "maximum", numbers.Maximum);
                break;
            case ClassSummary classes:
                json.WriteStartArray("classes");
                foreach (var count in classes.Classes)
                {
                    json.WriteStartObject();
                    json.WriteString("class", count.Class);
                    json.WriteNumber("rows", count.Rows);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                break;
        }
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

    private static void WritePredictions(Utf8JsonWriter json, PredictionSummary predictions, LearningTask task)
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
            json.WriteNumber(task == LearningTask.Regression ? "value" : "probability", row.Score);
            if (row.Percentile is { } percentile) json.WriteNumber("percentile", percentile);
            if (row.Decile is { } decile) json.WriteNumber("decile", decile);
            if (row.IsPositive is { } positive) json.WriteBoolean("class", positive);
            if (row.Class is { } name) json.WriteString("class", name);
            json.WriteBoolean("open", row.IsOpen);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A number, or null where it is not defined.</summary>
    internal static void WriteNumber(Utf8JsonWriter json, string name, double value)
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
