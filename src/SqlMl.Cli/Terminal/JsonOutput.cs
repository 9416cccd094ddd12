using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Cli.Terminal;

/// <summary>
/// The document of `--json`: `command`, `exit_code`, `diagnostics`, and `result` where the command has one. Lines and columns start at 1; places are null
/// where no program text is involved.
/// </summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        // The document is not put into HTML: names stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(TextWriter writer, string command, int exitCode, ImmutableArray<Diagnostic> findings, Action<Utf8JsonWriter>? result)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("command", command);
            json.WriteNumber("exit_code", exitCode);
            json.WriteStartArray("diagnostics");
            foreach (var finding in findings) WriteDiagnostic(json, finding);
            json.WriteEndArray();
            if (result is not null)
            {
                json.WritePropertyName("result");
                result(json);
            }
            json.WriteEndObject();
        }
        writer.Write(Encoding.UTF8.GetString(bytes.ToArray()));
        writer.Write('\n');
    }

    private static void WriteDiagnostic(Utf8JsonWriter json, Diagnostic finding)
    {
        json.WriteStartObject();
        json.WriteString("code", finding.Code);
        json.WriteString("severity", finding.Severity == DiagnosticSeverity.Error ? "error" : "warning");
        json.WriteString("message", finding.Message);
        json.WritePropertyName("place");
        if (finding.Primary is { } primary) WritePlace(json, primary);
        else json.WriteNullValue();
        json.WriteStartArray("also");
        foreach (var label in finding.Secondary) WritePlace(json, label);
        json.WriteEndArray();
        WriteTexts(json, "notes", finding.Notes);
        WriteTexts(json, "helps", finding.Helps);
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, DiagnosticLabel label)
    {
        SourceText source = label.Span.Source!;
        var (line, column) = source.Locate(label.Span.Start);
        var (endLine, endColumn) = source.Locate(label.Span.End);
        json.WriteStartObject();
        json.WriteString("file", source.Path);
        json.WriteNumber("line", line);
        json.WriteNumber("column", column);
        json.WriteNumber("end_line", endLine);
        json.WriteNumber("end_column", endColumn);
        json.WriteString("text", label.Text);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
