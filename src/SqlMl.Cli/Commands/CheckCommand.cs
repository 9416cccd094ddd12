using System.CommandLine;
using SqlMl.Cli.Project;
using SqlMl.Cli.Terminal;
using SqlMl.Local.Reports;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml check`: all findings about a program and the files it reads, without running anything.</summary>
internal sealed class CheckCommand : CliCommand
{
    public override string Name => "check";

    public override string Summary => "Find what is wrong with a project, without running it";

    public override string Example => "sqlml check examples/prospect";

    protected override IEnumerable<Symbol> Symbols =>
        [CommonOptions.Project, CommonOptions.Target, CommonOptions.Source, CommonOptions.Set, CommonOptions.AsOf, CommonOptions.DisablePass];

    protected override Task<int> RunAsync(Invocation invocation)
    {
        var project = Compilation.Load(invocation);
        var program = Compilation.ForReading(invocation, project);
        if (program is { Succeeded: true, Dialect: "duckdb" }) (program, _) = Compilation.ForRunning(invocation, project, simulate: false);
        else invocation.Report(program.Diagnostics);
        if (program.Succeeded)
            invocation.Out.Write($"{project.Name}: {Words.Count(program.Models.Length, "model")}, {Words.Count(program.Diagnostics.Length, "warning")}, no error\n");
        return Task.FromResult(program.Succeeded ? ExitCode.Fine : ExitCode.WrongInput);
    }
}
