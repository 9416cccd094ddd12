using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using SqlMl.Cli.Terminal;
using SqlMl.Compiler;
using SqlMl.Local.Running;
using SqlMl.Local.Schemas;

namespace SqlMl.Cli.Project;

/// <summary>From the common options to a compiled program: load, bind, look schemas up, compile.</summary>
internal static class Compilation
{
    private static readonly string[] InstantFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd' 'HH:mm", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>The project that the command line names, with the output folder that it names.</summary>
    public static LoadedProject Load(Invocation invocation)
    {
        var project = LoadedProject.Load(invocation.Host, invocation.Get(CommonOptions.Project)!);
        return invocation.Get(CommonOptions.Output) is { } folder
            ? project with { Settings = project.Settings with { Output = invocation.Host.FullPath(folder) } }
            : project;
    }

    /// <summary>Compiles for reading: no file of the program is opened, paths stay as they are written.</summary>
    public static CompiledProgram ForReading(Invocation invocation, LoadedProject project)
    {
        var target = TargetOf(invocation, project);
        var bindings = Bindings(invocation, project, target);
        var options = Options(invocation, project, target) with { Bindings = bindings.ToBindings(), Schemas = bindings.KnownSchemas() };
        var program = SqlMlCompiler.Compile(project.Files, options);
        bindings.Check(program.Sources);
        return program;
    }

    /// <summary>Compiles for the program's own tests: in DuckDB, and nothing outside the program is asked.</summary>
    public static CompiledProgram ForTesting(Invocation invocation, LoadedProject project) =>
        SqlMlCompiler.Compile(project.Files, Options(invocation, project, Target.Local));

    /// <summary>Compiles for DuckDB on this machine: files are looked at, and simulated ones are made when <paramref name="simulate"/> says so.</summary>
    /// <exception cref="CliFailure">The program or a file is wrong; all findings are in it.</exception>
    public static (CompiledProgram Program, ImmutableArray<ProgramSource> Sources) ForRunning(Invocation invocation, LoadedProject project, bool simulate)
    {
        var (program, _, sources) = ForDuckDb(invocation, project, simulate);
        return (program, sources);
    }

    /// <summary>As <see cref="ForRunning"/>, with the options that it was compiled with: a proof, and an incremental build, compile the program again.</summary>
    /// <exception cref="CliFailure">The program or a file is wrong; all findings are in it.</exception>
    public static (CompiledProgram Program, CompileOptions Options, ImmutableArray<ProgramSource> Sources) WithOptions(Invocation invocation, LoadedProject project) =>
        ForDuckDb(invocation, project, simulate: true);

    private static (CompiledProgram Program, CompileOptions Options, ImmutableArray<ProgramSource> Sources) ForDuckDb(
        Invocation invocation, LoadedProject project, bool simulate)
    {
        var bindings = Bindings(invocation, project, Target.Local);
        var options = Options(invocation, project, Target.Local) with { Bindings = bindings.ToBindings() };
        var sources = SqlMlCompiler.FindSources(project.Files, options);
        bindings.Check(sources);
        if (simulate) bindings.Simulate(invocation.Cancellation);
        var places = bindings.Absolute(sources);
        sources = [.. sources.Select(source => source with { Binding = places.GetValueOrDefault(source.Name) ?? source.Binding })];
        var schemas = bindings.KnownSchemas();
        var found = SchemaLookup.Read([.. sources.Where(source => !schemas.ContainsKey(source.Name))]);
        foreach (var (source, columns) in found.Schemas) schemas[source] = columns;
        options = options with { Bindings = places, Schemas = schemas };
        var program = SqlMlCompiler.Compile(project.Files, options);
        invocation.Report(program.Diagnostics);
        invocation.Report(found.Diagnostics);
        if (found.Outcome == RunOutcome.WrongEnvironment) throw new CliFailure(ExitCode.Environment, []);
        return program.Succeeded && found.Diagnostics.IsEmpty ? (program, options, sources) : throw new CliFailure(ExitCode.WrongInput, []);
    }

    /// <summary>The exit code of a run's outcome.</summary>
    public static int ExitCodeOf(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Succeeded => ExitCode.Fine,
        RunOutcome.WrongInput => ExitCode.WrongInput,
        RunOutcome.Interrupted => ExitCode.Interrupted,
        _ => ExitCode.Environment,
    };

    /// <summary>What a run needs to know besides the program.</summary>
    public static RunRequest Request(Invocation invocation, LoadedProject project, CompiledProgram program, ImmutableArray<ProgramSource> sources) => new()
    {
        Project = project.Name,
        Program = program,
        Sources = sources,
        OutputFolder = project.OutputFolder,
        Format = ParseFormat(invocation.Get(CommonOptions.Format) ?? "parquet"),
        Threads = invocation.Get(CommonOptions.Threads) is > 0 and var threads
            ? threads
            : throw new CliFailure(ExitCode.Usage, ProjectErrors.Usage("`--threads` is not a number from 1 up", null)),
        MemoryLimit = invocation.Get(CommonOptions.Memory),
        Clock = invocation.Host.Clock,
    };

    /// <summary>The file format of this name.</summary>
    public static TableFormat ParseFormat(string name) => name.ToLowerInvariant() switch
    {
        "parquet" => TableFormat.Parquet,
        "csv" => TableFormat.Csv,
        _ => throw new CliFailure(ExitCode.Usage, ProjectErrors.Usage($"there is no format `{name}`", "the formats are parquet and csv")),
    };

    private static Target TargetOf(Invocation invocation, LoadedProject project)
    {
        if (invocation.Get(CommonOptions.Target) is not { } name) return project.Settings.Target ?? Target.Local;
        return Targets.Parse(name)
            ?? throw new CliFailure(ExitCode.Usage, ProjectErrors.Usage($"there is no target `{name}`", $"the targets are {string.Join(", ", SqlMlCompiler.Dialects)}"));
    }

    private static ProjectBindings Bindings(Invocation invocation, LoadedProject project, Target target) =>
        ProjectBindings.For(project, target, invocation.Get(CommonOptions.Source) ?? [], invocation.Host.FullPath);

    private static CompileOptions Options(Invocation invocation, LoadedProject project, Target target)
    {
        var disabled = invocation.Get(CommonOptions.DisablePass) ?? [];
        return new CompileOptions
        {
            Dialect = Targets.DialectOf(target),
            AsOf = Instant(invocation, CommonOptions.AsOf),
            ScoreSince = Instant(invocation, CommonOptions.Since),
            Params = Params(invocation.Get(CommonOptions.Set) ?? []),
            Imports = project.Imports,
            Optimize = !disabled.Contains("all"),
            DisabledPasses = [.. disabled.Where(name => name != "all")],
            OutputSchema = target == Target.Snowflake ? project.Settings.OutputSchema : [],
        };
    }

    private static Dictionary<string, string> Params(string[] texts)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) throw new CliFailure(ExitCode.Usage, ProjectErrors.Usage($"`--set {text}` is not NAME=VALUE", "such as --set lookback='60 days'"));
            values[text[..equals]] = text[(equals + 1)..];
        }
        return values;
    }

    private static DateTime? Instant(Invocation invocation, Option<string> option)
    {
        if (invocation.Get(option) is not { } text) return null;
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTime.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, style, out var instant)) return instant;
        throw new CliFailure(ExitCode.Usage, ProjectErrors.NotAnInstant(option.Name, text));
    }
}
