using System.CommandLine;
using SqlMl.Cli.Simulators;
using SqlMl.Cli.Terminal;
using SqlMl.Language.Text;
using SqlMl.Local.Simulation;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml simulate`: made-up events whose true probabilities are known.</summary>
internal sealed class SimulateCommand : CliCommand
{
    private static readonly Argument<string> Simulator = new("simulator") { Description = "web_sessions: visitors of a website, some of whom submit a form" };

    private static readonly Option<int> Events = new("--events")
    {
        Description = "How many events",
        HelpName = "COUNT",
        DefaultValueFactory = _ => SimulatorList.DefaultEvents,
    };

    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "What chance starts from: equal seeds give equal bytes",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => SimulatorList.DefaultSeed,
    };

    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The CSV file to write, instead of standard output",
        HelpName = "FILE",
    };

    private static readonly Option<string> Truth = new("--truth")
    {
        Description = "Another CSV file for each event's true probability of a form within the hour",
        HelpName = "FILE",
    };

    public override string Name => "simulate";

    public override string Summary => "Make up events to try a program on";

    public override string Example => "sqlml simulate web_sessions --events 5000 --seed 42 -o events.csv";

    protected override IEnumerable<Symbol> Symbols => [Simulator, Events, Seed, Out, Truth];

    protected override Task<int> RunAsync(Invocation invocation)
    {
        var name = invocation.Get(Simulator)!;
        if (!SimulatorList.Names.Contains(name))
            throw new CliFailure(ExitCode.Usage, ProjectErrors.UnknownSimulator(name, SimulatorList.Names, SourceSpan.None));
        if (invocation.Get(Events) < 1) throw new CliFailure(ExitCode.Usage, ProjectErrors.Usage("`--events` is not a number from 1 up", null));
        var events = SimulatorList.WebSessions(invocation.Get(Events), invocation.Get(Seed), invocation.Cancellation);
        if (invocation.Get(Out) is { } file)
            OutputFile.Write(invocation.Host, invocation.Host.FullPath(file), writer => WebEventCsv.WriteEvents(events, writer));
        else
            WebEventCsv.WriteEvents(events, invocation.Out);
        if (invocation.Get(Truth) is { } truth)
            OutputFile.Write(invocation.Host, invocation.Host.FullPath(truth), writer => WebEventCsv.WriteTruth(events, writer));
        invocation.Result = json =>
        {
            json.WriteStartObject();
            json.WriteNumber("events", events.Count);
            json.WriteEndObject();
        };
        return Task.FromResult(ExitCode.Fine);
    }
}
