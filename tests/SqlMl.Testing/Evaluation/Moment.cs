namespace SqlMl.Testing.Evaluation;

/// <summary>The instant as of which something is read: what was known then, and no more.</summary>
/// <param name="Instant">The instant.</param>
/// <param name="IsBefore">True for the state an instant before it (rule 7).</param>
/// <param name="SeesUndated">Whether late columns are read that do not say when they were written (rule 17).</param>
internal readonly record struct Moment(DateTime Instant, bool IsBefore, bool SeesUndated)
{
    /// <summary>What does not depend on when it is read.</summary>
    public static Moment Whenever => new(DateTime.MaxValue, false, true);

    /// <summary>What features, eligibility and the past in a label see.</summary>
    public static Moment Cutoff(DateTime cutoff, bool isBefore) => new(cutoff, isBefore, false);

    /// <summary>What a label sees through a window that ends at <paramref name="end"/>.</summary>
    public static Moment WindowEnd(DateTime end) => new(end, false, false);

    /// <summary>What a label without a window sees of its anchor: whatever is known by the run's instant.</summary>
    public static Moment Run(DateTime asOf) => new(asOf, false, true);

    /// <summary>Whether something of <paramref name="instant"/> has come about.</summary>
    public bool HasReached(DateTime instant) => IsBefore ? instant < Instant : instant <= Instant;
}
