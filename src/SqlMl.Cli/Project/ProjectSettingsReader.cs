using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Cli.Simulators;
using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SqlMl.Cli.Project;

/// <summary>Reads `sqlml.yaml` node by node, without reflection; every wrong key or value is a finding with its place, and all are reported at once.</summary>
internal sealed class ProjectSettingsReader
{
    private static readonly string[] RootKeys = ["name", "target", "output", "snowflake", "sources"];
    private static readonly string[] SnowflakeKeys = ["warehouse", "database", "schema"];
    private static readonly string[] BindingKeys = ["file", "table", "simulate", "seed", "events"];

    private readonly SourceText _text;
    private readonly ImmutableArray<Diagnostic>.Builder _findings = ImmutableArray.CreateBuilder<Diagnostic>();

    private ProjectSettingsReader(SourceText text) => _text = text;

    /// <summary>The settings, and what is wrong with them; an empty file is no settings.</summary>
    public static (ProjectSettings Settings, ImmutableArray<Diagnostic> Findings) Read(SourceText text)
    {
        var reader = new ProjectSettingsReader(text);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text.Text));
            var settings = stream.Documents.Count == 0 ? ProjectSettings.None : reader.Root(stream.Documents[0].RootNode);
            return (settings, reader._findings.ToImmutable());
        }
        catch (YamlException failure)
        {
            return (ProjectSettings.None, [ProjectErrors.NotYaml(reader.Span(failure.Start, failure.End), failure.InnerException?.Message ?? failure.Message)]);
        }
    }

    private ProjectSettings Root(YamlNode node)
    {
        var settings = new ProjectSettings();
        foreach (var (key, value) in Members(node, "sqlml.yaml", RootKeys))
        {
            settings = key switch
            {
                "name" => settings with { Name = Text(key, value) },
                "target" => settings with { Target = TargetOf(key, value) },
                "output" => settings with { Output = Text(key, value) },
                "snowflake" => Snowflake(settings, value),
                _ => settings with { Sources = Sources(value) },
            };
        }
        return settings;
    }

    private ProjectSettings Snowflake(ProjectSettings settings, YamlNode node)
    {
        var members = Members(node, "snowflake", SnowflakeKeys).ToDictionary(member => member.Key, member => Text(member.Key, member.Value), StringComparer.Ordinal);
        return settings with
        {
            Warehouse = members.GetValueOrDefault("warehouse"),
            OutputSchema = [.. new[] { members.GetValueOrDefault("database"), members.GetValueOrDefault("schema") }.OfType<string>()],
        };
    }

    private ImmutableArray<SourceSetting> Sources(YamlNode node)
    {
        var settings = ImmutableArray.CreateBuilder<SourceSetting>();
        foreach (var (source, targets) in Members(node, "sources", known: null))
        {
            foreach (var (target, binding) in Members(targets, source, [.. Targets.Names]))
            {
                if (Binding(source, Targets.Parse(target)!.Value, binding) is { } setting) settings.Add(setting);
            }
        }
        return settings.ToImmutable();
    }

    private SourceSetting? Binding(string source, Target target, YamlNode node)
    {
        var members = Members(node, source, BindingKeys).ToDictionary(member => member.Key, member => member.Value, StringComparer.Ordinal);
        if (members.Keys.Count(key => key is "file" or "table" or "simulate") != 1)
        {
            _findings.Add(ProjectErrors.WrongValue(source, "one of `file: PATH`, `table: NAME` and `simulate: NAME`", Span(node)));
            return null;
        }
        var span = Span(node);
        if (members.TryGetValue("file", out var file)) return new SourceSetting(source, target, new FileBinding(Text("file", file) ?? ""), null, span);
        if (members.TryGetValue("table", out var table)) return new SourceSetting(source, target, new TableBinding([.. (Text("table", table) ?? "").Split('.')]), null, span);
        var simulator = Text("simulate", members["simulate"]) ?? "";
        if (!SimulatorList.Names.Contains(simulator)) _findings.Add(ProjectErrors.UnknownSimulator(simulator, SimulatorList.Names, Span(members["simulate"])));
        var seed = Whole(members, "seed", SimulatorList.DefaultSeed, 0, long.MaxValue);
        var events = Whole(members, "events", SimulatorList.DefaultEvents, 1, int.MaxValue);
        return new SourceSetting(source, target, null, new SimulationSetting(simulator, seed, (int)events), span);
    }

    /// <summary>The members of a mapping in their order; keys outside <paramref name="known"/> and repeated ones are reported and left out.</summary>
    private IEnumerable<(string Key, YamlNode Value)> Members(YamlNode node, string owner, IReadOnlyCollection<string>? known)
    {
        if (node is YamlScalarNode { Value: null or "" }) return [];
        if (node is not YamlMappingNode mapping)
        {
            _findings.Add(ProjectErrors.WrongValue(owner, "a mapping", Span(node)));
            return [];
        }
        var members = new List<(string, YamlNode)>();
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (known is null || known.Contains(name)) members.Add((name, value));
            else _findings.Add(ProjectErrors.UnknownKey(name, known, Span(key)));
        }
        return members;
    }

    private string? Text(string key, YamlNode node)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text }) return text;
        _findings.Add(ProjectErrors.WrongValue(key, "a text", Span(node)));
        return null;
    }

    private Target? TargetOf(string key, YamlNode node)
    {
        if (Targets.Parse((node as YamlScalarNode)?.Value ?? "") is { } target) return target;
        _findings.Add(ProjectErrors.WrongValue(key, "`local` or `snowflake`", Span(node)));
        return null;
    }

    private long Whole(Dictionary<string, YamlNode> members, string key, long otherwise, long least, long most)
    {
        if (!members.TryGetValue(key, out var node)) return otherwise;
        if (long.TryParse((node as YamlScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        _findings.Add(ProjectErrors.WrongValue(key, $"a whole number from {least}", Span(node)));
        return otherwise;
    }

    private SourceSpan Span(YamlNode node) => Span(node.Start, node.End);

    private SourceSpan Span(Mark start, Mark end)
    {
        var first = (int)Math.Clamp(start.Index, 0, _text.Text.Length);
        var last = (int)Math.Clamp(end.Index, first, _text.Text.Length);
        return new SourceSpan(_text, first, last - first);
    }
}
