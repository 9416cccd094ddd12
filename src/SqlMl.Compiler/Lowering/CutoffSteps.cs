using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The steps that say for whom and when something is predicted: cutoffs, existence, `until`.</summary>
/// <param name="context">The query.</param>
/// <param name="run">The name of the run's step.</param>
/// <param name="isScoring">True for the cutoffs that are due (rule 47), false for those of the training set.</param>
internal sealed partial class CutoffSteps(ModelContext context, string run, bool isScoring)
{
    internal const string ExistsFrom = "exists_from";

    private const string StopsAt = "stops_at";
    private const string FirstAt = "first_at";

    private string? _stopsInFrames;
    private string? _firstSeen;

    /// <summary>The values that window frames have computed beside the cutoffs.</summary>
    internal ImmutableArray<string> FrameColumns { get; private set; } = [];

    /// <summary>The names of the steps by the words that the run prints for them.</summary>
    internal List<CountedStep> Counted { get; } = [];

    /// <summary>Adds the steps and returns the name of the last one: keys, cutoff, and the frames' columns.</summary>
    internal string Add()
    {
        var model = context.Model;
        var step = AddCutoffs();
        Counted.Add(new CountedStep("cutoffs", step));
        if (CarriesExistence || model.Population is not null)
        {
            step = AddExisting(step);
            Counted.Add(new CountedStep("existence", step));
        }
        if (model.Until is { } until)
        {
            step = AddUntil(step, until);
            Counted.Add(new CountedStep("until", step));
        }
        return step;
    }

    /// <summary>Keeps the latest cutoff of each entity.</summary>
    internal SqlSelect Latest(string step) => new([AllOf("c")], Table(step, "c")) { Qualify = IsLastOf(context.Keys("c")) };

    /// <summary>Keeps every cutoff after an instant, once for each entity, instant, and key of the row that it is.</summary>
    internal SqlSelect Since(string step, DateTime instant) => new([AllOf("c")], Table(step, "c"))
    {
        Where = [Column("c", ModelContext.Cutoff).Is(SqlBinaryOperator.Greater, new SqlTimestamp(instant))],
        Qualify = IsLastOf([.. context.Keys("c"), Column("c", ModelContext.Cutoff), .. context.Model.AnchorKey.Select(key => Column("c", context.Anchors.Name(key.Column)))]),
    };

    /// <summary>Several anchors of one instant: the last by what is read of them.</summary>
    private SqlBinary IsLastOf(ImmutableArray<SqlExpression> group) => new SqlRowNumber(
        group, [Descending(Column("c", ModelContext.Cutoff)), .. context.Anchors.Order.Select(name => Descending(Column("c", name)))]).EqualTo(Integer(1));

    private static bool NeedsExistence(LogicalObserve line) => line is LogicalGrid or LogicalInstants;

    /// <summary>
    /// True where cutoffs are for every entity, and carry from when on it exists. A row makes its entity exist at its own cutoff, unless the
    /// program declares who there is: then cutoffs of rows look it up.
    /// </summary>
    private bool CarriesExistence => context.Model.Population is null ? context.Model.Observe.Any(NeedsExistence) : context.Model.Observe.All(NeedsExistence);

    /// <summary>Keeps the cutoffs at which the entity exists; in mode `before`, at which it did the moment before (rule 7).</summary>
    private string AddExisting(string step)
    {
        var model = context.Model;
        if (AddCarrying() is { } carrying) return carrying;
        var select = Select("c", step);
        if (_stopsInFrames is { } stops) select = select with { Items = select.Items.Add(Column("c", stops).As(stops)) };
        if (!CarriesExistence) select = select with { From = select.From!.Join(SqlJoinKind.Inner, Table(FirstSeen(), "f"), context.SameEntity("f", "c")) };
        var existsFrom = Column(CarriesExistence ? "c" : "f", ExistsFrom);
        return context.Add("existing", model.Population is null ? $"a {model.Entity} exists from its first row on" : $"a {model.Entity} exists from its declared instant on", select with
        {
            Where = [existsFrom.Is(model.IsBefore ? SqlBinaryOperator.Less : SqlBinaryOperator.LessOrEqual, Column("c", ModelContext.Cutoff))],
        });
    }

