using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// What an incremental build compares with the build before: fingerprints of the rows that the model reads, as its steps read them, so that a change in a joined table, a part of
/// a union or a later known column is one of the rows it changes; and the instants that decide which cutoffs count.
/// </summary>
internal sealed class WatchSteps
{
    private readonly ModelContext _context;
    private readonly string _run;
    private readonly List<SqlQuery> _parts = [];
    private readonly ImmutableArray<WatchedRows>.Builder _rows = ImmutableArray.CreateBuilder<WatchedRows>();
    private readonly ImmutableArray<WatchedLimit>.Builder _limits = ImmutableArray.CreateBuilder<WatchedLimit>();
    private readonly List<SqlQuery> _instants = [];

    internal WatchSteps(ModelContext context, CutoffSteps cutoffs, string run)
    {
        (_context, _run) = (context, run);
        AddSources(context, null);
        foreach (var deciding in cutoffs.AddDeciding())
        {
            var instant = Column("e", deciding.Instant);
            var keys = deciding.Rows.Kind == WatchedKind.Grid ? [] : context.Keys("e");
            AddPart(deciding.Rows, instant, [.. keys, instant], Table(deciding.Step, "e"));
        }
        AddLimits(cutoffs);
    }

    /// <summary>What is watched by its rows, in the order of `part`.</summary>
    internal ImmutableArray<WatchedRows> Rows => _rows.ToImmutable();

    /// <summary>What is watched by an instant, in the order of `ordinal`.</summary>
    internal ImmutableArray<WatchedLimit> Limits => _limits.ToImmutable();

    /// <summary>`part`, `day`, `row_count`, `fingerprint`.</summary>
    internal SqlWith Fingerprints() => Finish(_parts, "fingerprints", "each day's rows in short", ["part", "day", "row_count", "fingerprint"]);

    /// <summary>`ordinal`, `instant`.</summary>
    internal SqlWith Instants()
    {
        if (_instants.Count == 0)
        {
            _instants.Add(new SqlSelect([Integer(0).As("ordinal"), new SqlCast(new SqlNull(), SqlType.Timestamp).As("instant")], null) { Where = [new SqlBoolean(false)] });
        }
        return Finish(_instants, "limits", "the instants that divide cutoffs", ["ordinal", "instant"]);
    }

    private SqlWith Finish(List<SqlQuery> parts, string name, string comment, ReadOnlySpan<string> columns)
    {
        var step = _context.Add(name, comment, parts.Count == 1 ? parts[0] : new SqlUnionAll([.. parts]));
        var items = ImmutableArray.CreateBuilder<SqlSelectItem>();
        foreach (var column in columns) items.Add(Column("w", column).As(column));
        return _context.Finish(new SqlSelect(items.ToImmutable(), Table(step, "w")));
    }

    /// <summary>Watches the sources that one entity's values read, and those of the entities that it is linked to.</summary>
    /// <param name="context">The query, its sources added.</param>
    /// <param name="members">The source that says who is a member, where the values are those of members.</param>
    private void AddSources(ModelContext context, string? members)
    {
        foreach (var source in context.Model.Sources)
        {
            var reaches = RowReaches.Of(context.Model, source);
            // Whoever any row names beside the entity may be a member.
            if (source.Name == members && !reaches.Contains(RowReach.Always)) reaches = reaches.Add(RowReach.Always with { End = Later(context.Model) });
            if (!reaches.IsEmpty) AddSource(context, context.Sources[source.Name], reaches);
        }
        foreach (var rollup in context.Model.Rollups.Concat(context.Model.LabelRollups)) AddOther(context, rollup.Values, rollup.Source);
        foreach (var link in context.Model.Links.Concat(context.Model.LabelLinks)) AddOther(context, link.Values, null);
    }

    private static CompiledOffset Later(LogicalModel values) => Reaches.Move(values.Later, 1) ?? CompiledOffset.Cutoff;

    private void AddOther(ModelContext context, LogicalModel values, string? members)
    {
        var inner = new ModelContext(context, values);
        SourceSteps.Add(inner, values.Sources);
        AddSources(inner, members);
    }

