using System.Globalization;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Running;

/// <summary>Every finding of a local run: SML70xx. One method a code.</summary>
internal static class RunErrors
{
    public static Diagnostic FileMissing(string source, string path, SourceSpan span) =>
        Diagnostic.Error("SML7001", $"the file of source `{source}` does not exist", span, "no such file")
            .WithNote($"looked for: {path}")
            .WithHelp($"correct the path, or point the source elsewhere: --source {source}=FILE");

    public static Diagnostic FileUnreadable(string source, string path, string reason, SourceSpan span) =>
        Diagnostic.Error("SML7002", $"the file of source `{source}` cannot be read", span, "not readable")
            .WithNote($"file: {path}")
            .WithNote($"DuckDB says: {reason}");

    public static Diagnostic FileEmpty(string source, string path, SourceSpan span) =>
        Diagnostic.Error("SML7003", $"the file of source `{source}` is empty", span, "no header, no rows")
            .WithNote($"file: {path}")
            .WithHelp("a CSV file needs a line of column names");

    public static Diagnostic NoRows(string source, SourceSpan span) =>
        Diagnostic.Warning("SML7004", $"source `{source}` has no rows", span, "read, and found empty");

    public static Diagnostic NotATime(string source, string column, string value, long rows, SourceSpan span) =>
        Diagnostic.Error("SML7005", $"column `{column}` of source `{source}` is not a time in {Words.Count(rows, "row")}", span, $"`{column}` is read as a time")
            .WithNote($"one of its values is '{value}'")
            .WithHelp($"an instant in text is ISO 8601, such as 2025-04-23 00:21:24.939; leave such rows out with `where`, or name another column after `time`");

    public static Diagnostic RowsWithoutTime(string source, long rows, long all, SourceSpan span) =>
        Diagnostic.Warning("SML7006", $"{Words.Count(rows, "row")} of source `{source}` {Have(rows)} no time and never count{(rows == 1 ? "s" : "")}", span, Of(rows, all));

    public static Diagnostic RowsWithoutKey(string source, string entity, long rows, long all, SourceSpan span) =>
        Diagnostic.Warning("SML7007", $"{Words.Count(rows, "row")} of source `{source}` {(rows == 1 ? "belongs" : "belong")} to no {entity}, because the key is null", span, Of(rows, all));

    public static Diagnostic OneClass(string model, string fact, string? help, SourceSpan span) =>
        Diagnostic.Error("SML7008", $"model `{model}` has one class only", span, "nothing to tell apart").WithNote(fact).WithHelp(help);

    public static Diagnostic TooFewRows(string model, string fact, string? help, SourceSpan span) =>
        Diagnostic.Error("SML7009", $"model `{model}` has too few rows to learn from", span).WithNote(fact).WithHelp(help);

    public static Diagnostic NoTrainingRows(string model, IEnumerable<StepCount> steps, SourceSpan span)
    {
        var left = string.Join(", ", steps.Select(step => $"{step.Step}: {Words.Number(step.Rows)}"));
        var diagnostic = Diagnostic.Error("SML7010", $"the training set of model `{model}` is empty", span);
        return left.Length == 0 ? diagnostic : diagnostic.WithNote($"rows left after each step: {left}").WithHelp("look at the step after which none is left");
    }

    public static Diagnostic NeverTrained(string model, string folder, SourceSpan span) =>
        Diagnostic.Error("SML7011", $"model `{model}` was never trained here", span)
            .WithNote($"no run below {folder} holds `{model}.model.json`")
            .WithHelp("train it first: sqlml run");

    public static Diagnostic ModelOutdated(string model, string fact, SourceSpan span) =>
        Diagnostic.Error("SML7012", $"the stored model `{model}` does not fit the program", span).WithNote(fact).WithHelp("train it again: sqlml run");

    public static Diagnostic TrainerRefused(string model, string fact, string? help, SourceSpan span) =>
        Diagnostic.Error("SML7013", $"model `{model}` cannot be trained: {fact}", span).WithHelp(help);

    public static Diagnostic NothingToScore(string model, string entity, SourceSpan span) =>
        Diagnostic.Warning("SML7014", $"no {entity} is due for a prediction of model `{model}`", span, "eligible as of the run's instant: none");

    public static Diagnostic ValueOutOfRange(string model, string reason, SourceSpan span) =>
        Diagnostic.Error("SML7015", $"the data of model `{model}` cannot be computed with", span).WithNote($"DuckDB says: {reason}");

    public static Diagnostic TableMissing(string model, string reason, SourceSpan span) =>
        Diagnostic.Error("SML7016", $"a table or column that model `{model}` reads does not exist in the local database", span)
            .WithNote($"DuckDB says: {reason}")
            .WithHelp("point the source at a file: --source NAME=FILE, or under `sources` in sqlml.yaml");

    public static Diagnostic FolderNotWritable(string folder, string reason) =>
        new Diagnostic("SML7017", DiagnosticSeverity.Error, "the output folder cannot be written to", null)
            .WithNote($"folder: {folder}").WithNote($"the system says: {reason}")
            .WithHelp("name another one: `output` in sqlml.yaml, or --output FOLDER");