    /// <summary>
    /// On a grid, carries values on to all cutoffs of each entity, from the first at which it exists: those that would be joined to the cutoffs otherwise, and are the most. Without
    /// such, null. Whoever is declared may exist later than a row that names it is seen, which is not carried then; nor where only some cutoffs are asked for.
    /// </summary>
    private string? AddCarrying()
    {
        if (context.Grid is not { } grid || context.Model.Population is not null || context.Cutoffs is not null) return null;
        var (chosen, most) = ((LogicalScan?)null, ImmutableArray<LogicalAggregate>.Empty);
        foreach (var scan in context.Model.Scans)
        {
            if (scan.Strategy is not (ScanStrategy.Carry or ScanStrategy.Sweep)) continue;
            foreach (var series in GridScanSteps.Series(scan))
            {
                if (series.Length > most.Length) (chosen, most) = (scan, series);
            }
        }
        if (chosen is null) return null;
        context.BesideCutoffs = most;
        FrameColumns = most.SelectAsArray(aggregate => aggregate.Name);
        return new ScanSteps(context, "").AddFromFirst(chosen, grid, most, FirstSeen());
    }

    private SqlSelect Select(string alias, string step) => new(
        [
            .. context.KeyItems(alias), Column(alias, ModelContext.Cutoff).As(ModelContext.Cutoff),
            .. context.Anchors.All.Concat(FrameColumns).Select(name => Column(alias, name).As(name)),
        ],
        Table(step, alias));

    private string AddCutoffs()
    {
        var model = context.Model;
        var parts = new List<SqlQuery>();
        foreach (var group in model.Observe.OfType<LogicalEach>().GroupBy(line => $"{line.Rows.Source} {line.IsEarlier} {line.Offset?.Text}"))
        {
            parts.Add(Each([.. group]));
        }

        var single = model.Observe.OfType<LogicalAfterFirst>().Select(AfterFirst).Concat(EveryEntity()).ToList();
        if (single.Count == 1) parts.Add(single[0]);
        else if (single.Count > 1) parts.Add(Distinct(single));

        var query = parts.Count == 1 ? parts[0] : new SqlUnionAll([.. parts]);
        return AddAskedFor(context.Add("cutoffs", isScoring ? "the cutoffs that are due" : "where the cutoffs lie", query));
    }

    /// <summary>Equal cutoffs of several lines count once (rule 22).</summary>
    private SqlSelect Distinct(List<SqlSelect> parts)
    {
        var step = context.Add("cutoff_lines", "several lines of cutoffs", new SqlUnionAll([.. parts]));
        return new SqlSelect([AllOf("c")], Table(step, "c")) { IsDistinct = true };
    }

