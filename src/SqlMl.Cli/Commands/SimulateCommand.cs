using System.CommandLine;
using SqlMl.Cli.Simulators;
using SqlMl.Cli.Terminal;
using SqlMl.Language.Text;
using SqlMl.Local.Simulation;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml simulate`: made-up tables whose mechanism is known, and for web sessions the true probabilities, too.</summary>
internal sealed class SimulateCommand : CliCommand
{
    private static readonly Argument<string> Simulator = new("simulator")
    {
        Description = string.Join('\n', SimulatedTables.All.Select(table => $"{table.Name}: {table.Summary}")),
    };

    private static readonly Option<int> Events = new("--events")
    {
        Description = "How many events: visits, orders, uses or matches. Tables of one simulation (shop, subscriptions, league) fit together where this and the seed are equal",
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
        Description = "Another CSV file for each event's true probability of a form within the hour; for web_sessions",
        HelpName = "FILE",
    };

    public override string Name => "simulate";

    public override string Summary => "Make up tables to try a program on";

    public override string Example => "sqlml simulate web_sessions --events 5000 --seed 42 -o events.csv";

    protected override IEnumerable<Symbol> Symbols => [Simulator, Events, Seed, Out, Truth];

    protected override Task<int> RunAsync(Invocation invocation)
    {
        var name = invocation.Get(Simulator)!;
        if (!SimulatorList.Names.Contains(name))
            throw new CliFailure(ExitCode.Usage, ProjectErrors.UnknownSimulator(name, SimulatorList.Names, SourceSpan.None));
        if (invocation.Get(Events) < 1) throw new CliFailure(ExitCode.Usage, ProjectErrors.Usage("`--events` is not a number from 1 up", null));
        var (count, seed) = (invocation.Get(Events), invocation.Get(Seed));
        if (invocation.Get(Truth) is { } truth) WriteTruth(invocation, name, truth);
        var rows = 0;
        if (invocation.Get(Out) is { } file)
            OutputFile.Write(invocation.Host, invocation.Host.FullPath(file), Write);
        else
            Write(invocation.Out);
        invocation.Result = json =>
        {
            json.WriteStartObject();
            json.WriteNumber("events", rows);
            json.WriteEndObject();
        };
        return Task.FromResult(ExitCode.Fine);

        void Write(TextWriter writer) => rows = SimulatorList.Get(name).Write(count, seed, writer, invocation.Cancellation);
    }

    private static void WriteTruth(Invocation invocation, string name, string file)
    {
        if (name != "web_sessions") throw new CliFailure(ExitCode.Usage, ProjectErrors.Usage("`--truth` is not there for this simulator", "`web_sessions` knows the true probabilities"));
        var events = WebSessionSimulator.Simulate(invocation.Get(Events), invocation.Get(Seed), invocation.Cancellation);
        OutputFile.Write(invocation.Host, invocation.Host.FullPath(file), writer => WebEventCsv.WriteTruth(events, writer));
    }
}
