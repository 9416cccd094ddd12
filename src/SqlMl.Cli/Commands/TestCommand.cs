using System.CommandLine;
using SqlMl.Cli.Project;
using SqlMl.Cli.Terminal;
using SqlMl.Local.Reports;
using SqlMl.Local.Testing;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml test`: the program's own tests, over the rows that they state.</summary>
internal sealed class TestCommand : CliCommand
{
    public override string Name => "test";

    public override string Summary => "Run the tests of a program; no data outside the program is read";

    public override string Example => "sqlml test examples/prospect";

    protected override IEnumerable<Symbol> Symbols => [CommonOptions.Project, CommonOptions.Set, CommonOptions.DisablePass];

    protected override Task<int> RunAsync(Invocation invocation)
    {
        var project = Compilation.Load(invocation);
        var program = Compilation.ForTesting(invocation, project);
        invocation.Report(program.Diagnostics);
        if (!program.Succeeded) return Task.FromResult(ExitCode.WrongInput);

        var results = new List<TestResult>();
        foreach (var result in TestRunner.Run(program.Tests.Value, invocation.Cancellation))
        {
            results.Add(result);
            if (result.Passed && !invocation.IsQuiet) invocation.Out.Write($"passed  {result.Test.Name}\n");
            if (!result.Passed) invocation.Out.Write($"FAILED  {result.Test.Name}\n");
            invocation.Report(result.Findings);
        }
        var failed = results.Count(result => !result.Passed);
        invocation.Out.Write(results.Count == 0
            ? $"{project.Name}: no tests; a test is written: test 'name' for model {{ rows source (columns) (values)  at 'instant'  expect var = value }}\n"
            : $"{project.Name}: {results.Count - failed} passed, {failed} failed of {Words.Count(results.Count, "test")}\n");
        invocation.Result = json =>
        {
            json.WriteStartObject();
            json.WriteNumber("passed", results.Count - failed);
            json.WriteNumber("failed", failed);
            json.WriteStartArray("tests");
            foreach (var result in results)
            {
                json.WriteStartObject();
                json.WriteString("name", result.Test.Name);
                json.WriteString("model", result.Test.Model);
                json.WriteBoolean("passed", result.Passed);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        };
        return Task.FromResult(failed == 0 ? ExitCode.Fine : ExitCode.WrongInput);
    }
}