    private SqlSelect Each(ImmutableArray<LogicalEach> lines)
    {
        var source = context.Sources[lines[0].Rows.Source];
        var frames = new FrameStep(context, source, isScoring);
        var instant = Column("e", ModelContext.HappenedAt).Shift(lines[0].Offset, lines[0].IsEarlier);
        var conditions = lines.Select(line => Conditions(line, instant, line.Rows.Filter is null ? null : source.Rows("e").Lower(line.Rows.Filter))).ToList();
        // A row that any line takes is one cutoff (rule 22).
        ImmutableArray<SqlExpression> where = conditions.Count == 1
            ? [.. conditions[0]]
            : conditions.Any(list => list.Count == 0) ? [] : [AnyOf([.. conditions.Select(AllOf)])];
        var usesRun = lines.Any(line => UsesRun(line.From) || UsesRun(line.Until)) && !isScoring;
        if (frames.IsNeeded)
        {
            FrameColumns = frames.Columns;
            var step = frames.Add(where, usesRun ? run : null);
            _stopsInFrames = frames.FindsStops ? frames.StopsAt : null;
            var stops = _stopsInFrames is { } name ? ImmutableArray.Create(Column("e", name).As(name)) : [];
            var cutoff = Column("e", frames.HappenedAt);
            var taken = where.IsEmpty ? [] : ImmutableArray.Create<SqlExpression>(Column("e", frames.IsCutoff));
            var carried = context.Anchors.All.Concat(FrameColumns).Select(column => Column("e", column).As(column));
            return new SqlSelect([.. context.KeyItems("e"), cutoff.As(ModelContext.Cutoff), .. stops, .. carried], Table(step, "e"))
            {
                Where = taken,
            };
        }
        // A row that lies ahead, or a cutoff behind its row, may lie beyond the run's own instant: it is not due yet.
        var mayLieAhead = lines[0].Offset is not null || source.Source.Knowledge is { IsPlanned: true };
        var known = new List<SqlExpression>();
        if (mayLieAhead) known.Add(instant.Is(SqlBinaryOperator.LessOrEqual, Column("r", RunStep.AsOf)));
        if (lines[0].Offset is not null && source.Source.Knowledge is not null) known.Add(source.KnownAt("e").Is(SqlBinaryOperator.LessOrEqual, instant));
        SqlTable from = Table(source.Step, "e");
        if (usesRun || mayLieAhead) from = from.Join(SqlJoinKind.Cross, Table(run, "r"));
        return new SqlSelect([.. context.KeyItems("e"), instant.As(ModelContext.Cutoff), .. context.Anchors.Items("e"), .. ExistenceItem(instant)], from)
        {
            Where = [.. context.HasKey("e"), .. known, .. where],
        };
    }

    private SqlSelect AfterFirst(LogicalAfterFirst line)
    {
        var cutoff = Column("f", FirstAt).Shift(line.Offset);
        return new SqlSelect([.. context.KeyItems("f"), cutoff.As(ModelContext.Cutoff), .. ExistenceItem(cutoff)], Table(AddFirst(line), "f").Join(SqlJoinKind.Cross, Table(run, "r")))
        {
            Where = [cutoff.Is(SqlBinaryOperator.LessOrEqual, Column("r", RunStep.AsOf)), .. Conditions(line, cutoff, null)],
        };
    }

    private string AddFirst(LogicalAfterFirst line)
    {
        var source = context.WholeRows(line.Rows);
        return context.Add(
            $"first_{source.Source.Name}", $"the first such row of each {context.Model.Entity}",
            new SqlSelect([.. context.KeyItems("e"), Aggregate(SqlAggregateFunction.Min, Column("e", ModelContext.HappenedAt)).As(FirstAt)], Table(source.Step, "e"))
            {
                Where = [.. context.HasKey("e"), .. KnownBy(source, line.Offset), .. line.Rows.Filter is null ? [] : new[] { source.Rows("e").Lower(line.Rows.Filter) }],
                GroupBy = context.Keys("e"),
            });
    }

    /// <summary>The row is known by the cutoff that follows it (rule 25).</summary>
    private static IEnumerable<SqlExpression> KnownBy(SourceStep source, Language.Types.Duration offset)
    {
        if (source.Source.Knowledge is null) yield break;
        yield return source.KnownAt("e").Is(SqlBinaryOperator.LessOrEqual, Column("e", ModelContext.HappenedAt).Shift(offset));
    }

    /// <summary>Grids and stated instants, for every entity; when scoring, the run's instant takes their place.</summary>
    private IEnumerable<SqlSelect> EveryEntity()
    {
        var lines = context.Model.Observe.Where(NeedsExistence).ToList();
        if (lines.Count == 0) yield break;
        var seen = FirstSeen();
        if (isScoring)
        {
            yield return Pairs(seen, run, RunStep.AsOf);
            yield break;
        }
        foreach (var line in lines)
        {
            var instants = line is LogicalGrid grid
                ? AddGrid(grid)
                : context.Add("instants", "the stated instants", Instants((LogicalInstants)line));
            yield return Pairs(seen, instants, ModelContext.Cutoff);
        }
    }

