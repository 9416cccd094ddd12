using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>One query of a model while it is being written: the steps so far, and the names they go by.</summary>
internal sealed class ModelContext
{
    internal const string HappenedAt = "happened_at";
    internal const string KnownAt = "known_at";
    internal const string HeldUntil = "held_until";
    internal const string Instant = "instant";
    internal const string Cutoff = "cutoff";

    private readonly HashSet<string> _names;
    private readonly HashSet<string> _values;
    private readonly List<SqlStep> _steps;
    private readonly Dictionary<string, SourceStep> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceStep> _wholeSources = new(StringComparer.Ordinal);

    internal ModelContext(LogicalModel model, DateTime? asOf, SqlDialect dialect)
        : this(model, asOf, dialect, [], new HashSet<string>(StringComparer.OrdinalIgnoreCase)) => Reserve(model);

    /// <summary>The same query, where it computes values of another entity.</summary>
    internal ModelContext(ModelContext outer, LogicalModel values)
        : this(values, outer.AsOf, outer.Dialect, outer._steps, outer._names)
    {
    }

    private ModelContext(LogicalModel model, DateTime? asOf, SqlDialect dialect, List<SqlStep> steps, HashSet<string> names)
    {
        (Model, AsOf, Dialect, _steps, _names) = (model, asOf, dialect, steps, names);
        _values = new HashSet<string>(model.Keys, StringComparer.OrdinalIgnoreCase);
        foreach (var aggregate in model.Aggregates) _values.Add(aggregate.Name);
        foreach (var value in model.Derived) _values.Add(value.Name);
        foreach (var value in model.LabelDerived) _values.Add(value.Name);
        foreach (var link in model.Links.Concat(model.LabelLinks))
        {
            foreach (var value in link.Names) _values.Add(value.Name);
        }
        Anchors = new AnchorColumns(this);
        Learned = new LearnedValues(this);
    }

    internal LogicalModel Model { get; }

    /// <summary>What is written for: sources given as text are chosen by its name.</summary>
    internal SqlDialect Dialect { get; }

    /// <summary>The columns of the row that is the cutoff.</summary>
    internal AnchorColumns Anchors { get; }

    /// <summary>The grid that all cutoffs of the query lie on, one step after the other; null where they do not, or its step is a calendar one.</summary>
    internal GridCutoffs? Grid { get; set; }

    /// <summary>The aggregates whose values stand beside the cutoffs already, on a grid.</summary>
    internal ImmutableArray<LogicalAggregate> BesideCutoffs { get; set; } = [];

    /// <summary>What the model's pivots learned.</summary>
    internal LearnedValues Learned { get; }

    /// <summary>The run's instant where it was stated; null for the last known one.</summary>
    internal DateTime? AsOf { get; }

    /// <summary>The cutoffs that are asked for; null for all. Other entities' values know of none: they are computed at the cutoffs that ask for them.</summary>
    internal ImmutableArray<CutoffRange>? Cutoffs { get; init; }

    /// <summary>The rows of each source, where only some cutoffs are asked for those that one of them may see.</summary>
    internal IReadOnlyDictionary<string, SourceStep> Sources => _sources;

    /// <summary>All rows of each source: what says how far the data reach, who exists, and which row was the first.</summary>
    internal IReadOnlyDictionary<string, SourceStep> WholeSources => _wholeSources;

    /// <summary>Adds a step and returns the name it got: the wanted one, numbered where it is taken.</summary>
    internal string Add(string wanted, string comment, SqlQuery query)
    {
        var name = Reserve(wanted);
        _steps.Add(Step(name, comment, query));
        return name;
    }

    /// <summary>The rows that a scan reads.</summary>
    internal SourceStep Rows(LogicalScan scan) => scan.Side is null ? _sources[scan.Source] : _sources[scan.Source].Sides[scan.Side];

    /// <summary>All rows of a source, of all sides or with the entity on one.</summary>
    internal SourceStep WholeRows(LogicalRows rows) => rows.Side is null ? _wholeSources[rows.Source] : _wholeSources[rows.Source].Sides[rows.Side];

