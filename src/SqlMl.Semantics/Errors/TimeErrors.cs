using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Semantics;

/// <summary>Findings about time and modelling (block 4xxx), one typed method each.</summary>
internal static class TimeErrors
{
    internal static Diagnostic FutureInVar(string var, SourceSpan span, string ends) =>
        Diagnostic.Error("SML4001", $"var `{var}` reads the future", span, $"ends {ends} after the cutoff")
            .WithNote("at scoring time these rows do not exist yet")
            .WithHelp("use `over 7 days` for the past; `in next` belongs to a `label`");

    internal static Diagnostic LabelWithoutFuture(string model, SourceSpan span) =>
        Diagnostic.Error("SML4002", $"the label of `{model}` does not read the future", span, "known at the cutoff already")
            .WithNote("a label made of past values can be computed; there is nothing to predict")
            .WithHelp("say over which time it is to come true, such as `in next 7 days`");

    internal static Diagnostic UntimedSource(string reader, string source, SourceSpan span, SourceSpan sourceSpan) =>
        Diagnostic.Error("SML4003", $"{reader} reads `{source}`, which says nothing about time", span, "today's value would be used for every past cutoff")
            .WithLabel(sourceSpan, "no `time`, no `valid from`, not `static`")
            .WithHelp("add `time <column>` to the source");

    internal static Diagnostic RowsWithoutCutoff(string source, SourceSpan span) =>
        Diagnostic.Error("SML4130", $"the rows of `{source}` are read here before there is a cutoff", span, "depends on the cutoff")
            .WithNote("which rows a source has, and which of them are cutoffs, is the same for every cutoff")
            .WithHelp($"compare with the cutoff inside an aggregate, such as `count({source} where expires_at > cutoff)`");

    internal static Diagnostic Clock(string name, SourceSpan span, bool isBareWord) =>
        Diagnostic.Error("SML4004", $"`{name}` changes from run to run", span, "a clock, or chance")
            .WithNote("training asks for the value as of each past cutoff, not as of today")
            .WithHelp(isBareWord
                ? $"the instant that a value is computed for is `cutoff`; a column of that name is written `` `{name}` ``"
                : "the instant that a value is computed for is `cutoff`");

    /// <param name="model">The model.</param>
    /// <param name="clause">`when`, or `score only when`, in ticks.</param>
    /// <param name="span">What reads the future.</param>
    /// <param name="ends">How far.</param>
    internal static Diagnostic FutureInWhen(string model, string clause, SourceSpan span, string ends) =>
        Diagnostic.Error("SML4005", $"{clause} of `{model}` reads the future", span, $"ends {ends} after the cutoff")
            .WithNote("at scoring time these rows do not exist yet, so nobody could be chosen by them")
            .WithHelp($"{clause} may read the past only: `over ...`");

    internal static Diagnostic OverlappingSplit(string model, SourceSpan span, string horizon) =>
        Diagnostic.Warning("SML4006", $"the random split of `{model}` lets label windows overlap", span, $"rows less than {horizon} apart share outcomes")
            .WithNote("test rows share their future, and often their entity, with training rows: the metrics flatter")
            .WithHelp("`split by time 70 / 15 / 15` keeps the parts apart");

    internal static Diagnostic MixedModes(SourceSpan before, SourceSpan at) =>
        Diagnostic.Error("SML4008", "cutoffs of mode `before` and of mode `at` are mixed", before, "sees only what came before the row")
            .WithLabel(at, "sees the cutoff's own instant")
            .WithHelp("use `before each` in all lines, or in none");

    internal static Diagnostic SplitParts(SourceSpan span, int count) =>
        Diagnostic.Error("SML4010", $"a split has two or three parts, not {count}", span, "train / test, or train / validation / test")
            .WithHelp("write `70 / 15 / 15` or `80 / 20`");

    internal static Diagnostic SplitShare(SourceSpan span) =>
        Diagnostic.Error("SML4011", "a part of the split is empty", span, "every part must be above 0").WithHelp("write `70 / 15 / 15` or `80 / 20`");

    internal static Diagnostic WindowTwice(SourceSpan span, SourceSpan inner) =>
        Diagnostic.Error("SML4012", "a window stands on an aggregate that has one", span, "the second window")
            .WithLabel(inner, "the first window")
            .WithHelp("keep one of the two");

    internal static Diagnostic WindowWithoutAggregate(SourceSpan span) =>
        Diagnostic.Error("SML4013", "this window has no aggregate to apply to", span, "sees no rows")
            .WithHelp("a window stands behind an aggregate, or behind a bracket that holds aggregates");

