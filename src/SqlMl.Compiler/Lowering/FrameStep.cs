using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// Aggregates computed beside each row of the source whose rows are the cutoffs: as window frames, or as differences of running sums. The order key is the instant
/// in whole microseconds, so a window that ends a microsecond before or after an instant is exact.
/// </summary>
internal sealed class FrameStep(ModelContext context, SourceStep source, bool isScoring)
{
    /// <summary>The column that says which rows are cutoffs.</summary>
    internal string IsCutoff { get; } = context.Own("is_cutoff");

    /// <summary>The column of the instant from which on the entity has no cutoff.</summary>
    internal string StopsAt { get; } = context.Own("stops_at");

    /// <summary>The column of the row's own instant.</summary>
    internal string HappenedAt { get; } = context.Own(ModelContext.HappenedAt);

    private readonly string _instant = context.Own(ModelContext.Instant);

    /// <summary>True when some scan is carried out beside the rows.</summary>
    internal bool IsNeeded => Scans.Any();

    /// <summary>True when the row from which on an entity has no cutoff is one of these rows, all of them being read, so that it is found in the same pass.</summary>
    internal bool FindsStops => context.Model.Until is { Side: null } until && until.Source == source.Source.Name && source.Step == context.WholeSources[until.Source].Step;

    /// <summary>The values that are computed, in the order of the plan.</summary>
    internal ImmutableArray<string> Columns => [.. Scans.SelectMany(scan => scan.Aggregates).Select(aggregate => aggregate.Name)];

    private IEnumerable<LogicalScan> Scans =>
        context.Model.Scans.Concat(isScoring ? [] : context.Model.LabelScans)
            .Where(scan => scan.IsBesideRows && scan.Source == source.Source.Name);

