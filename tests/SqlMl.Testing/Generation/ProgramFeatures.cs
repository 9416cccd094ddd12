namespace SqlMl.Testing.Generation;

/// <summary>What a generated program may use beyond sources that know their rows at once, one entity and one model.</summary>
[Flags]
public enum ProgramFeatures
{
    /// <summary>Nothing of it: the programs are the same as if there were no features.</summary>
    None = 0,

    /// <summary>`known at ... [within]`, `delay`.</summary>
    Knowledge = 1 << 0,

    /// <summary>`key`.</summary>
    Key = 1 << 1,

    /// <summary>`order by`.</summary>
    OrderBy = 1 << 2,

    /// <summary>`complete until`.</summary>
    Complete = 1 << 3,

    /// <summary>`late`; with <see cref="Anchor"/> also labels over a late column of the anchor.</summary>
    Late = 1 << 4,

    /// <summary>`anchor.x` in the model's own vars and in conditions of aggregates.</summary>
    Anchor = 1 << 5,

    /// <summary>`observe D after each`; with <see cref="Planned"/> also `D before each`.</summary>
    Offsets = 1 << 6,

    /// <summary>`planned` sources, and vars that look ahead in them.</summary>
    Planned = 1 << 7,

    /// <summary>`static` sources, read without an aggregate.</summary>
    Static = 1 << 8,

    /// <summary>`valid from a to b`, read without an aggregate.</summary>
    Valid = 1 << 9,

    /// <summary>`join`, to static partners; to partners of states and of rows that happened too.</summary>
    Joins = 1 << 10,

    /// <summary>`union of`.</summary>
    Unions = 1 << 11,

    /// <summary>Sources on whose rows the entity stands on two sides, and `key` in conditions and vars.</summary>
    Sides = 1 << 12,

    /// <summary>`entity ... from ... by ... since`.</summary>
    Population = 1 << 13,

    /// <summary>Another entity, whose vars are read by a link.</summary>
    Links = 1 << 14,

    /// <summary>`time ... zone`.</summary>
    Zones = 1 << 15,

    /// <summary>Functions, casts, `%`, and `cutoff` in conditions of aggregates and in vars.</summary>
    Functions = 1 << 16,

    /// <summary>Paths into JSON, and `raw`.</summary>
    Paths = 1 << 17,

    /// <summary>`param`, and `import` of all but the model.</summary>
    Params = 1 << 18,

    /// <summary>Sources made from others: `from`, `group`, `join each`.</summary>
    Made = 1 << 19,

    /// <summary>Sources `from` rows that name nobody, in a table or in `sql { ... }`.</summary>
    Storage = 1 << 20,

    /// <summary>Another entity, whose vars are aggregated over members.</summary>
    Members = 1 << 21,

    /// <summary>`by column in (...)` and `by column top N`.</summary>
    Pivots = 1 << 22,

    /// <summary>All of it.</summary>
    All = (1 << 23) - 1,
}