    /// <summary>Adds a grid; where it is all that there is, scans may count its cutoffs.</summary>
    private string AddGrid(LogicalGrid grid)
    {
        var instants = AddAskedForOf(new GridStep(context, run).Add(grid));
        if (context.Model.Observe.Length == 1 && !grid.Step.IsCalendar) context.Grid = GridCutoffs.Add(context, instants, grid.Step);
        return instants;
    }

    private SqlSelect Pairs(string seen, string instants, string column) =>
        new([.. context.KeyItems("f"), Column("g", column).As(ModelContext.Cutoff), .. CarriesExistence ? [Column("f", ExistsFrom).As(ExistsFrom)] : ImmutableArray<SqlSelectItem>.Empty],
            Table(seen, "f").Join(SqlJoinKind.Cross, Table(instants, "g")));

    private SqlSelect Instants(LogicalInstants line)
    {
        var parts = line.Instants.Select(instant => (SqlQuery)new SqlSelect([new SqlTimestamp(instant).As(ModelContext.Cutoff)], null));
        var stated = context.Add("stated", "as written", new SqlUnionAll([.. parts]));
        return new SqlSelect([Column("i", ModelContext.Cutoff).As(ModelContext.Cutoff)], Table(stated, "i").Join(SqlJoinKind.Cross, Table(run, "r")))
        {
            Where = [Column("i", ModelContext.Cutoff).Is(SqlBinaryOperator.LessOrEqual, Column("r", RunStep.AsOf))],
        };
    }

    /// <summary>Adds the step of every entity and when it begins to exist, once.</summary>
    private string FirstSeen() => _firstSeen ??= context.Model.Population is { } population
        ? context.Add("declared", $"every {context.Model.Entity} that is declared, and from when on it exists", Declared(population))
        : context.Add("first_seen", $"every {context.Model.Entity}, from its first row on", FirstRows());

    /// <summary>Who is declared: from the stated instant on, but not before the row that says so was known; a row that never changes was always known.</summary>
    private SqlSelect Declared(LogicalPopulation population)
    {
        var source = context.WholeSources[population.Source];
        var since = population.Since is null ? null : source.Rows("e").Lower(population.Since);
        var from = new List<SqlExpression>();
        if (since is not null) from.Add(since);
        if (source.IsTimed) from.Add(source.KnownAt("e"));
        // A planned row is known before its own instant.
        if (since is null && source.Source.Knowledge is { IsPlanned: true }) from.Add(Column("e", ModelContext.HappenedAt));
        var exists = from.Count switch { 0 => BeforeAll, 1 => from[0], _ => Call(SqlFunction.Greatest, [.. from]) };
        return new SqlSelect([.. context.KeyItems("e"), Aggregate(SqlAggregateFunction.Min, exists).As(ExistsFrom)], Table(source.Step, "e"))
        {
            Where = [.. context.HasKey("e"), .. since is null ? [] : new[] { since.IsNotNull() }],
            GroupBy = context.Keys("e"),
        };
    }

    private SqlSelect FirstRows()
    {
        // An entity exists once a row that names it is known (rule 10); a row that never changes was always known.
        var sources = context.WholeSources.Values.Where(source => !source.Source.Keys.IsEmpty).ToImmutableArray();
        var known = sources.Length == 1 ? KnownAt(sources[0]) : Column("e", ModelContext.KnownAt);
        SqlTable rows = sources.Length == 1
            ? Table(sources[0].Step, "e")
            : new SqlDerivedTable(new SqlUnionAll([.. sources.Select(Known)]), Name("e"));
        return new SqlSelect([.. context.KeyItems("e"), Aggregate(SqlAggregateFunction.Min, known).As(ExistsFrom)], rows)
        {
            Where = [.. context.HasKey("e")],
            GroupBy = context.Keys("e"),
        };

        SqlQuery Known(SourceStep source) => new SqlSelect([.. context.KeyItems("e"), KnownAt(source).As(ModelContext.KnownAt)], Table(source.Step, "e"));

        static SqlExpression KnownAt(SourceStep source) => source.IsTimed ? source.KnownAt("e") : BeforeAll;
    }

