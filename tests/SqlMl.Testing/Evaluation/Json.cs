using System.Collections.Immutable;
using System.Text.Json;

namespace SqlMl.Testing.Evaluation;

/// <summary>Finds what lies at a path in a text that holds JSON.</summary>
internal static class Json
{
    /// <summary>The value there as text; null where nothing lies, or a JSON null. A step that does not fit leads nowhere.</summary>
    public static string? Find(string? text, ImmutableArray<object> steps)
    {
        if (text is null) return null;
        using var document = JsonDocument.Parse(text);
        JsonElement? found = document.RootElement;
        foreach (var step in steps) found = found is { } here ? Next(here, step) : null;
        return found switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.String } value => value.GetString(),
            { } value => value.GetRawText(),
        };
    }

    private static JsonElement? Next(JsonElement here, object step) => (here.ValueKind, step) switch
    {
        (JsonValueKind.Object, string field) => here.TryGetProperty(field, out var value) ? value : null,
        (JsonValueKind.Array, int index) => index < here.GetArrayLength() ? here[index] : null,
        _ => null,
    };
}
