using System.CommandLine;
using System.Text.Json;
using SqlMl.Cli.Project;
using SqlMl.Cli.Terminal;
using SqlMl.Local.Reports;
using SqlMl.Local.Running;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml run`: compile, train, evaluate, score, report, all on this machine.</summary>
internal sealed class RunCommand : CliCommand
{
    public override string Name => "run";

    public override string Summary => "Train, evaluate and score every model of a project on this machine";

    public override string Example => "sqlml run examples/prospect";

    protected override IEnumerable<Symbol> Symbols =>
    [
        CommonOptions.Project, CommonOptions.Source, CommonOptions.Set, CommonOptions.AsOf, CommonOptions.Since, CommonOptions.Output, CommonOptions.Format,
        CommonOptions.Threads, CommonOptions.Memory, CommonOptions.DisablePass,
    ];

    protected override Task<int> RunAsync(Invocation invocation) => RunModelsAsync(invocation, LocalRunner.RunAsync);

    /// <summary>Compiles the project, lets <paramref name="run"/> do its models, and shows what came out; `sqlml score` is the same with another runner.</summary>
    public static async Task<int> RunModelsAsync(Invocation invocation, Func<RunRequest, IRunProgress?, CancellationToken, Task<RunResult>> run)
    {
        var project = Compilation.Load(invocation);
        var (program, sources) = Compilation.ForRunning(invocation, project, simulate: true);
        if (program.Models.IsEmpty) throw new CliFailure(ExitCode.WrongInput, ProjectErrors.NoModel());
        var request = Compilation.Request(invocation, project, program, sources);
        RunResult result;
        using (var progress = ProgressLine.For(invocation))
            result = await run(request, progress, invocation.Cancellation).ConfigureAwait(false);
        invocation.Report(result.Diagnostics);
        if (result.Outcome == RunOutcome.Succeeded)
        {
            RunSummary.Print(invocation, result);
            invocation.Result = json => Write(json, result);
        }
        return Compilation.ExitCodeOf(result.Outcome);
    }

    private static void Write(Utf8JsonWriter json, RunResult result)
    {
        json.WriteStartObject();
        json.WriteString("folder", result.Folder);
        json.WriteString("report", Path.Combine(result.Folder!, "report.html"));
        json.WritePropertyName("models");
        MetricsJson.Write(json, result.Models);
        json.WriteEndObject();
    }
}