    private void AddSource(ModelContext context, SourceStep read, ImmutableArray<RowReach> reaches)
    {
        var source = read.Source;
        // On sides a row is watched once, with everybody who stands on it.
        var step = SideSteps.Whole(read);
        var columns = new List<SqlExpression>();
        foreach (var side in SideSteps.KeyNames(source, context.Model.Keys))
        {
            foreach (var key in side) columns.Add(Column("e", key));
        }
        if (step.IsTimed) columns.Add(Column("e", ModelContext.HappenedAt));
        if (source.Knowledge is not null) columns.Add(step.KnownAt("e"));
        foreach (var place in step.Columns.Values)
        {
            foreach (var name in place.Names) columns.Add(Column("e", name));
        }
        if (columns.Count == 0) columns.Add(Integer(1));
        SqlTable rows = Table(step.Step, "e");
        if (IsReadByNow(context, source))
        {
            // What is known by the run's instant is another thing when that instant moves.
            rows = rows.Join(SqlJoinKind.Cross, Table(_run, "r"));
            foreach (var place in step.Columns.Values)
            {
                if (place.KnownAt is not null) columns.Add(Column("e", place.KnownAt).Is(SqlBinaryOperator.LessOrEqual, Column("r", RunStep.AsOf)));
            }
        }
        if (!step.IsTimed)
        {
            AddPart(new WatchedRows(WatchedKind.StaticRows, source.Name, true, reaches), null, [.. columns], rows);
            return;
        }
        var happened = Column("e", ModelContext.HappenedAt);
        var watched = new WatchedRows(WatchedKind.Rows, source.Name, true, reaches);
        AddPart(watched, happened, [.. columns], rows);
        if (source.Nature != SourceNature.Validity || !step.HasEnd) return;
        // That a state is over matters from its end on: it is watched apart from what began.
        var end = Column("e", ModelContext.HeldUntil);
        AddPart(watched, Call(SqlFunction.Greatest, happened, end), [.. columns, end], rows, end.IsNotNull());
    }

    private static bool IsReadByNow(ModelContext context, LogicalSource source) =>
        context.Model.Observe.Any(line => line is LogicalEach each && each.Rows.Source == source.Name)
        && (context.Anchors.ReadsByNow(context.Model.Label) || (context.Model.Given is { } given && context.Anchors.ReadsByNow(given)));

    private void AddPart(WatchedRows rows, SqlExpression? instant, ImmutableArray<SqlExpression> columns, SqlTable from, SqlExpression? condition = null)
    {
        _rows.Add(rows);
        var day = instant is null ? new SqlCast(new SqlNull(), SqlType.Timestamp) : rows.IsDaily ? Call(SqlFunction.StartOfDay, instant) : instant;
        _parts.Add(new SqlSelect(
            [
                Integer(_rows.Count).As("part"), day.As("day"), Aggregate(SqlAggregateFunction.Count, null).As("row_count"), new SqlRowsHash(columns).As("fingerprint"),
            ],
            from)
        {
            Where = condition is null ? [] : [condition],
            GroupBy = instant is null ? [] : [day],
        });
    }

    private void AddLimits(CutoffSteps cutoffs)
    {
        var model = _context.Model;
        if (!model.AllowImmature) Add(new WatchedLimit(LimitKind.Maturity, RowReaches.OfEnds(model.Maturity)), Column("r", RunStep.KnownUntil), Table(_run, "r"));
        foreach (var dividing in cutoffs.Dividers()) Add(dividing.Limit, dividing.Instant, Table(_run, "r"));
        if (model.History is { } history)
        {
            var begins = Reaches.Move(history.Length, -1)!;
            Add(new WatchedLimit(LimitKind.History, [new RowReach(begins, begins)]), Column("h", HistoryStep.StartsAt), Table(new HistoryStep(_context).AddStarts(history), "h"));
        }

        void Add(WatchedLimit limit, SqlExpression instant, SqlTable from)
        {
            // A label without a window is complete at once.
            if (limit.Reaches.IsEmpty) return;
            _limits.Add(limit);
            _instants.Add(new SqlSelect([Integer(_limits.Count).As("ordinal"), instant.As("instant")], from));
        }
    }
}
