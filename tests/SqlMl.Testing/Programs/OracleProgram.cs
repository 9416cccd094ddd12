using System.Collections.Immutable;

namespace SqlMl.Testing.Programs;

/// <summary>A program of one model together with the rows it runs on: all that the oracle needs, and nothing of the compiler's.</summary>
/// <param name="Sources">The sources that are stored.</param>
/// <param name="Entity">The entity that is predicted for.</param>
/// <param name="Vars">The entity's vars, each declared after those it reads.</param>
/// <param name="Model">The prediction.</param>
/// <param name="AsOf">The run's instant where it is given; null for the last known instant of what the model reads (rule 48).</param>
public sealed record OracleProgram(
    ImmutableArray<OracleSource> Sources, string Entity, ImmutableArray<OracleVar> Vars, OracleModel Model, DateTime? AsOf)
{
    /// <summary>Another entity, to which the rows of one source link; null without.</summary>
    public OtherEntity? Other { get; init; }

    /// <summary>The entity whose members the predicted one has; null without.</summary>
    public MemberEntity? Members { get; init; }

    /// <summary>True where the model stands in a file of its own, which imports the rest.</summary>
    public bool IsImported { get; init; }

    /// <summary>`import ... as name`: what the rest lies under, where it is imported; null for nothing.</summary>
    public string? ImportName { get; init; }

    /// <summary>The params, read or not.</summary>
    public ImmutableArray<OracleParam> Params { get; init; } = [];

    /// <summary>`from s by k since c`: who there is; null for whoever a row names.</summary>
    public OraclePopulation? Population { get; init; }

    /// <summary>The sources that are several others as one.</summary>
    public ImmutableArray<OracleUnion> Unions { get; init; } = [];
}

/// <summary>An entity that is not predicted for, with its vars, each declared after those it reads.</summary>
public sealed record OtherEntity(string Name, ImmutableArray<OracleVar> Vars);

/// <summary>An entity that is not predicted for, some of whom are members of the predicted one: those whose last known row of one source names it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Linking">The source that names both.</param>
/// <param name="Vars">Its vars, each declared after those it reads.</param>
public sealed record MemberEntity(string Name, string Linking, ImmutableArray<OracleVar> Vars);

/// <summary>`param name = value`: a <see cref="decimal"/>, a <see cref="string"/> or an <see cref="OracleDuration"/>.</summary>
public sealed record OracleParam(string Name, object Value);

/// <summary>The rows that declare which entities there are, by the source's own key, and the column that says from when on; null for none.</summary>
public sealed record OraclePopulation(string Source, string? Since);

/// <summary>A var of the entity: one value, or one a window where it has a family.</summary>
/// <param name="Name">Its name, without a family's suffix.</param>
/// <param name="Value">What it computes; no aggregate in it has a window where there is a family.</param>
/// <param name="Family">The windows that apply to every aggregate inside; null without a list.</param>
/// <param name="Default">The value in place of null; null without a default.</param>
public sealed record OracleVar(string Name, OracleExpression Value, WindowFamily? Family, LiteralExpression? Default)
{
    /// <summary>`by column ...`: a value for each of a column's values, where <see cref="Value"/> is an aggregate. Null for one value.</summary>
    public PivotClause? Pivot { get; init; }
}

/// <summary>`by column in (values)`, or `by column top N`.</summary>
/// <param name="Column">The column of the aggregate's source that divides its rows.</param>
/// <param name="Values">The listed values: texts, no two of one name. Empty where they are learned.</param>
/// <param name="Top">How many values are learned; null where they are listed.</param>
public sealed record PivotClause(string Column, ImmutableArray<string> Values, int? Top);

/// <summary>`over 7, 30 days [ending 2 days ago]`.</summary>
public sealed record WindowFamily(ImmutableArray<int> Lengths, DurationUnit Unit, OracleDuration? Ending);

/// <summary>`in next 7, 30 days [after G]`, or `in next D [after G] repeated N times`: a model each.</summary>
/// <param name="Windows">The models' windows in order.</param>
/// <param name="IsRepeated">True where they adjoin one another.</param>
/// <param name="Member">Which of the models is meant, from 0.</param>
public sealed record LabelFamily(ImmutableArray<FutureWindow> Windows, bool IsRepeated, int Member);

/// <summary>Rows of a source, all or those that satisfy a condition: what `each` and `first` take.</summary>
public sealed record RowSelection(string Source, OracleExpression? Where)
{
    /// <summary>In `first`: the side of the rows that the entity stands on; null for any.</summary>
    public string? Side { get; init; }
}

