namespace SqlMl.ProofTests;

/// <summary>Weakened bounds that change no row of any table, each with the reason: the rows that they let in are kept out elsewhere.</summary>
internal static class EquivalentMutants
{
    /// <summary>Why a weakened bound is equivalent to the bound; null where it is not.</summary>
    public static string? ReasonFor(string program, TimeBound bound, bool drop) => (program, bound.Step, drop) switch
    {
        // Both say where cutoffs end: the grid stops where labels are known to the end, and the step behind says it again.
        (_, "grid", _) when bound.Text.Contains("last_instant", StringComparison.Ordinal) => "`mature` keeps the same cutoffs out",
        ("grid" or "known later" or "states" or "union", "mature", _) => "the grid ends there already",
        // The grid lies on whole hours, where no window ends a microsecond behind anything.
        ("grid" or "known later" or "states" or "union" or "later", _, false) when bound.Step.EndsWith("_rows", StringComparison.Ordinal) && bound.Text.EndsWith("<= T", StringComparison.Ordinal) =>
            "a row of the microsecond after the run's instant lies behind every cutoff and every window that is complete",
        ("grid" or "known later", "parts", false) => "no label window of a grid ends a microsecond behind a cutoff",
        _ => null,
    };
}
