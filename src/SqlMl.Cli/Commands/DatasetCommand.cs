using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using SqlMl.Cli.Project;
using SqlMl.Cli.Terminal;
using SqlMl.Compiler;
using SqlMl.Local.Refreshing;
using SqlMl.Local.Running;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml dataset`: a model's training set as a file.</summary>
internal sealed class DatasetCommand : CliCommand
{
    private static readonly Argument<string> Model = new("model")
    {
        Description = "The model, where the project has several",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> File = new("--out", "-o")
    {
        Description = "The file to write: .csv or .parquet",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<bool> Incremental = new("--incremental")
    {
        Description = "Keep the rows in the local database, and compute only those that changed since",
    };

    private static readonly Option<bool> Full = new("--full")
    {
        Description = "With --incremental: compute every row, whatever was kept",
    };

    public override string Name => "dataset";

    public override string Summary => "Write a model's training set to a file";

    public override string Example => "sqlml dataset examples/prospect -o training.csv";

    protected override IEnumerable<Symbol> Symbols =>
    [
        CommonOptions.Project, Model, File, Incremental, Full, CommonOptions.Source, CommonOptions.Set, CommonOptions.AsOf, CommonOptions.Output, CommonOptions.Threads,
        CommonOptions.Memory, CommonOptions.DisablePass,
    ];

    protected override async Task<int> RunAsync(Invocation invocation)
    {
        var file = invocation.Host.FullPath(invocation.Get(File)!);
        var format = Compilation.ParseFormat(Path.GetExtension(file).TrimStart('.'));
        var isIncremental = invocation.Get(Incremental);
        if (invocation.Get(Full) && !isIncremental) throw new CliFailure(ExitCode.Usage, ProjectErrors.Usage("`--full` says something of `--incremental` alone", "without it every row is computed anyway"));
        var project = Compilation.Load(invocation);
        var (program, options, sources) = Compilation.WithOptions(invocation, project);
        var model = Choose(program.Models, invocation.Get(Model));
        var request = Compilation.Request(invocation, project, program, sources) with { Format = format };
        RunResult result;
        RefreshSummary? summary = null;
        using (var progress = ProgressLine.For(invocation))
        {
            if (isIncremental)
            {
                var refresh = new RefreshRequest { Run = request, Files = project.Files, Options = options, IsWhole = invocation.Get(Full) };
                (result, summary) = await LocalRunner.RefreshAsync(refresh, model.Name, file, progress, invocation.Cancellation).ConfigureAwait(false);
            }
            else
            {
                result = await LocalRunner.ExportAsync(request, model, file, progress, invocation.Cancellation).ConfigureAwait(false);
            }
        }
        invocation.Report(result.Diagnostics);
        if (result.Outcome == RunOutcome.Succeeded)
        {
            if (summary is not null) invocation.Out.Write($"{summary.Text}\n");
            invocation.Out.Write($"{invocation.Host.ShortPath(file)}\n");
            invocation.Result = json => Write(json, model, file, summary);
        }
        return Compilation.ExitCodeOf(result.Outcome);
    }

    private static void Write(Utf8JsonWriter json, CompiledModel model, string file, RefreshSummary? summary)
    {
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteString("file", file);
        if (summary is not null)
        {
            json.WriteNumber("rows_kept", summary.Kept);
            json.WriteNumber("rows_built", summary.Built);
            json.WriteStartArray("because");
            foreach (var reason in summary.Reasons) json.WriteStringValue(reason);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static CompiledModel Choose(ImmutableArray<CompiledModel> models, string? name)
    {
        if (models.IsEmpty) throw new CliFailure(ExitCode.WrongInput, ProjectErrors.NoModel());
        if (name is null)
            return models.Length == 1 ? models[0] : throw new CliFailure(ExitCode.Usage, ProjectErrors.SeveralModels(models.Select(model => model.Name)));
        return models.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new CliFailure(ExitCode.Usage, ProjectErrors.UnknownModel(name, [.. models.Select(model => model.Name)]));
    }
}
