using System.CommandLine;
using SqlMl.Cli.Terminal;
using SqlMl.Local.Running;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml score`: predictions of the stored models on the rows as they are now.</summary>
internal sealed class ScoreCommand : CliCommand
{
    public override string Name => "score";

    public override string Summary => "Score with the models that the latest run stored";

    public override string Example => "sqlml score examples/prospect --format csv";

    protected override IEnumerable<Symbol> Symbols =>
    [
        CommonOptions.Project, CommonOptions.Source, CommonOptions.Set, CommonOptions.AsOf, CommonOptions.Since, CommonOptions.Output, CommonOptions.Format,
        CommonOptions.Threads, CommonOptions.Memory, CommonOptions.DisablePass,
    ];

    protected override Task<int> RunAsync(Invocation invocation) => RunCommand.RunModelsAsync(invocation, LocalRunner.ScoreAsync);
}