    internal static Diagnostic EmptyBounds(SourceSpan from, SourceSpan until) =>
        Diagnostic.Error("SML4014", "no cutoff can lie between these bounds", until, "not after `from`")
            .WithLabel(from, "the first instant allowed")
            .WithHelp("`from` is included, `until` is not");

    internal static Diagnostic FutureOfPast(SourceSpan span) =>
        Diagnostic.Error("SML4015", "time since an event of the future has no meaning", span, "in the future")
            .WithHelp("`days since` looks back; use it without `in next`");

    internal static Diagnostic GivenPast(string model, SourceSpan span) =>
        Diagnostic.Error("SML4060", $"`given` of `{model}` does not read the future", span, "known at the cutoff already")
            .WithNote("`given` narrows training and testing, never scoring: what is known at the cutoff can narrow both alike")
            .WithHelp("say it with `when`");

    internal static Diagnostic GivenFuture(string model, SourceSpan span) =>
        Diagnostic.Warning("SML4061", $"the rows of `{model}` are chosen by what came after the cutoff", span, "not known when scoring")
            .WithNote("scoring cannot choose by it, so the metrics do not hold for everybody who is scored: not deployable as measured")
            .WithHelp("`when` chooses by what is known at the cutoff, in training and scoring alike");

    internal static Diagnostic SplitOrder(SourceSpan first, SourceSpan second) =>
        Diagnostic.Error("SML4062", "the instants of the split do not ascend", second, "not after the one before")
            .WithLabel(first, "where a part begins")
            .WithHelp("name where validation begins, then where test begins: `split at '2024-01-01', '2024-04-01'`");

    internal static Diagnostic NoWindowForHistory(string model, SourceSpan span) =>
        Diagnostic.Error("SML4063", $"`{model}` requires history, but reads no source through a window", span, "nothing to hold it against")
            .WithNote("it is asked of every source that a feature or condition reads `over` some time, whether its rows reach back so far")
            .WithHelp("leave it out, or give the aggregates a window such as `over 30 days`");

    internal static Diagnostic AfterOutsideLabel(string reader, string later, SourceSpan span) =>
        Diagnostic.Error("SML4064", $"{reader} says `after`, which only a label may", span, $"evaluated {later} after the cutoff")
            .WithNote("at scoring time these rows do not exist yet")
            .WithHelp("for a value further back use `over ... ending ... ago`; `after` belongs to a `label`");

    internal static Diagnostic LabelAgainstHorizon(string what, string length, string horizon, string consequence, SourceSpan span, SourceSpan lookBack) =>
        Diagnostic.Error("SML4065", $"{what} looks back {length}, but its horizon is {horizon}", span, consequence)
            .WithLabel(lookBack, $"covers {length}")
            .WithHelp($"make the two equal, or say the label's own window: `in next {horizon}`");

    internal static Diagnostic AfterFuture(SourceSpan span, SourceSpan future) =>
        Diagnostic.Error("SML4066", "`after` stands on what already reads the future", span, "evaluated later still")
            .WithLabel(future, "reads the future itself")
            .WithHelp("say the lead time of a window behind it: `in next 7 days after 7 days`");

    internal static Diagnostic RepeatedWindows(SourceSpan first, SourceSpan second) =>
        Diagnostic.Error("SML4067", "a repeated label reads two different windows", second, "this one")
            .WithLabel(first, "and this one")
            .WithHelp("repeat a label of one window: the next begins where it ends");

    internal static Diagnostic RepeatedVar(string var, SourceSpan span) =>
        Diagnostic.Error("SML4131", $"var `{var}` is repeated, which a label alone can be", span, "adjoining windows of the future, a model each")
            .WithHelp("several windows of the past are a list, `over 7, 30 days`; the one before is `over 7 days ending 7 days ago`");

    internal static Diagnostic RepeatedBeyondUnits(BoundWindow window) =>
        Diagnostic.Error("SML4132", "the windows that follow this one cannot be said", window.Span, window.Gap is null ? "reaches too far" : $"begins {window.Gap.Text} after the cutoff, and is {window.Length!.Text} long")
            .WithNote("the next window begins where this one ends: its lead time is that of this one and its length, in one unit, and at most 10,000 years")
            .WithHelp("say lead time and length both in days, or both in months");

    internal static Diagnostic PastOfFuture(SourceSpan span) =>
        Diagnostic.Error("SML4088", "time until an event of the past has no meaning", span, "not in the future")
            .WithHelp("`days until` looks ahead: `days until first(s) in next 30 days`, or a column of the anchor; `days since` looks back");
}
