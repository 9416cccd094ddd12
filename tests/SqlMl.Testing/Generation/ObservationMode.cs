using System.Collections.Immutable;

namespace SqlMl.Testing.Generation;

/// <summary>The ways to observe.</summary>
public enum ObservationMode
{
    /// <summary>`observe every`.</summary>
    Grid,

    /// <summary>`observe at each`.</summary>
    AtEach,

    /// <summary>`observe before each`.</summary>
    BeforeEach,

    /// <summary>`observe D after first`.</summary>
    AfterFirst,

    /// <summary>`observe at 'instant'`.</summary>
    Instants,

    /// <summary>`observe D after each`.</summary>
    OffsetAfterEach,

    /// <summary>`observe D before each`, of planned rows.</summary>
    OffsetBeforeEach,
}

/// <summary>Which ways to observe come up.</summary>
public static class ObservationModes
{
    /// <summary>The modes of programs with <paramref name="features"/>; the seeds of random programs go round them in this order.</summary>
    public static ImmutableArray<ObservationMode> Of(ProgramFeatures features)
    {
        ImmutableArray<ObservationMode> modes =
            [ObservationMode.Grid, ObservationMode.AtEach, ObservationMode.BeforeEach, ObservationMode.AfterFirst, ObservationMode.Instants];
        if (!features.HasFlag(ProgramFeatures.Offsets)) return modes;
        modes = modes.Add(ObservationMode.OffsetAfterEach);
        return features.HasFlag(ProgramFeatures.Planned) ? modes.Add(ObservationMode.OffsetBeforeEach) : modes;
    }
}
