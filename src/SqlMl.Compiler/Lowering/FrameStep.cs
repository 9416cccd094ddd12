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
    internal const string IsCutoff = "is_cutoff";

    /// <summary>True when some scan is carried out by frames.</summary>
    internal bool IsNeeded => Scans.Any();

    /// <summary>The values that the frames compute, in the order of the plan.</summary>
    internal ImmutableArray<string> Columns => [.. Scans.SelectMany(scan => scan.Aggregates).Select(aggregate => aggregate.Name)];

    private IEnumerable<LogicalScan> Scans =>
        context.Model.Scans.Concat(isScoring ? [] : context.Model.LabelScans)
            .Where(scan => scan.Strategy == ScanStrategy.Frame && scan.Source == source.Source.Name);

    /// <summary>Adds the step: keys, instant, the values, and whether the row is a cutoff where only some are.</summary>
    internal string Add(ImmutableArray<SqlExpression> isCutoff, string? run)
    {
        var items = context.KeyItems("e").ToList();
        items.Add(Column("e", ModelContext.HappenedAt).As(ModelContext.HappenedAt));
        if (!isCutoff.IsEmpty) items.Add(SqlTerms.AllOf(isCutoff).As(IsCutoff));
        foreach (var scan in Scans)
        {
            var lowering = new AggregateLowering(source.Rows("e"), Column("e", ModelContext.HappenedAt), aggregate => Over(aggregate, Frame(scan.Window)));
            items.AddRange(scan.Aggregates.Select(aggregate => lowering.Lower(aggregate).As(aggregate.Name)));
        }
        SqlTable from = Table(source.Step, "e");
        if (run is not null) from = from.Join(SqlJoinKind.Cross, Table(run, "r"));
        var boundary = context.Model.IsBefore ? "before the row's own instant" : "up to the row's own instant";
        return context.Add($"{source.Source.Name}_history", $"what each row of {source.Source.Name} could see {boundary}", new SqlSelect([.. items], from) { Where = [.. context.HasKey("e")] });
    }

    private SqlWindowAggregate Over(SqlAggregate aggregate, SqlFrame frame) =>
        new(aggregate, context.Keys("e"), [Ascending(Column("e", ModelContext.Instant))], frame);

    private SqlFrame Frame(LogicalWindow window)
    {
        var gap = window.Gap?.Microseconds ?? 0;
        if (window.IsFuture) return new SqlFrame(false, new SqlOffset(gap + 1), new SqlOffset(gap + window.Length!.Microseconds));
        // Mode `at`: (t - G - D, t - G]; mode `before`: [t - G - D, t - G).
        var shift = context.Model.IsBefore ? 0 : 1;
        SqlFrameBound start = window.Length is null ? new SqlUnbounded() : Preceding(gap + window.Length.Microseconds - shift);
        return new SqlFrame(false, start, Preceding(gap + 1 - shift));
    }

    private static SqlFrameBound Preceding(long distance) => distance == 0 ? new SqlCurrentRow() : new SqlOffset(-distance);
}
