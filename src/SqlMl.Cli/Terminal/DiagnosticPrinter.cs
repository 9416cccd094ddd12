using SqlMl.Language.Diagnostics;

namespace SqlMl.Cli.Terminal;

/// <summary>Shows a finding on the error stream, its first line coloured where colour is wanted.</summary>
internal static class DiagnosticPrinter
{
    public static void Print(CliHost host, Diagnostic diagnostic)
    {
        var text = DiagnosticText.Render(diagnostic);
        if (host.UseColor)
        {
            var end = text.IndexOf(':', StringComparison.Ordinal);
            var color = diagnostic.Severity == DiagnosticSeverity.Error ? "\e[1;31m" : "\e[1;33m";
            text = $"{color}{text[..end]}\e[0m{text[end..]}";
        }
        host.Error.Write(text + "\n");
    }
}