    /// <summary>
    /// Adds two steps: what each row adds to each value (small columns, so that wide ones are dropped before the rows are sorted),
    /// and that summed over what the row could see. Running sums take a step for what they were where windows begin, and one for the differences; counts of distinct
    /// values one for where runs begin and end. Returns the last: keys, instant, the values, and whether the row is a cutoff where only some are.
    /// </summary>
    internal string Add(ImmutableArray<SqlExpression> isCutoff, string? run)
    {
        var marks = Shared("e", ModelContext.HappenedAt);
        var carried = new List<string>();
        if (!isCutoff.IsEmpty)
        {
            marks.Add(SqlTerms.AllOf(isCutoff).As(IsCutoff));
            carried.Add(IsCutoff);
        }
        var stops = ImmutableArray<SqlSelectItem>.Empty;
        if (FindsStops)
        {
            var filter = context.Model.Until!.Filter;
            var instant = Column("e", ModelContext.HappenedAt);
            marks.Add((filter is null ? (SqlExpression)instant : When(source.Rows("e").Lower(filter), instant)).As(StopsAt));
            stops = [new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Min, Column("m", StopsAt)), context.Keys("m"), [], null).As(StopsAt)];
        }
        foreach (var item in context.Anchors.Items("e"))
        {
            marks.Add(item);
            carried.Add(item.Alias!.Name);
        }
        var sums = new RunningSums(context, new SumNames(Scans.SelectMany(scan => scan.Aggregates.Where(aggregate => IsOfSums(scan, aggregate)))), _instant);
        if (context.Dialect.PacksCounts)
        {
            Differences(sums);
            sums.Pack();
        }
        var differences = Differences(sums);
        var lookups = sums.Lookups.ToList();
        // What rows of one instant agree in stands in a step before that of the frames: where there are two anyway, it goes with the sums, and the rows are not sorted once more.
        var isBesideSums = lookups.Count > 0;
        var (frames, picks) = (new List<SqlSelectItem>(), new List<SqlSelectItem>());
        var pickedRows = new PickedFrames(context, source, _instant, isBesideSums ? "s" : "m");
        foreach (var scan in Scans.Where(scan => scan.Strategy == ScanStrategy.Frame))
        {
            foreach (var aggregate in scan.Aggregates)
            {
                if (IsPacked(scan, aggregate)) continue;
                if (AggregateLowering.FormOf(aggregate) == AggregateForm.PickedRow) picks.Add(pickedRows.Value(aggregate, Frame(scan.Window)).As(aggregate.Name));
                else frames.Add(Value(aggregate, Frame(scan.Window), marks).As(aggregate.Name));
            }
        }
        marks.Insert(context.Model.Keys.Length, Column("e", ModelContext.Instant).As(_instant));
        marks.AddRange(pickedRows.Marks);
        marks.AddRange(sums.Marks);

        SqlTable from = Table(source.Step, "e");
        if (run is not null) from = from.Join(SqlJoinKind.Cross, Table(run, "r"));
        var name = source.Source.Name;
        var step = context.Add($"{name}_marks", $"what each row of {name} adds to each value", new SqlSelect([.. marks], from) { Where = [.. context.HasKey("e")] });
        var boundary = context.Model.IsBefore ? "before its own instant" : "up to its own instant";
        var history = $"what each row of {name} could see {boundary}";
        SqlSelectItem[] before = [.. Shared("m", HappenedAt), .. Carry("m", carried.Take(isCutoff.IsEmpty ? 0 : 1)), .. stops, .. Carry("m", carried.Skip(isCutoff.IsEmpty ? 0 : 1)), .. frames, .. isBesideSums ? [] : picks];
        if (pickedRows.Agreed.Count > 0 && !isBesideSums)
        {
            step = context.Add($"{name}_instants", "of the rows of one instant, the value that counts", new SqlSelect([AllOf("m"), .. pickedRows.Agreed], Table(step, "m")));
        }
        if (differences.Count == 0) return context.Add($"{name}_history", history, new SqlSelect([.. before], Table(step, "m")));

        if (sums.Flags.Count > 0) step = context.Add($"{name}_runs", "where runs of equal values begin and end", new SqlSelect([AllOf("m"), .. sums.Flags], Table(step, "m")));
        var since = Scans.Any(scan => scan.Strategy == ScanStrategy.RunningSums) ? ", since the first row" : "";
        var packed = sums.IsPacked ? "; two counts to a number, each of fewer than 2^31 rows" : "";
        var agreed = isBesideSums ? Carry("m", pickedRows.Carried).Concat(pickedRows.Agreed) : [];
        step = context.Add(
            $"{name}_sums", $"{history}{since}{packed}", new SqlSelect([.. before, Column("m", _instant).As(_instant), .. sums.Sums, .. agreed], Table(step, "m")));
        if (isBesideSums) step = context.Add($"{name}_lookups", "the same where each window begins", new SqlSelect([AllOf("s"), .. lookups, .. picks], Table(step, "s")));
        IEnumerable<string> kept = [.. carried, .. FindsStops ? [StopsAt] : ImmutableArray<string>.Empty, .. frames.Concat(picks).Select(frame => frame.Alias!.Name)];
        return context.Add($"{name}_history", $"{history}, window by window", new SqlSelect([.. Shared("s", HappenedAt), .. Carry("s", kept), .. differences], Table(step, "s")));
    }

    private bool IsOfSums(LogicalScan scan, LogicalAggregate aggregate) => scan.Strategy == ScanStrategy.RunningSums || IsPacked(scan, aggregate);

    /// <summary>Several counts over one frame share sums where the dialect packs them.</summary>
    private bool IsPacked(LogicalScan scan, LogicalAggregate aggregate) =>
        context.Dialect.PacksCounts && scan.Strategy == ScanStrategy.Frame && AggregateLowering.Counts(aggregate) > 0 && scan.Aggregates.Sum(AggregateLowering.Counts) > 1;

    /// <summary>The values that are made of sums, each of its own or two to a number.</summary>
    private List<SqlSelectItem> Differences(RunningSums sums)
    {
        var differences = new List<SqlSelectItem>();
        var rows = source.Rows("e");
        foreach (var scan in Scans)
        {
            foreach (var aggregate in scan.Aggregates)
            {
                if (scan.Strategy == ScanStrategy.RunningSums) differences.Add(sums.Value(aggregate, scan.Window, rows).As(aggregate.Name));
                else if (IsPacked(scan, aggregate)) differences.Add(sums.Value(aggregate, Frame(scan.Window), rows).As(aggregate.Name));
            }
        }
        return differences;
    }

    private static IEnumerable<SqlSelectItem> Carry(string alias, IEnumerable<string> names) => names.Select(name => Column(alias, name).As(name));

    private List<SqlSelectItem> Shared(string alias, string happenedAt) =>
        [.. context.KeyItems(alias), Column(alias, happenedAt).As(HappenedAt)];

    private SqlExpression Value(LogicalAggregate aggregate, SqlFrame frame, List<SqlSelectItem> marks)
    {
        var parts = 0;
        return new AggregateLowering(source.Rows("e"), Column("e", ModelContext.HappenedAt), Over).Lower(aggregate);

        SqlExpression Over(SqlAggregate computed)
        {
            if (computed.Argument is { } argument)
            {
                var mark = context.Reserve(parts++ == 0 ? aggregate.Name : $"{aggregate.Name}_{parts}");
                marks.Add(argument.As(mark));
                computed = computed with { Argument = Column("m", mark) };
            }
            return new SqlWindowAggregate(
                computed, context.Keys("m"), [Ascending(Column("m", _instant))], frame);
        }
    }

    private SqlFrame Frame(LogicalWindow window)
    {
        var gap = window.Gap?.Microseconds ?? 0;
        if (window.IsFuture) return new SqlFrame(false, new SqlOffset(gap + 1), new SqlOffset(gap + window.Length!.Microseconds));
        // All that was there by a later instant: no other window as of a later cutoff is a frame.
        if (window.Later is { } later) return new SqlFrame(false, new SqlUnbounded(), new SqlOffset(later.Microseconds));
        // Mode `at`: (t - G - D, t - G]; mode `before`: [t - G - D, t - G).
        var shift = context.Model.IsBefore ? 0 : 1;
        SqlFrameBound start = window.Length is null ? new SqlUnbounded() : Preceding(gap + window.Length.Microseconds - shift);
        return new SqlFrame(false, start, Preceding(gap + 1 - shift));
    }

    private static SqlFrameBound Preceding(long distance) => distance == 0 ? new SqlCurrentRow() : new SqlOffset(-distance);
}
