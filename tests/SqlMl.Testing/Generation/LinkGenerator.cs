using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>
/// Decides how rows name other entities. It has dice of its own: what does not depend on links is the same with and without it.
/// </summary>
internal sealed class LinkGenerator(Dice dice, ProgramFeatures features)
{
    /// <summary>Whether the other entity's key has two parts.</summary>
    public bool HasBranches { get; } = dice.Percent(40);

    /// <summary>Whether cutoffs are rows of a union each part of which names the other entity.</summary>
    public bool IsUnited { get; private set; }

    /// <summary>Decides whether links come from a union.</summary>
    /// <param name="mode">Where cutoffs lie.</param>
    public void Unite(ObservationMode mode) => IsUnited = features.HasFlag(ProgramFeatures.Unions)
        && mode is ObservationMode.AtEach or ObservationMode.BeforeEach or ObservationMode.OffsetAfterEach && dice.Percent(70);

    /// <summary>The column that names the other entity; in a union each part may have its own.</summary>
    public string Column() => IsUnited && dice.Percent(50) ? "holder" : "owner";

    /// <summary>The second part of the other entity's key.</summary>
    public object? Branch(bool mayBeNull) => mayBeNull && dice.Percent(10) ? null : (decimal)dice.Between(1, 2);

    /// <summary>The source that says whose members there are, by a key of two parts; -1 for none.</summary>
    public int Gathering(int sources) => features.HasFlag(ProgramFeatures.Members) && dice.Percent(35) ? dice.Below(sources) : -1;

    /// <summary>What the program is imported under; null for nothing.</summary>
    public string? ImportName() => dice.Percent(60) ? "base" : null;

    /// <summary>The sources as they link where no union was made: one alone may name both entities.</summary>
    public ImmutableArray<OracleSource> Settle(ImmutableArray<OracleSource> sources, ImmutableArray<OracleUnion> unions, int linking)
    {
        if (!IsUnited || !unions.IsEmpty) return sources;
        IsUnited = false;
        return [.. sources.Select((source, i) => i == linking ? source : source with { OtherKeys = [] })];
    }
}
