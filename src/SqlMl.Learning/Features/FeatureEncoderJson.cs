using System.Collections.Immutable;
using System.Text.Json;

namespace SqlMl.Learning;

/// <summary>The encoder inside a model file: an array of features, each with its kind and levels, and those that never varied.</summary>
internal static class FeatureEncoderJson
{
    public static void Write(Utf8JsonWriter json, FeatureEncoder encoder)
    {
        json.WriteStartArray("features");
        foreach (var feature in encoder.Features)
        {
            json.WriteStartObject();
            json.WriteString("name", feature.Name);
            json.WriteString("kind", FeatureEncoder.KindOf(feature));
            if (feature is CategoryEncoding category)
                WriteLevels(json, category.Levels);
            else if (feature is SetEncoding set)
                WriteLevels(json, set.Levels);
            if (encoder.Unused.FirstOrDefault(unused => unused.Name == feature.Name) is { } unused)
                json.WriteString("unused", unused.AllMissing ? "all missing" : "constant");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static FeatureEncoder Read(JsonElement model)
    {
        var features = ImmutableArray.CreateBuilder<FeatureEncoding>();
        var unused = ImmutableArray.CreateBuilder<UnusedFeature>();
        foreach (var feature in model.GetProperty("features").EnumerateArray())
        {
            var name = feature.GetProperty("name").GetString()!;
            features.Add(feature.GetProperty("kind").GetString() switch
            {
                "number" => new NumericEncoding(name, IsBoolean: false),
                "boolean" => new NumericEncoding(name, IsBoolean: true),
                "category" => new CategoryEncoding(name, ReadLevels(feature)),
                "set" => new SetEncoding(name, ReadLevels(feature)),
                var kind => throw new FormatException($"`{kind}` is not a kind of feature"),
            });
            if (feature.TryGetProperty("unused", out var reason))
                unused.Add(new UnusedFeature(name, reason.GetString() == "all missing"));
        }

        return new FeatureEncoder(features.ToImmutable(), unused.ToImmutable());
    }

    private static void WriteLevels(Utf8JsonWriter json, ImmutableArray<string> levels)
    {
        json.WriteStartArray("levels");
        foreach (var level in levels)
            json.WriteStringValue(level);
        json.WriteEndArray();
    }

    private static ImmutableArray<string> ReadLevels(JsonElement feature) =>
        [.. feature.GetProperty("levels").EnumerateArray().Select(level => level.GetString()!)];
}
