using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Cli.Simulators;
using SqlMl.Compiler;
using SqlMl.Language.Text;
using SqlMl.Local.Running;

namespace SqlMl.Cli.Project;

/// <summary>Where the sources of one compilation lie: the settings of the target, overruled by `--source`.</summary>
internal sealed class ProjectBindings
{
    private readonly LoadedProject _project;
    private readonly Dictionary<string, SourceSetting> _settings = new(StringComparer.OrdinalIgnoreCase);

    private ProjectBindings(LoadedProject project) => _project = project;

    /// <summary>The bindings for a target; `--source` values are `name=path` with the path relative to the working directory, or `name=table:a.b.c`.</summary>
    public static ProjectBindings For(LoadedProject project, Target target, IEnumerable<string> options, Func<string, string> fullPath)
    {
        var bindings = new ProjectBindings(project);
        foreach (var setting in project.Settings.Sources.Where(setting => setting.Target == target)) bindings._settings[setting.Source] = setting;
        foreach (var option in options)
        {
            var cut = option.IndexOf('=', StringComparison.Ordinal);
            if (cut <= 0 || cut == option.Length - 1)
                throw new CliFailure(ExitCode.Usage, ProjectErrors.Usage($"`--source {option}` does not say a name and a place", "write --source NAME=FILE, or --source NAME=table:DATABASE.SCHEMA.TABLE"));
            var (name, place) = (option[..cut], option[(cut + 1)..]);
            var isTable = place.StartsWith("table:", StringComparison.Ordinal);
            SourceBinding binding = isTable ? new TableBinding([.. place["table:".Length..].Split('.')]) : new FileBinding(fullPath(place));
            bindings._settings[name] = new SourceSetting(name, target, binding, null, SourceSpan.None);
        }
        return bindings;
    }

    /// <summary>The bindings as the compiler takes them; simulated rows are files of the output folder.</summary>
    public Dictionary<string, SourceBinding> ToBindings()
    {
        var bindings = new Dictionary<string, SourceBinding>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in _settings.Values) bindings.Add(setting.Source, BindingOf(setting));
        return bindings;
    }

    /// <summary>The columns that are known without reading anything.</summary>
    public Dictionary<string, ImmutableArray<SchemaColumn>> KnownSchemas()
    {
        var schemas = new Dictionary<string, ImmutableArray<SchemaColumn>>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in _settings.Values)
        {
            if (setting.Simulation is { } simulation) schemas.Add(setting.Source, SimulatorList.Get(simulation.Simulator).Columns);
        }
        return schemas;
    }

    /// <summary>Every binding must name a source of the program.</summary>
    public void Check(ImmutableArray<ProgramSource> sources)
    {
        if (_settings.Count == 0) return;
        var known = sources.Select(source => source.Name).ToList();
        var wrong = _settings.Values
            .Where(setting => !known.Contains(setting.Source, StringComparer.OrdinalIgnoreCase))
            .Select(setting => ProjectErrors.UnknownSource(setting.Source, known, setting.Span))
            .ToImmutableArray();
        if (!wrong.IsEmpty) throw new CliFailure(ExitCode.WrongInput, wrong);
    }

    /// <summary>Files of the program and of the settings, made absolute from the project's folder, so that a run reads the same ones wherever it is started.</summary>
    public Dictionary<string, SourceBinding> Absolute(ImmutableArray<ProgramSource> sources)
    {
        var bindings = ToBindings();
        foreach (var source in sources)
        {
            if (source.Binding is FileBinding { Path: var path } && !path.Contains("://", StringComparison.Ordinal))
                bindings[source.Name] = new FileBinding(Path.GetFullPath(path, _project.Folder));
        }
        return bindings;
    }

    /// <summary>Makes the simulated files that are not there yet.</summary>
    public void Simulate(CancellationToken cancellation)
    {
        foreach (var setting in _settings.Values)
        {
            if (setting.Simulation is not { } simulation || File.Exists(SimulatedFile(setting))) continue;
            AtomicFile.WriteText(SimulatedFile(setting), writer => SimulatorList.Get(simulation.Simulator).Write(simulation.Events, simulation.Seed, writer, cancellation));
        }
    }

    // Relative like every path of a project: compiled SQL does not depend on where the project lies.
    private SourceBinding BindingOf(SourceSetting setting) =>
        setting.Binding ?? new FileBinding(Path.GetRelativePath(_project.Folder, SimulatedFile(setting)).Replace('\\', '/'));

    // The name holds all that the content depends on, so that another seed or size never meets an old file.
    private string SimulatedFile(SourceSetting setting) => Path.Combine(
        _project.OutputFolder, "data",
        string.Create(CultureInfo.InvariantCulture, $"{setting.Source}.{setting.Simulation!.Simulator}-{setting.Simulation.Events}-{setting.Simulation.Seed}.csv"));
}
