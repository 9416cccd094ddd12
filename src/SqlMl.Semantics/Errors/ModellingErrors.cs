using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Semantics;

/// <summary>Findings about programs that have a meaning, but one that nobody wants (block 4xxx), one typed method each.</summary>
internal static class ModellingErrors
{
    internal static Diagnostic ConstantLabel(string model, bool value, SourceSpan span) =>
        Diagnostic.Error("SML4120", $"the label of `{model}` is always {Words(value)}", span, "whatever the rows are")
            .WithNote("there is one class only, and nothing to tell apart")
            .WithHelp("a count is never below zero: ask whether there is any row with `> 0`, or `exists(...)`");

    internal static Diagnostic DecidedLabel(string model, bool value, SourceSpan span, SourceSpan when) =>
        Diagnostic.Error("SML4121", $"`when` decides the label of `{model}`", span, $"always {Words(value)} for those who are eligible")
            .WithLabel(when, "holds at every cutoff")
            .WithNote("there is one class only, and nothing to tell apart")
            .WithHelp("leave the condition out of one of the two");

    internal static Diagnostic AgeOfNothing(string var, SourceSpan span) =>
        Diagnostic.Warning("SML4122", $"var `{var}` takes who has no row for somebody who has one right now", span, "0 is the most recent of all")
            .WithHelp("leave it null, which the trainer treats as missing, or say a length that stands for never, such as `default 9999`");

    internal static Diagnostic CutOfWeighted(string model, SourceSpan span, SourceSpan weights) =>
        Diagnostic.Warning("SML4123", $"`{model}` cuts classes at a fixed probability, but weights its rows", span, "a share of a world that is weighted otherwise")
            .WithLabel(weights, "moves all probabilities")
            .WithHelp("`at best f1` and `at recall 0.8` find the cut on the validation part; or leave the weights out");

    internal static Diagnostic CutByTime(string source, SourceSpan span, SourceSpan time) =>
        Diagnostic.Warning("SML4124", $"source `{source}` is cut by its own time", span, "hides what came before, or after")
            .WithLabel(time, "when its rows happened")
            .WithNote("who is new, `first(...)`, and what the label awaits are asked of all rows; a slice answers them wrongly")
            .WithHelp("leave the rows in, and say where cutoffs lie: `observe every 7 days from '2024-01-01'`");

    internal static Diagnostic WithoutFirst(string source, SourceSpan span, SourceSpan window) =>
        Diagnostic.Warning("SML4125", $"a window leaves out the first row of `{source}`, from which the cutoff is counted", span, "the cutoff, counted from that row")
            .WithLabel(window, "ends at the cutoff, and begins just behind the row")
            .WithHelp("without a window the aggregate sees that row and all that came since; a longer one sees it, too");

    internal static Diagnostic DaysBesideClocks(string source, SourceSpan span, string other, SourceSpan otherSpan) =>
        Diagnostic.Warning("SML4126", $"source `{source}` has dates, and {other}", span, "counts from the first instant of its day")
            .WithLabel(otherSpan, "an instant within a day")
            .WithNote("a row dated to a day is past at that day's midnight, before what it tells of has happened")
            .WithHelp("add `delay 1 day` to the source when its rows are complete at the end of their day");

    internal static Diagnostic NeverKnown(string reader, string source, string column, SourceSpan span, SourceSpan origin, bool isWritten) =>
        Diagnostic.Warning("SML4127", $"{reader} reads `{column}` of `{source}`, which no cutoff knows", span, "null whatever the rows are")
            .WithLabel(origin, isWritten ? "written nobody knows when" : "the state at the row's own instant")
            .WithNote(isWritten ? "only a label reads what is written at an unknown time" : "the row lies ahead of the cutoff, and what will hold when it happens is null until it does")
            .WithHelp(isWritten
                ? "say when it is written, `late ... at <column>`, or leave the var out of the features"
                : "read what holds at the cutoff: a column of that source by itself, outside the aggregate and not behind `anchor.`");

    internal static Diagnostic WindowBeforeKnown(string reader, string source, string window, string delay, SourceSpan span, SourceSpan known) =>
        Diagnostic.Warning("SML4128", $"{reader} is over rows of `{source}` that no cutoff knows", span, "ends before the first of them is known")
            .WithLabel(known, $"each row is known {delay} after it happened")
            .WithHelp($"go back behind the delay, `over {window} ending {delay} ago`, or take a longer window");

    private static string Words(bool value) => value ? "true" : "false";
}