    // A row is there when it happens, so its entity exists at its own cutoff.
    private IEnumerable<SqlSelectItem> ExistenceItem(SqlExpression cutoff) => CarriesExistence ? [new SqlSelectItem(cutoff, Name(ExistsFrom))] : [];

    private string AddUntil(string step, LogicalRows until)
    {
        var select = Select("c", step);
        var stopsAt = _stopsInFrames is null ? Column("u", StopsAt) : Column("c", _stopsInFrames);
        SqlExpression goesOn = new SqlIsNull(stopsAt, false);
        // An entity that has stopped is not scored any more (rule 26); in training its earlier cutoffs stay.
        if (!isScoring) goesOn = goesOn.Is(SqlBinaryOperator.Or, Column("c", ModelContext.Cutoff).Is(SqlBinaryOperator.Less, stopsAt));
        return context.Add("observed", $"cutoffs before the {context.Model.Entity} stopped", select with
        {
            From = _stopsInFrames is not null ? select.From : select.From!.Join(SqlJoinKind.Left, Table(Stops(until), "u"), context.SameEntity("u", "c")),
            Where = [goesOn],
        });
    }

    private string Stops(LogicalRows until)
    {
        var source = context.WholeRows(until);
        // A planned row that lies ahead has not stopped anyone yet.
        var mayLieAhead = source.Source.Knowledge is { IsPlanned: true };
        SqlTable rows = Table(source.Step, "e");
        if (mayLieAhead) rows = rows.Join(SqlJoinKind.Cross, Table(run, "r"));
        return context.Add(
            "stops", $"from its first such row on a {context.Model.Entity} has no cutoff",
            new SqlSelect([.. context.KeyItems("e"), Aggregate(SqlAggregateFunction.Min, Stopped(source)).As(StopsAt)], rows)
            {
                Where =
                [
                    .. mayLieAhead ? [Column("e", ModelContext.HappenedAt).Is(SqlBinaryOperator.LessOrEqual, Column("r", RunStep.AsOf))] : ImmutableArray<SqlExpression>.Empty,
                    .. until.Filter is null ? [] : ImmutableArray.Create(source.Rows("e").Lower(until.Filter)),
                ],
                GroupBy = context.Keys("e"),
            });
    }

    /// <summary>The row stops its entity from its own instant on, once it is known (rule 26).</summary>
    private static SqlExpression Stopped(SourceStep source)
    {
        var happened = Column("e", ModelContext.HappenedAt);
        if (source.Source.Knowledge is not { } known) return happened;
        return known.IsPlanned ? Call(SqlFunction.Greatest, happened, source.KnownAt("e")) : source.KnownAt("e");
    }

    private static bool UsesRun(LogicalBound? bound) => bound is { Instant: null };

    /// <summary>The bounds of a line, which say where training cutoffs lie, and its filter, which says what a cutoff is.</summary>
    private List<SqlExpression> Conditions(LogicalObserve line, SqlExpression cutoff, SqlExpression? filter)
    {
        var conditions = new List<SqlExpression>();
        if (filter is not null) conditions.Add(filter);
        if (isScoring) return conditions;
        if (line.From is not null) conditions.Add(cutoff.Is(SqlBinaryOperator.GreaterOrEqual, Bound(line.From)));
        if (line.Until is not null) conditions.Add(cutoff.Is(SqlBinaryOperator.Less, Bound(line.Until)));
        return conditions;
    }

    /// <summary>A bound as SQL; the run's step goes by the alias `r`.</summary>
    internal static SqlExpression Bound(LogicalBound bound) =>
        bound.Instant is { } instant ? new SqlTimestamp(instant) : Column("r", RunStep.AsOf).Shift(bound.Offset, bound.IsNegative);
}

/// <summary>A step after which rows are counted, under the words that the run prints for it.</summary>
internal sealed record CountedStep(string Words, string Step);
