using System.CommandLine;
using System.Reflection;
using SqlMl.Cli.Terminal;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml version`: what is running.</summary>
internal sealed class VersionCommand : CliCommand
{
    public override string Name => "version";

    public override string Summary => "Print the version of SqlMl and of what it runs on";

    public override string Example => "sqlml version";

    protected override IEnumerable<Symbol> Symbols => [];

    protected override Task<int> RunAsync(Invocation invocation)
    {
        var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var runtime = Environment.Version.ToString();
        invocation.Out.Write($"sqlml {version} on .NET {runtime}\n");
        invocation.Result = json =>
        {
            json.WriteStartObject();
            json.WriteString("sqlml", version);
            json.WriteString("dotnet", runtime);
            json.WriteEndObject();
        };
        return Task.FromResult(ExitCode.Fine);
    }
}