/// <summary>`predict name for entity { ... }`.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">The label: true or false, a number, a text, or null at a cutoff.</param>
/// <param name="LabelDefault">The label in place of null; null without a default.</param>
/// <param name="When">Eligibility; null for every entity.</param>
/// <param name="Observations">Where cutoffs lie: one kind of line, and one mode, throughout.</param>
/// <param name="Until">The rows whose first ends an entity's cutoffs; null for none.</param>
/// <param name="AllowsImmature">True where cutoffs stay whose label window reaches past what is known.</param>
/// <param name="Using">The features.</param>
/// <param name="Split">How rows are divided.</param>
public sealed record OracleModel(
    string Name, OracleExpression Label, LiteralExpression? LabelDefault, OracleExpression? When,
    ImmutableArray<OracleObservation> Observations, RowSelection? Until, bool AllowsImmature, FeatureSelection Using, OracleSplit Split)
{
    /// <summary>The model's own vars, which may read the anchor; each declared after those it reads, none called like one of the entity's.</summary>
    public ImmutableArray<OracleVar> Vars { get; init; } = [];

    /// <summary>The windows of the label, where it is a family: no aggregate in it then has one. Null for one label.</summary>
    public LabelFamily? Family { get; init; }

    /// <summary>`given`: which cutoffs are trained and tested on, by what came after them; null for all.</summary>
    public OracleExpression? Given { get; init; }

    /// <summary>`score only when`: which of the rows that are due are scored; null for all.</summary>
    public OracleExpression? ScoreOnly { get; init; }

    /// <summary>`require history`: how far every source with a window must reach back; null for nothing.</summary>
    public OracleDuration? RequiredHistory { get; init; }

    /// <summary>`sample`: how many rows at most; null for all.</summary>
    public int? Sample { get; init; }
}

/// <summary>`using all [except names]`, or `using names`. A family's bare name stands for all of its members (rule 38).</summary>
public sealed record FeatureSelection(bool IsAll, ImmutableArray<string> Names)
{
    /// <summary>Columns of the anchor that are features too, each under a name of its own.</summary>
    public ImmutableArray<AnchorFeature> Anchors { get; init; } = [];
}

/// <summary>`anchor.column as name`.</summary>
public sealed record AnchorFeature(string Column, string Name);

/// <summary>`split by time a / b`, `split random a / b [seed n] [stratified]`, `split by entity a / b [seed n]`, or `split at 'instant'`.</summary>
/// <param name="IsByTime">True for the split by time, which is purged.</param>
/// <param name="Parts">Two shares (train, test) or three (train, validation, test); they need not add up to 100.</param>
/// <param name="Seed">The seed of a random split; null for 0.</param>
/// <param name="IsStratified">True where a random split holds within each value of the label.</param>
public sealed record OracleSplit(bool IsByTime, ImmutableArray<int> Parts, int? Seed, bool IsStratified)
{
    /// <summary>True where a random split keeps an entity's rows together.</summary>
    public bool IsByEntity { get; init; }

    /// <summary>Where a split by time has its later parts begin; empty where <see cref="Parts"/> say so.</summary>
    public ImmutableArray<DateTime> Instants { get; init; } = [];

    /// <summary>How many parts there are.</summary>
    public int Count => Instants.IsEmpty ? Parts.Length : Instants.Length + 1;
}

/// <summary>One `observe` line.</summary>
public abstract record OracleObservation;

/// <summary>`observe every step [aligned to] [from] [until] [count]`.</summary>
public sealed record GridObservation(OracleDuration Step, DateTime? AlignedTo, ObservationBound? From, ObservationBound? Until, int? Count)
    : OracleObservation;

/// <summary>`observe at each rows`, or `observe before each rows`: one cutoff an anchor row.</summary>
public sealed record EachObservation(bool IsBefore, RowSelection Rows, ObservationBound? From, ObservationBound? Until) : OracleObservation;

/// <summary>`observe offset before each rows`, or `offset after each rows`: one cutoff an anchor row, before or after it.</summary>
public sealed record OffsetEachObservation(OracleDuration Offset, bool IsBefore, RowSelection Rows, ObservationBound? From, ObservationBound? Until)
    : OracleObservation;

/// <summary>`observe offset after first(rows)`: one cutoff an entity.</summary>
public sealed record AfterFirstObservation(OracleDuration Offset, RowSelection Rows, ObservationBound? From, ObservationBound? Until)
    : OracleObservation;

/// <summary>`observe at 'instant', ...`.</summary>
public sealed record InstantsObservation(ImmutableArray<DateTime> Instants) : OracleObservation;

/// <summary>A bound of an `observe` line: an instant, or, where that is null, the run's instant less a duration.</summary>
public sealed record ObservationBound(DateTime? Instant, OracleDuration? BeforeAsOf);
