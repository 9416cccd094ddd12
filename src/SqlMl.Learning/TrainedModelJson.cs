using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>
/// The model file: one JSON object with `format`, `version`, `task`, `trainer`, `parameters`, `training_rows`, `features` (the encoder) and `model`,
/// which is XGBoost's document for trees and intercept and terms, an array of them for several classes, for linear models; beside them for truth values
/// `positive_label`, `base_rate`, `operating_point` and `calibration`, for numbers `label_mean`, for several classes `classes` and `class_shares`.
/// One file, so that trees and encoding cannot be mixed up.
/// </summary>
internal static class TrainedModelJson
{
    private const string Format = "sqlml-model";
    private const int Version = 1;

    /// <summary>Names are written as they are, not escaped: the file is data, never part of a page.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream stream, TrainedModel model)
    {
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("task", NameOf(model.Task));
        json.WriteString("trainer", model.Trainer.Name);
        model.Parameters.Write(json);
        json.WriteNumber("training_rows", model.TrainingRows);
        WriteLabels(json, model);
        FeatureEncoderJson.Write(json, model.Encoder);
        json.WritePropertyName("model");
        model.Predictor.Write(json);
        json.WriteEndObject();
    }

    public static TrainedModel Read(Stream stream) => Reading(stream, file =>
    {
        if (file.ValueKind != JsonValueKind.Object || !file.TryGetProperty("format", out var format) || format.GetString() != Format)
            throw new FormatException("it is not a model file");
        var version = file.GetProperty("version").GetInt32();
        if (version != Version)
            throw new FormatException($"it has version {version} of the format, supported is {Version}");
        var task = TaskOf(file.GetProperty("task").GetString());
        var trainer = TrainerCatalogue.Find(file.GetProperty("trainer").GetString()!);
        var encoder = FeatureEncoderJson.Read(file);
        ImmutableArray<string> classes = task == LearningTask.MultiClassClassification
            ? [.. file.GetProperty("classes").EnumerateArray().Select(name => name.GetString()!)]
            : [];
        var model = new TrainedModel(
            trainer.Definition,
            TrainerParameters.Read(file, trainer.Definition),
            encoder,
            trainer.Read(file.GetProperty("model"), encoder, task, classes.Length))
        {
            Task = task,
            TrainingRows = file.GetProperty("training_rows").GetInt32(),
            Classes = classes,
        };
        return ReadLabels(file, model);
    });

    public static TrainedModel ReadXgBoost(Stream stream) => Reading(stream, file =>
    {
        var trees = XgBoostJson.Read(file);
        var names = trees.FeatureNames.IsEmpty
            ? [.. Enumerable.Range(0, trees.FeatureCount).Select(column => $"f{column}")]
            : trees.FeatureNames;
        if (names.Length != trees.FeatureCount || names.Distinct(StringComparer.Ordinal).Count() != names.Length)
            throw new FormatException($"it names {names.Length} features for {trees.FeatureCount} columns, or one twice");
        var definition = TrainerCatalogue.Find("xgboost").Definition;
        var encoder = new FeatureEncoder([.. names.Select(name => new NumericEncoding(name, IsBoolean: false))], []);
        return new TrainedModel(definition, TrainerParameters.Resolve(definition, []), encoder, trees)
        {
            Task = trees.Task,
            Classes = trees.Task == LearningTask.MultiClassClassification ? [.. Enumerable.Range(0, trees.Groups).Select(group => $"{group}")] : [],
        };
    });

    private static void WriteLabels(Utf8JsonWriter json, TrainedModel model)
    {
        switch (model.Task)
        {
            case LearningTask.BinaryClassification:
                json.WriteString("positive_label", model.PositiveLabel);
                json.WriteNumber("base_rate", model.LabelMean);
                json.WriteStartObject("operating_point");
                json.WriteNumber("threshold", model.OperatingPoint.Threshold);
                json.WriteString("rule", model.OperatingPoint.Rule);
                json.WriteEndObject();
                CalibratorJson.Write(json, model.Calibrator);
                break;
            case LearningTask.Regression:
                json.WriteNumber("label_mean", model.LabelMean);
                break;
            default:
                json.WriteStartArray("classes");
                foreach (var name in model.Classes)
                    json.WriteStringValue(name);
                json.WriteEndArray();
                json.WriteStartArray("class_shares");
                foreach (var share in model.ClassShares)
                    json.WriteNumberValue(share);
                json.WriteEndArray();
                break;
        }
    }

    private static TrainedModel ReadLabels(JsonElement file, TrainedModel model)
    {
        switch (model.Task)
        {
            case LearningTask.BinaryClassification:
                var point = file.GetProperty("operating_point");
                return model with
                {
                    PositiveLabel = file.GetProperty("positive_label").GetString()!,
                    LabelMean = file.GetProperty("base_rate").GetDouble(),
                    OperatingPoint = new OperatingPoint(point.GetProperty("threshold").GetDouble(), point.GetProperty("rule").GetString()!),
                    Calibrator = CalibratorJson.Read(file),
                };
            case LearningTask.Regression:
                return model with { LabelMean = file.GetProperty("label_mean").GetDouble() };
            default:
                return model with { ClassShares = [.. file.GetProperty("class_shares").EnumerateArray().Select(share => share.GetDouble())] };
        }
    }

    private static string NameOf(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => "binary_classification",
        LearningTask.Regression => "regression",
        _ => "multi_class_classification",
    };

    private static LearningTask TaskOf(string? name)
    {
        foreach (var task in Enum.GetValues<LearningTask>())
        {
            if (NameOf(task) == name)
                return task;
        }

        throw new FormatException($"its task is `{name}`, supported are {string.Join(", ", Enum.GetValues<LearningTask>().Select(task => $"`{NameOf(task)}`"))}");
    }

    /// <summary>Parses and reads; whatever a damaged document can raise becomes one failure that names the reason.</summary>
    private static TrainedModel Reading(Stream stream, Func<JsonElement, TrainedModel> read)
    {
        try
        {
            using var document = JsonDocument.Parse(stream);
            return read(document.RootElement);
        }
        catch (Exception cause) when (cause is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or OverflowException or LearningException or ArgumentException)
        {
            throw new LearningException(LearningFailure.ModelFormat, $"the model file cannot be read: {cause.Message}", "train the model again, or restore the file", cause);
        }
    }
}
