using System.Collections.Immutable;
using System.Text.Json;

namespace SqlMl.Learning;

/// <summary>The member `calibration` of a model file: `method`, and for `platt` `slope` and `offset`, for `isotonic` `margins` and `probabilities`.</summary>
internal static class CalibratorJson
{
    private const string Member = "calibration";

    public static void Write(Utf8JsonWriter json, Calibrator calibrator)
    {
        json.WriteStartObject(Member);
        json.WriteString("method", calibrator.Name);
        switch (calibrator)
        {
            case PlattCalibrator platt:
                json.WriteNumber("slope", platt.Slope);
                json.WriteNumber("offset", platt.Offset);
                break;
            case IsotonicCalibrator isotonic:
                WriteNumbers(json, "margins", isotonic.Margins);
                WriteNumbers(json, "probabilities", isotonic.Probabilities);
                break;
        }
        json.WriteEndObject();
    }

    /// <summary>A file without the member is older than calibration, and has none.</summary>
    public static Calibrator Read(JsonElement file)
    {
        if (!file.TryGetProperty(Member, out var written)) return Calibrator.None;
        switch (written.GetProperty("method").GetString())
        {
            case "none":
                return Calibrator.None;
            case "platt":
                return new PlattCalibrator(written.GetProperty("slope").GetDouble(), written.GetProperty("offset").GetDouble());
            case "isotonic":
                var (margins, probabilities) = (Numbers(written, "margins"), Numbers(written, "probabilities"));
                return !margins.IsEmpty && margins.Length == probabilities.Length && IsRising(margins)
                    ? new IsotonicCalibrator(margins, probabilities)
                    : throw new FormatException("its calibration is no curve");
            case var other:
                throw new FormatException($"its calibration is `{other}`, supported are `none`, `platt` and `isotonic`");
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ImmutableArray<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static ImmutableArray<double> Numbers(JsonElement written, string name) => [.. written.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    private static bool IsRising(ImmutableArray<double> numbers) => !numbers.Skip(1).Where((number, i) => number <= numbers[i]).Any();
}