    /// <summary>Adds a source's rows: those that scans read, and all of them.</summary>
    internal void AddSource(SourceStep near, SourceStep whole)
    {
        _sources.Add(whole.Source.Name, near);
        _wholeSources.Add(whole.Source.Name, whole);
    }

    /// <summary>The name of a column of ours in a step that holds the model's values, too: numbered where a value is called so.</summary>
    internal string Own(string wanted)
    {
        var name = wanted;
        for (var i = 2; _values.Contains(name); i++) name = $"{wanted}_{i}";
        return name;
    }

    /// <summary>A name for a column of ours that neither a value nor anything else of ours has.</summary>
    internal string ReserveOwn(string wanted)
    {
        var name = wanted;
        for (var i = 2; _values.Contains(name) || !_names.Add(name); i++) name = $"{wanted}_{i}";
        return name;
    }

    internal string Reserve(string wanted)
    {
        var name = wanted;
        for (var i = 2; !_names.Add(name); i++) name = $"{wanted}_{i}";
        return name;
    }

    // A step must not be called like a table that some source reads, or it would read itself.
    private void Reserve(LogicalModel model)
    {
        foreach (var source in model.Sources) ReserveTables(source);
        foreach (var other in model.OfOthers) Reserve(other);
    }

    private void ReserveTables(LogicalSource source)
    {
        if (source.Location is LogicalTable table) _names.Add(table.Path[^1].Name);
        foreach (var join in source.Joins) ReserveTables(join.Target);
        switch (source.Location)
        {
            case LogicalDerivation derivation:
                ReserveTables(derivation.Base);
                break;
            case LogicalGroup group:
                ReserveTables(group.Base);
                break;
            case LogicalUnion union:
                foreach (var part in union.Parts) ReserveTables(part);
                break;
        }
    }

    /// <summary>The query with the steps that it reads, directly or through others; steps that nothing reads are left out.</summary>
    internal SqlWith Finish(SqlQuery body)
    {
        var read = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        StepReads.Collect(body, read);
        var kept = new List<SqlStep>();
        for (var i = _steps.Count - 1; i >= 0; i--)
        {
            if (!read.Contains(_steps[i].Name.Name)) continue;
            StepReads.Collect(_steps[i].Query, read);
            kept.Insert(0, _steps[i]);
        }
        return new SqlWith([.. kept], body);
    }

    /// <summary>The entity's key columns of a table alias.</summary>
    internal ImmutableArray<SqlExpression> Keys(string alias) => Model.Keys.SelectAsArray(SqlExpression (key) => Column(alias, key));

    internal ImmutableArray<SqlSelectItem> KeyItems(string alias) => Model.Keys.SelectAsArray(key => Column(alias, key).As(key));

    /// <summary>The row names an entity: a row with a null part in its key belongs to nobody (rule 11), though its source reaches to it.</summary>
    internal ImmutableArray<SqlExpression> HasKey(string alias) => Keys(alias).SelectAsArray(SqlExpression (key) => key.IsNotNull());

    /// <summary>Both aliases stand for the same entity.</summary>
    internal ImmutableArray<SqlExpression> SameEntity(string left, string right) =>
        Model.Keys.SelectAsArray(SqlExpression (key) => Column(left, key).EqualTo(Column(right, key)));

    /// <summary>What makes a cutoff: entity, instant, and the columns of the anchor that scans compare with.</summary>
    internal ImmutableArray<SqlExpression> CutoffOf(string alias) =>
        [.. Keys(alias), Column(alias, Cutoff), .. Anchors.InScans.SelectAsArray(SqlExpression (name) => Column(alias, name))];

    /// <summary>Both aliases stand for the same entity, cutoff, and columns of the anchor that scans compare with.</summary>
    internal ImmutableArray<SqlExpression> SameCutoff(string left, string right) =>
    [
        .. SameEntity(left, right), Column(left, Cutoff).EqualTo(Column(right, Cutoff)),
        .. Anchors.InScans.SelectAsArray(SqlExpression (name) => Column(left, name).Is(SqlBinaryOperator.Same, Column(right, name))),
    ];
}
