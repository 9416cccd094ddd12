namespace SqlMl.ProofTests;

/// <summary>Weakened bounds that change no row of any table, whatever the data, each with the reason: what they let in is kept out by another bound.</summary>
internal static class EquivalentMutants
{
    /// <summary>Why a weakened bound is equivalent to the bound; null where it is not.</summary>
    public static string? ReasonFor(string program, TimeBound bound, bool drop) => (program, bound.Step, bound.Text) switch
    {
        // A row that is known later than it happens is known at the later of both instants.
        ("known later", "visits_2d" or "visits_4d" or "visits_all" or "orders_2d", "e.happened_at <= s.cutoff") => KnownComesLater,
        ("after first", "orders_2d", "e.happened_at <= s.cutoff") => KnownComesLater,
        ("union", "touches_2d" or "longest_gaps", "e.happened_at <= s.cutoff") => KnownComesLater,
        // A run as of an instant has no cutoff behind it, and no label that is complete behind it.
        ("known later" or "anchor", "visits_rows", var text) when text.Contains("paid_at", StringComparison.Ordinal) => ReadBefore,
        ("sides", "games_rows", var text) when text.Contains("ended_at", StringComparison.Ordinal) => ReadBefore,
        ("states" or "states before", "plans_rows", _) => HeldBefore,
        ("states before", "orders_prices", _) => HeldBefore,
        ("planned", "bookings_rows", _) => "the cutoff at a booking, and every feature, takes bookings that were known at the cutoff; no cutoff lies behind the run's instant",
        ("union", "visits_rows" or "touches_visits", var text) when text.Contains("loaded_at", StringComparison.Ordinal) =>
            "a row that was not known by then makes nobody exist and is in no feature of a cutoff; the label does not read it",
        ("known later", "orders_rows", _) => FeaturesAlone,
        ("union", "touches_orders", _) => FeaturesAlone,
        ("links" or "links before", "orders_rows" or "orders_rows_2", _) => FeaturesAlone,
        ("after first", "first_orders" or "first_orders_2" or "first_orders_3", var text) when text.StartsWith("e.known_at", StringComparison.Ordinal) =>
            "a row is known six hours after it happened, and the cutoff lies a day behind it or more",
        ("after first", "orders_rows", _) => "the cutoff behind the first row, and every feature, takes rows that were known at the cutoff; no cutoff lies behind the run's instant",
        ("declared" or "declared grid", "people_rows", _) => "who is declared exists from when the row was known; no cutoff lies behind the run's instant",
        // Both say where cutoffs end, in the same words, over the same instants.
        (_, "grid", _) when bound.Text.Contains("last_instant", StringComparison.Ordinal) => "`mature` keeps the same cutoffs out of the training set",
        ("grid" or "known later" or "states" or "union" or "links" or "declared grid", "mature", _) => "`grid` keeps the same cutoffs out",
        // Cutoffs of a grid lie whole hours apart, and so do the ends of their windows.
        ("grid" or "known later" or "declared grid", "parts", _) when !drop => "no label window of a grid of whole hours ends a microsecond behind a cutoff",
        _ => null,
    };

    private const string KnownComesLater = "`known_at <= cutoff` stands beside it, and no row is known before it happened";
    private const string FeaturesAlone = "features alone read it, up to the cutoff; and rows behind the run's instant are not the first of their source";
    private const string ReadBefore = "a late column is read as of the cutoff, or as of the end of a complete label's window; neither lies behind the run's instant";
    private const string HeldBefore = "a state is read where it began by the cutoff, or by the row that it is joined to; neither lies behind the run's instant";
}
