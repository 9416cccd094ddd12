using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Proving;

/// <summary>Every finding of a proof: SML704x. One method a code.</summary>
internal static class ProofErrors
{
    public static Diagnostic FutureLeaks(string model, Leak leak, SourceSpan span) =>
        Evidence(Diagnostic.Error("SML7040", $"{Thing(leak, model)} depends on what was not known at its cutoff", span, "moves with the future"), leak)
            .WithHelp("a feature that knows the future is better in training than it can ever be in use: look at the times that its sources declare");

    public static Diagnostic WindowLeaks(string model, Leak leak, SourceSpan span) =>
        Evidence(Diagnostic.Error("SML7041", $"{Thing(leak, model)} depends on rows outside its window", span, "moves with rows that it does not name"), leak);

    public static Diagnostic LabelLeaks(string model, Leak leak, SourceSpan span) =>
        Evidence(Diagnostic.Error("SML7042", $"{Thing(leak, model)} depends on more than its label's window", span, "moves with rows outside the window"), leak);

    public static Diagnostic RowsLeak(string model, Leak leak, SourceSpan span) =>
        Evidence(Diagnostic.Error("SML7043", $"which rows model `{model}` has depends on what was not known at their cutoffs", span, "existence or eligibility sees the future"), leak);

    public static Diagnostic ReplayDiffers(string model, Leak leak, SourceSpan span) =>
        Evidence(Diagnostic.Error("SML7044", $"{Thing(leak, model)} is not in scoring what it was in training", span, "scored as of the cutoff, the row differs"), leak)
            .WithNote("a row of training that scoring would not have given: the model learned from what it will not see");

    public static Diagnostic NothingExamined(string model, string check, string why, SourceSpan span) =>
        Diagnostic.Error("SML7045", $"nothing of model `{model}` could be examined for `{check}`", span, "a proof of no row proves nothing").WithNote(why);

    public static Diagnostic AsOfLeaks(string model, Leak leak, SourceSpan span) =>
        Evidence(Diagnostic.Error("SML7046", $"{Thing(leak, model)} depends on what was not known as of the run", span, "moves with rows after `as_of`"), leak);

    public static Diagnostic LearnedLeaks(string model, Leak leak, SourceSpan span) =>
        Diagnostic.Error("SML7047", $"what pivot `{leak.Column}` of model `{model}` learns depends on rows that no training row sees", span, "moves with the future")
            .WithNote($"of its training rows up to {Words.Instant(leak.Cutoff)} it learned {leak.Before}; after {leak.Change} it learns {leak.After}");

    private static string Thing(Leak leak, string model) => leak.Column switch
    {
        null => $"a row of model `{model}`",
        "label" or "split" => $"`{leak.Column}` of model `{model}`",
        _ => $"var `{leak.Column}` of model `{model}`",
    };

    private static Diagnostic Evidence(Diagnostic diagnostic, Leak leak) =>
        diagnostic.WithNote($"of {leak.Key} at {Words.Instant(leak.Cutoff)} it was {leak.Before}; after {leak.Change} it is {leak.After}");
}
