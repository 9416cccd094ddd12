using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using SqlMl.Cli.Commands;
using SqlMl.Cli.Terminal;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Cli;

/// <summary>The command line: finds the verb, tells what is wrong with the arguments, and runs it.</summary>
internal static class SqlMlApp
{
    /// <summary>Runs one command line and returns the exit code; never throws.</summary>
    public static async Task<int> RunAsync(string[] arguments, CliHost host, CancellationToken cancellation)
    {
        try
        {
            var root = new RootCommand("SqlMl compiles predictions to SQL, and runs them on this machine.") { CommonOptions.Json, CommonOptions.Quiet };
            foreach (var command in CommandList.For(arguments)) root.Add(command.Build(host));
            var help = root.Options.OfType<HelpOption>().Single();
            help.Action = new HelpWithExample((HelpAction)help.Action!, host.Out);
            root.SetAction(parsed => ((HelpWithExample)help.Action).Invoke(parsed));
            var parsed = root.Parse(arguments);
            if (parsed.Action is not HelpWithExample && FindUsageErrors(parsed) is { Count: > 0 } errors) return ReportUsage(host, parsed, errors);
            var configuration = new InvocationConfiguration
            {
                Output = host.Out,
                Error = host.Error,
                EnableDefaultExceptionHandler = false,
                // Interruption is the host's: the library's own handling would kill a run that is cleaning up.
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            DiagnosticPrinter.Print(host, InternalFailure.Record(failure));
            return ExitCode.Environment;
        }
    }

    /// <summary>What is wrong with the arguments: an option that does not exist, told as such, or else whatever the parser says.</summary>
    private static List<Diagnostic> FindUsageErrors(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "sqlml" : $"sqlml {command.Name}";
        // The parser takes an unknown option for the next argument, and then complains about something else.
        if (parsed.Tokens.FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal)) is { } option)
        {
            var name = option.Value.Split('=')[0];
            var similar = SimilarNames.Nearest(name, command.Options.Select(known => known.Name).Concat([CommonOptions.Json.Name, CommonOptions.Quiet.Name]));
            return [ProjectErrors.Usage($"`{path}` has no option `{name}`", Help(similar, path))];
        }
        if (parsed.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0)
        {
            var similar = SimilarNames.Nearest(parsed.UnmatchedTokens[0], command.Subcommands.Select(known => known.Name));
            return [ProjectErrors.Usage($"there is no command `{parsed.UnmatchedTokens[0]}`", Help(similar, path))];
        }
        return [.. parsed.Errors.Select(error => ProjectErrors.Usage(Fact(error.Message), Help(null, path)))];
    }

    private static int ReportUsage(CliHost host, ParseResult parsed, List<Diagnostic> errors)
    {
        if (parsed.GetValue(CommonOptions.Json)) JsonOutput.Write(host.Out, parsed.CommandResult.Command.Name, ExitCode.Usage, [.. errors], result: null);
        else errors.ForEach(error => DiagnosticPrinter.Print(host, error));
        return ExitCode.Usage;
    }

    private static string Help(string? similar, string path) =>
        similar is null ? $"see {path} --help" : $"`{similar}` has a similar name; see {path} --help";

    /// <summary>The parser's sentence as a fact: lower case, without a full stop.</summary>
    private static string Fact(string sentence) =>
        sentence.Length == 0 ? sentence : char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');

    /// <summary>The parser's help with the verb's example under it.</summary>
    private sealed class HelpWithExample(HelpAction inner, TextWriter writer) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            // A fixed width, so that the help is the same everywhere.
            inner.MaxWidth = 120;
            var code = inner.Invoke(parseResult);
            if (CommandList.All.FirstOrDefault(command => command.Name == parseResult.CommandResult.Command.Name) is { } verb)
                writer.Write($"Example:\n  {verb.Example}\n");
            return code;
        }
    }
}
