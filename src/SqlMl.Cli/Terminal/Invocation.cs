using System.CommandLine;
using System.Text.Json;
using SqlMl.Language.Diagnostics;

namespace SqlMl.Cli.Terminal;

/// <summary>One command being carried out: its arguments, and where its findings and results go.</summary>
internal sealed class Invocation(CliHost host, string command, ParseResult arguments, CancellationToken cancellation)
{
    private readonly List<Diagnostic> _findings = [];

    public CliHost Host { get; } = host;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Whether standard output is one JSON document.</summary>
    public bool IsJson => arguments.GetValue(CommonOptions.Json);

    public bool IsQuiet => arguments.GetValue(CommonOptions.Quiet);

    /// <summary>Where results for people go; nowhere with `--json`.</summary>
    public TextWriter Out => IsJson ? TextWriter.Null : Host.Out;

    /// <summary>Writes the value of `result` in the JSON document; null leaves it out.</summary>
    public Action<Utf8JsonWriter>? Result { get; set; }

    /// <summary>The value of an option or argument.</summary>
    public T? Get<T>(Option<T> option) => arguments.GetValue(option);

    /// <inheritdoc cref="Get{T}(Option{T})"/>
    public T? Get<T>(Argument<T> argument) => arguments.GetValue(argument);

    /// <summary>Shows findings at once, and keeps them for the JSON document.</summary>
    public void Report(IEnumerable<Diagnostic> findings)
    {
        foreach (var finding in findings)
        {
            _findings.Add(finding);
            if (!IsJson && !(IsQuiet && finding.Severity == DiagnosticSeverity.Warning)) DiagnosticPrinter.Print(Host, finding);
        }
    }

    /// <summary>Writes the JSON document, where one is wanted, and hands the exit code back.</summary>
    public int Finish(int exitCode)
    {
        if (IsJson) JsonOutput.Write(Host.Out, command, exitCode, [.. _findings], Result);
        return exitCode;
    }
}
