using System.CommandLine;
using SqlMl.Cli.Project;
using SqlMl.Cli.Terminal;
using SqlMl.Compiler.Timelines;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml explain-time`: which stretch of time a value reads, as a drawing.</summary>
internal sealed class ExplainTimeCommand : CliCommand
{
    private const string All = "all";

    private static readonly Argument<string> Value = new("value")
    {
        Description = "A var, a model's label (MODEL), MODEL.when or MODEL.given; `all` for every one",
        DefaultValueFactory = _ => All,
    };

    public override string Name => "explain-time";

    public override string Summary => "Draw which stretch of time a var or label reads, seen from the cutoff";

    public override string Example => "sqlml explain-time pricing_share examples/prospect";

    protected override IEnumerable<Symbol> Symbols => [Value, CommonOptions.Project, CommonOptions.Set];

    protected override Task<int> RunAsync(Invocation invocation)
    {
        var project = Compilation.Load(invocation);
        var program = Compilation.ForReading(invocation, project);
        invocation.Report(program.Diagnostics);
        if (!program.Succeeded) return Task.FromResult(ExitCode.WrongInput);

        var all = program.Timelines.Value;
        var name = invocation.Get(Value)!;
        var chosen = name.Equals(All, StringComparison.OrdinalIgnoreCase) ? all : [.. all.Where(timeline => timeline.IsCalled(name))];
        if (chosen.IsEmpty) throw new CliFailure(ExitCode.WrongInput, ProjectErrors.UnknownValue(name, all.Select(timeline => timeline.Name).Concat(all.Select(timeline => timeline.Owner))));
        invocation.Out.Write(string.Join('\n', chosen.Select(TimelineDrawing.Draw)));
        invocation.Result = json =>
        {
            json.WriteStartArray();
            foreach (var timeline in chosen)
            {
                json.WriteStartObject();
                json.WriteString("owner", timeline.Owner);
                json.WriteString("name", timeline.Name);
                json.WriteString("reads", timeline.Interval);
                json.WriteStartArray("readings");
                foreach (var reading in timeline.Readings)
                {
                    json.WriteStartObject();
                    json.WriteString("value", reading.Value);
                    json.WriteString("rows", reading.Rows);
                    json.WriteString("from", reading.Start?.Text);
                    json.WriteString("to", reading.End?.Text);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        };
        return Task.FromResult(ExitCode.Fine);
    }
}