    public static Diagnostic DatabaseUnavailable(string file, string reason) =>
        new Diagnostic("SML7018", DiagnosticSeverity.Error, "the local database cannot be opened", null)
            .WithNote($"file: {file}").WithNote($"DuckDB says: {reason}")
            .WithHelp("if another program has it open, close it there");

    public static Diagnostic EngineFailed(string reason) =>
        new Diagnostic("SML7019", DiagnosticSeverity.Error, "DuckDB could not finish the work on this machine", null)
            .WithNote($"DuckDB says: {reason}")
            .WithHelp("free disk space or memory, or set a limit: --memory 4GB");

    public static Diagnostic Interrupted() =>
        new("SML7020", DiagnosticSeverity.Error, "interrupted; nothing was written", null);

    public static Diagnostic LibraryMissing(string reason) =>
        new Diagnostic("SML7021", DiagnosticSeverity.Error, "DuckDB's library does not load on this machine", null).WithNote(reason);

    public static Diagnostic OutputNotWritable(string file, string reason) =>
        new Diagnostic("SML7022", DiagnosticSeverity.Error, "the output file cannot be written", null)
            .WithNote($"file: {file}").WithNote($"the system says: {reason}");

    public static Diagnostic SeveralPartners(string source, string join, IReadOnlyList<(string Key, long Rows)> keys, long all, SourceSpan span) =>
        Diagnostic.Error("SML7023", $"rows of source `{source}` have several partners in `{join}`", span, Keys(all))
            .WithNote(Under(keys, all))
            .WithHelp($"`key <columns>` in the joined source keeps the first row of each; `valid from` says which one held; `join each` multiplies the rows of `{source}` on purpose");

    public static Diagnostic SeveralRows(string source, IReadOnlyList<(string Key, long Rows)> keys, long all, SourceSpan span) =>
        Diagnostic.Error("SML7024", $"source `{source}` is static and has several rows for one entity", span, Keys(all))
            .WithNote(Under(keys, all))
            .WithHelp("`order by <column>` says which row is the last, `key <columns>` keeps one of equal keys, and `valid from` tells rows apart by when they held");

    public static Diagnostic LabelNotFinite(string model, long rows, long all, SourceSpan span) =>
        Diagnostic.Error("SML7060", $"the label of model `{model}` is not a finite number in {Words.Count(rows, "row")}", span, Of(rows, all))
            .WithNote("infinity and NaN come from the data: they are neither a value to predict nor null")
            .WithHelp("leave such rows out of the source with `where`");

    public static Diagnostic ConstantLabel(string model, string fact, string? help, SourceSpan span) =>
        Diagnostic.Error("SML7061", $"the label of model `{model}` never varies", span, "nothing to predict").WithNote(fact).WithHelp(help);

    public static Diagnostic TooManyClasses(string model, string fact, string? help, SourceSpan span) =>
        Diagnostic.Error("SML7062", $"the label of model `{model}` has too many classes", span, "a class a value").WithNote(fact).WithHelp(help);

    public static Diagnostic NotAsExpected(string test, string column, string found, string expected, SourceSpan span) =>
        Diagnostic.Error("SML7030", $"test '{test}': `{column}` is {found}, not {expected}", span, $"is {found}")
            .WithHelp("correct the expectation, the rows of the test, or the program");

    public static Diagnostic NoPrediction(string test, string subject, SourceSpan span) =>
        Diagnostic.Error("SML7031", $"test '{test}': there is no prediction for {subject}", span, "nobody to look at")
            .WithHelp("it exists from the first known row that names it, has no cutoff once `until` says so, and with `at each` or `before each` has cutoffs at such rows alone");

    public static Diagnostic SeveralPredictions(string test, string subject, int found, SourceSpan span) =>
        Diagnostic.Error("SML7032", $"test '{test}': there are {Words.Count(found, "prediction")} for {subject}", span, "which one?")
            .WithHelp("name one entity with `entity`, and give but one row that is a cutoff at this instant");

    public static Diagnostic NotEligible(string test, string subject, string clause, SourceSpan span) =>
        Diagnostic.Error("SML7033", $"test '{test}': `{clause}` leaves {subject} out", span, "not predicted for")
            .WithHelp("give the rows that make it eligible, or expect something of another entity or instant");

    public static Diagnostic TestNotComputed(string test, string reason, SourceSpan span) =>
        Diagnostic.Error("SML7034", $"test '{test}' cannot be computed", span).WithNote($"DuckDB says: {reason}").WithHelp("look for values that do not fit what the program makes of them");

    private static string Keys(long all) => Words.Count(all, "key");

    private static string Under(IReadOnlyList<(string Key, long Rows)> keys, long all)
    {
        var named = string.Join(", ", keys.Select(item => $"'{item.Key}' ({Words.Count(item.Rows, "row")})"));
        return all > keys.Count ? $"the first of them: {named}" : $"the key{(all == 1 ? "" : "s")}: {named}";
    }

    private static string Have(long rows) => rows == 1 ? "has" : "have";

    private static string Of(long part, long whole) =>
        whole == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Words.Number(part)} of {Words.Number(whole)}, {100.0 * part / whole:0.##} %");
}
