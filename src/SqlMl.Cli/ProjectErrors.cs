using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Cli;

/// <summary>Every finding about a project or a command line: SML60xx, and the one about SqlMl itself. One method a code.</summary>
internal static class ProjectErrors
{
    public static Diagnostic Usage(string fact, string? help) => Plain("SML6001", fact).WithHelp(help);

    public static Diagnostic PathMissing(string path) =>
        Plain("SML6002", $"there is no file or folder `{path}`").WithHelp("name a folder that holds *.sqlml files, or one such file");

    public static Diagnostic NoProgram(string folder) =>
        Plain("SML6003", $"folder `{folder}` holds no *.sqlml file").WithHelp("a project is a folder of *.sqlml files, with an optional sqlml.yaml");

    public static Diagnostic Unreadable(string path, string reason) =>
        Plain("SML6004", $"`{path}` cannot be read").WithNote($"the system says: {reason}");

    public static Diagnostic NotYaml(SourceSpan span, string reason) =>
        Diagnostic.Error("SML6005", "sqlml.yaml is not valid YAML", span, reason);

    public static Diagnostic UnknownKey(string key, IReadOnlyCollection<string> known, SourceSpan span)
    {
        var similar = SimilarNames.Nearest(key, known);
        return Diagnostic.Error("SML6006", $"there is no setting `{key}` here", span, "not a setting")
            .WithHelp(similar is null ? $"the settings are {string.Join(", ", known.Select(name => $"`{name}`"))}" : $"a setting with a similar name exists: `{similar}`");
    }

    public static Diagnostic WrongValue(string key, string valid, SourceSpan span) =>
        Diagnostic.Error("SML6007", $"the value of `{key}` is not {valid}", span, $"expected {valid}");

    public static Diagnostic UnknownSource(string name, IReadOnlyCollection<string> known, SourceSpan span)
    {
        var similar = SimilarNames.Nearest(name, known);
        return Diagnostic.Error("SML6008", $"the program has no source `{name}` to be pointed elsewhere", span, "no such source")
            .WithHelp(similar is not null ? $"a source with a similar name exists: `{similar}`"
                : known.Count > 0 ? $"its sources are {string.Join(", ", known.Select(source => $"`{source}`"))}" : null);
    }

    public static Diagnostic NotAnInstant(string option, string text) =>
        Plain("SML6009", $"`{option} {text}` is not an instant").WithHelp("write it in ISO 8601 and UTC: 2025-05-01, or 2025-05-01T12:30:00Z");

    public static Diagnostic UnknownModel(string name, IReadOnlyCollection<string> known)
    {
        var similar = SimilarNames.Nearest(name, known);
        return Plain("SML6010", $"the program has no model `{name}`")
            .WithHelp(similar is null ? $"its models are {string.Join(", ", known.Select(model => $"`{model}`"))}" : $"a model with a similar name exists: `{similar}`");
    }

    public static Diagnostic NoModel() =>
        Plain("SML6011", "the program has no model").WithHelp("a model is a `predict NAME for ENTITY { ... }`");

    public static Diagnostic SeveralModels(IEnumerable<string> names) =>
        Plain("SML6012", "the program has several models, and the command takes one").WithHelp($"name one of {string.Join(", ", names.Select(name => $"`{name}`"))} after the project");

    public static Diagnostic NotGenerated(string file) =>
        Plain("SML6013", $"`{file}` exists and was not written by `sqlml compile`").WithHelp("name another folder, or move the file away");

    public static Diagnostic NotWritable(string file, string reason) =>
        Plain("SML6014", $"`{file}` cannot be written").WithNote($"the system says: {reason}");

    public static Diagnostic UnknownCode(string code, IEnumerable<string> known)
    {
        var similar = SimilarNames.Nearest(code, known);
        return Plain("SML6015", $"there is no diagnostic `{code}`")
            .WithHelp(similar is null ? "`sqlml explain` lists them all" : $"a similar code exists: `{similar}`");
    }

    public static Diagnostic UnknownSimulator(string name, IReadOnlyCollection<string> known, SourceSpan span) =>
        Diagnostic.Error("SML6016", $"there is no simulator `{name}`", span, "no such simulator")
            .WithHelp($"the simulators are {string.Join(", ", known.Select(simulator => $"`{simulator}`"))}");

    public static Diagnostic UnknownValue(string name, IEnumerable<string> known)
    {
        var similar = SimilarNames.Nearest(name, known.Distinct(StringComparer.OrdinalIgnoreCase));
        return Plain("SML6017", $"the program has no var or model called `{name}`")
            .WithHelp(similar is null ? "`sqlml explain-time all` shows every one" : $"a similar name exists: `{similar}`");
    }

    public static Diagnostic ImportMissing(string path, string folder, SourceSpan span) =>
        Diagnostic.Error("SML6060", $"no file matches the import '{path}'", span, "nothing to import")
            .WithNote($"looked for below: {folder}")
            .WithHelp("a path starts at the file that imports; `*` stands for any part of a file's name");

    public static Diagnostic Internal(string what, string? log)
    {
        var diagnostic = Plain("SML9001", $"SqlMl itself failed: {what}").WithNote("this is a defect of SqlMl, not of the program");
        return log is null ? diagnostic : diagnostic.WithHelp($"report it with the log: {log}");
    }

    private static Diagnostic Plain(string code, string message) => new(code, DiagnosticSeverity.Error, message, null);
}
