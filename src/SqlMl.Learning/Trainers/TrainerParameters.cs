using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace SqlMl.Learning;

/// <summary>A value for every parameter of one trainer: the given ones, checked, and the defaults of the others.</summary>
public sealed class TrainerParameters
{
    private readonly TrainerDefinition _definition;
    private readonly ImmutableDictionary<string, string> _values;

    private TrainerParameters(TrainerDefinition definition, ImmutableDictionary<string, string> values)
    {
        _definition = definition;
        _values = values;
    }

    /// <summary>The values as text, by canonical name, in the definition's order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Values =>
        _definition.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, _values[parameter.Name]));

    /// <summary>Checks the given names and values (numbers in the invariant culture) against the definition.</summary>
    /// <exception cref="LearningException">An unknown name, one given twice, or a value outside its range; the help lists what is valid.</exception>
    public static TrainerParameters Resolve(TrainerDefinition definition, IEnumerable<KeyValuePair<string, string>> given)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            var parameter = definition.Find(name)
                ?? throw new LearningException(
                    LearningFailure.UnknownParameter,
                    $"`{definition.Name}` has no parameter `{name}`",
                    $"its parameters are {string.Join(", ", definition.Parameters.Select(known => $"`{known.Name}`"))}");
            if (!parameter.Accepts(value))
            {
                throw new LearningException(
                    LearningFailure.ParameterOutOfRange,
                    $"`{name}` of `{definition.Name}` cannot be {value}",
                    $"`{name}` takes {parameter.Allowed}");
            }

            if (!values.TryAdd(parameter.Name, value))
            {
                throw new LearningException(
                    LearningFailure.ParameterGivenTwice,
                    $"`{parameter.Name}` of `{definition.Name}` is set twice",
                    parameter.Aliases.IsEmpty ? null : $"{string.Join(", ", parameter.Aliases.Select(alias => $"`{alias}`"))} and `{parameter.Name}` are one parameter");
            }
        }

        foreach (var parameter in definition.Parameters)
            values.TryAdd(parameter.Name, parameter.Default);
        return new TrainerParameters(definition, values.ToImmutable());
    }

    internal double Number(string name) => double.Parse(_values[name], NumberStyles.Float, CultureInfo.InvariantCulture);

    internal int Whole(string name) => (int)Number(name);

    internal string Word(string name) => _values[name];

    internal TrainerParameters With(string name, string value) => new(_definition, _values.SetItem(name, value));

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("parameters");
        foreach (var parameter in _definition.Parameters.Where(parameter => parameter.ShapesModel))
        {
            if (parameter.Words.IsEmpty)
                json.WriteNumber(parameter.Name, Number(parameter.Name));
            else
                json.WriteString(parameter.Name, Word(parameter.Name));
        }

        json.WriteEndObject();
    }

    internal static TrainerParameters Read(JsonElement model, TrainerDefinition definition) =>
        Resolve(
            definition,
            model.GetProperty("parameters").EnumerateObject().Select(parameter => KeyValuePair.Create(
                parameter.Name,
                parameter.Value.ValueKind == JsonValueKind.String ? parameter.Value.GetString()! : parameter.Value.GetRawText())));
}
