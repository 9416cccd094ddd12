using System.Collections.Immutable;

namespace SqlMl.ProofTests;

/// <summary>Weakened bounds that change no row of any table, whatever the data, each with the reason: what they let in is kept out by another bound.</summary>
internal static class EquivalentMutants
{
    /// <summary>Why a weakened bound is equivalent to the bound; null where it is not.</summary>
    /// <param name="program">The program's name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="bounds">All its bounds.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="drop">True where it is dropped, false where it is loosened.</param>
    public static string? ReasonFor(string program, string text, ImmutableArray<TimeBound> bounds, TimeBound bound, bool drop) =>
        Implied(text, bounds, bound) ?? Listed(program, bound, drop);

    /// <summary>Bounds that another bound of the same program implies, as their texts show.</summary>
    private static string? Implied(string text, ImmutableArray<TimeBound> bounds, TimeBound bound) => bound switch
    {
        // A row that is known later than it happens is known at the later of both instants; unless it is planned, and known before.
        { Text: "e.happened_at <= s.cutoff" } when !text.Contains("planned", StringComparison.Ordinal) && Has(bounds, bound.Step, "e.known_at <= s.cutoff") => KnownComesLater,
        // The one line that makes cutoffs is a grid, which ends where `mature` does, in the same words.
        { Step: "mature" } when text.Split("observe ").Length == 2
            && Has(bounds, "grid", bound.Text.Replace("v.cutoff", "b.cutoff", StringComparison.Ordinal).Replace("r.known_until", "b.last_instant", StringComparison.Ordinal)) =>
            "`grid` keeps the same cutoffs out",
        _ => null,
    };

    private static bool Has(ImmutableArray<TimeBound> bounds, string step, string text) => bounds.Any(bound => bound.Step == step && bound.Text == text);

    private static string? Listed(string program, TimeBound bound, bool drop) => (program, bound.Step, bound.Text) switch
    {
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
        ("learned pivot", "visits_rows", _) => "features alone read it, and what they learn, up to the cutoff; and rows behind the run's instant are not the first of their source",
        ("members" or "members before", "visits_rows", _) => "only where the data begin is asked of it, and rows behind the run's instant are not the first of their source",
        ("members", "orders_rows_2" or "visits_rows_2", _) => MembersAlone,
        ("members before", "homes_rows_2" or "visits_rows_2", _) => MembersAlone,
        ("links" or "links before", "orders_rows" or "orders_rows_2", _) => FeaturesAlone,
        ("links later" or "members later", "orders_rows" or "orders_rows_2" or "tickets_rows" or "visits_rows" or "visits_rows_2", _) => CompleteByNow,
        ("after first", "first_orders" or "first_orders_2" or "first_orders_3", var text) when text.StartsWith("e.known_at", StringComparison.Ordinal) =>
            "a row is known six hours after it happened, and the cutoff lies a day behind it or more",
        ("after first", "orders_rows", _) => "the cutoff behind the first row, and every feature, takes rows that were known at the cutoff; no cutoff lies behind the run's instant",
        ("declared" or "declared grid", "people_rows", _) => "who is declared exists from when the row was known; no cutoff lies behind the run's instant",
        ("running sums before", "orders_lookups", var text) when text.StartsWith("end of the frame", StringComparison.Ordinal) =>
            "the first row of the frame is looked up, wherever the frame ends",
        // Both say where cutoffs end, in the same words, over the same instants.
        (_, "grid", _) when bound.Text.Contains("last_instant", StringComparison.Ordinal) => "`mature` keeps the same cutoffs out of the training set",
        // Cutoffs of a grid lie whole hours apart, and so do the ends of their windows.
        ("grid" or "score only" or "swept grid" or "known later" or "declared grid" or "learned pivot", "parts", _) when !drop => "no label window of a grid of whole hours ends a microsecond behind a cutoff",
        _ => null,
    };

    private const string KnownComesLater = "`known_at <= cutoff` stands beside it, and no row is known before it happened";
    private const string FeaturesAlone = "features alone read it, up to the cutoff; and rows behind the run's instant are not the first of their source";
    private const string CompleteByNow = "features take it up to the cutoff, labels up to the end of a complete window; neither lies behind the run's instant, by which the label's other source ends";
    private const string MembersAlone = "who is a member, and what is known of it, is read as of the cutoff; no cutoff lies behind the run's instant";
    private const string ReadBefore = "a late column is read as of the cutoff, or as of the end of a complete label's window; neither lies behind the run's instant";
    private const string HeldBefore = "a state is read where it began by the cutoff, or by the row that it is joined to; neither lies behind the run's instant";
}
