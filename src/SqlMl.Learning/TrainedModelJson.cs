using System.Text.Encodings.Web;
using System.Text.Json;

namespace SqlMl.Learning;

/// <summary>
/// The model file: one JSON object with `format`, `version`, `task`, `trainer`, `parameters`, `positive_label`, `training_rows`, `base_rate`,
/// `operating_point`, `features` (the encoder) and `model`, which is XGBoost's document for trees and intercept and terms for logistic regression.
/// One file, so that trees and encoding cannot be mixed up.
/// </summary>
internal static class TrainedModelJson
{
    private const string Format = "sqlml-model";
    private const int Version = 1;
    private const string Task = "binary_classification";

    /// <summary>Names are written as they are, not escaped: the file is data, never part of a page.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream stream, TrainedModel model)
    {
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("task", Task);
        json.WriteString("trainer", model.Trainer.Name);
        model.Parameters.Write(json);
        json.WriteString("positive_label", model.PositiveLabel);
        json.WriteNumber("training_rows", model.TrainingRows);
        json.WriteNumber("base_rate", model.BaseRate);
        json.WriteStartObject("operating_point");
        json.WriteNumber("threshold", model.OperatingPoint.Threshold);
        json.WriteString("rule", model.OperatingPoint.Rule);
        json.WriteEndObject();
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
        var task = file.GetProperty("task").GetString();
        if (task != Task)
            throw new FormatException($"its task is `{task}`, supported is `{Task}`");
        var trainer = TrainerCatalogue.Find(file.GetProperty("trainer").GetString()!);
        var encoder = FeatureEncoderJson.Read(file);
        var point = file.GetProperty("operating_point");
        return new TrainedModel(
            trainer.Definition,
            TrainerParameters.Read(file, trainer.Definition),
            encoder,
            trainer.Read(file.GetProperty("model"), encoder))
        {
            PositiveLabel = file.GetProperty("positive_label").GetString()!,
            TrainingRows = file.GetProperty("training_rows").GetInt32(),
            BaseRate = file.GetProperty("base_rate").GetDouble(),
            OperatingPoint = new OperatingPoint(point.GetProperty("threshold").GetDouble(), point.GetProperty("rule").GetString()!),
        };
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
        return new TrainedModel(definition, TrainerParameters.Resolve(definition, []), encoder, trees);
    });

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
