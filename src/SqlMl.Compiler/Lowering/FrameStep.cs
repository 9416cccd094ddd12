using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// Aggregates as window frames over the rows of the source whose rows are the cutoffs. The order key is the instant in whole microseconds,
/// so a window that ends a microsecond before or after an instant is exact.
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

    /// <summary>True when some scan is carried out by frames.</summary>
    internal bool IsNeeded => Scans.Any();

    /// <summary>True when the row from which on an entity has no cutoff is one of these rows, so that it is found in the same pass.</summary>
    internal bool FindsStops => context.Model.Until is { Side: null } until && until.Source == source.Source.Name;

    /// <summary>The values that the frames compute, in the order of the plan.</summary>
    internal ImmutableArray<string> Columns => [.. Scans.SelectMany(scan => scan.Aggregates).Select(aggregate => aggregate.Name)];

    private IEnumerable<LogicalScan> Scans =>
        context.Model.Scans.Concat(isScoring ? [] : context.Model.LabelScans)
            .Where(scan => scan.Strategy == ScanStrategy.Frame && scan.Source == source.Source.Name);

    /// <summary>
    /// Adds two steps: what each row adds to each value (small columns, so that wide ones are dropped before the rows are sorted),
    /// and that summed over what the row could see. Returns the second: keys, instant, the values, and whether the row is a cutoff where only some are.
    /// </summary>
    internal string Add(ImmutableArray<SqlExpression> isCutoff, string? run)
    {
        var marks = Shared("e", ModelContext.HappenedAt);
        if (!isCutoff.IsEmpty) marks.Add(SqlTerms.AllOf(isCutoff).As(IsCutoff));
        var values = Shared("m", HappenedAt);
        if (!isCutoff.IsEmpty) values.Add(Column("m", IsCutoff).As(IsCutoff));
        if (FindsStops)
        {
            var filter = context.Model.Until!.Filter;
            var instant = Column("e", ModelContext.HappenedAt);
            marks.Add((filter is null ? (SqlExpression)instant : When(source.Rows("e").Lower(filter), instant)).As(StopsAt));
            values.Add(new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Min, Column("m", StopsAt)), context.Keys("m"), [], null).As(StopsAt));
        }
        foreach (var item in context.Anchors.Items("e"))
        {
            marks.Add(item);
            values.Add(Column("m", item.Alias!.Name).As(item.Alias.Name));
        }
        foreach (var scan in Scans)
        {
            foreach (var aggregate in scan.Aggregates) values.Add(Value(aggregate, Frame(scan.Window), marks).As(aggregate.Name));
        }
        marks.Insert(context.Model.Keys.Length, Column("e", ModelContext.Instant).As(_instant));

        SqlTable from = Table(source.Step, "e");
        if (run is not null) from = from.Join(SqlJoinKind.Cross, Table(run, "r"));
        var name = source.Source.Name;
        var marked = context.Add($"{name}_marks", $"what each row of {name} adds to each value", new SqlSelect([.. marks], from) { Where = [.. context.HasKey("e")] });
        var boundary = context.Model.IsBefore ? "before its own instant" : "up to its own instant";
        return context.Add($"{name}_history", $"what each row of {name} could see {boundary}", new SqlSelect([.. values], Table(marked, "m")));
    }

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
