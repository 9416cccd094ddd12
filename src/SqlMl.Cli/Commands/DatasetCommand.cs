using System.Collections.Immutable;
using System.CommandLine;
using SqlMl.Cli.Project;
using SqlMl.Cli.Terminal;
using SqlMl.Compiler;
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

    public override string Name => "dataset";

    public override string Summary => "Write a model's training set to a file";

    public override string Example => "sqlml dataset examples/prospect -o training.csv";

    protected override IEnumerable<Symbol> Symbols =>
    [
        CommonOptions.Project, Model, File, CommonOptions.Source, CommonOptions.Set, CommonOptions.AsOf, CommonOptions.Output, CommonOptions.Threads,
        CommonOptions.Memory, CommonOptions.DisablePass,
    ];

    protected override async Task<int> RunAsync(Invocation invocation)
    {
        var file = invocation.Host.FullPath(invocation.Get(File)!);
        var format = Compilation.ParseFormat(Path.GetExtension(file).TrimStart('.'));
        var project = Compilation.Load(invocation);
        var (program, sources) = Compilation.ForRunning(invocation, project, simulate: true);
        var model = Choose(program.Models, invocation.Get(Model));
        var request = Compilation.Request(invocation, project, program, sources) with { Format = format };
        RunResult result;
        using (var progress = ProgressLine.For(invocation))
            result = await LocalRunner.ExportAsync(request, model, file, progress, invocation.Cancellation).ConfigureAwait(false);
        invocation.Report(result.Diagnostics);
        if (result.Outcome == RunOutcome.Succeeded)
        {
            invocation.Out.Write($"{invocation.Host.ShortPath(file)}\n");
            invocation.Result = json =>
            {
                json.WriteStartObject();
                json.WriteString("model", model.Name);
                json.WriteString("file", file);
                json.WriteEndObject();
            };
        }
        return Compilation.ExitCodeOf(result.Outcome);
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
