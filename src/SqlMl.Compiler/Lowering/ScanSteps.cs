using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Aggregates by joining cutoffs with the rows in their window: exact for every aggregate and every cutoff.</summary>
/// <param name="context">The query.</param>
/// <param name="spine">The step of distinct entities and cutoffs.</param>
internal sealed class ScanSteps(ModelContext context, string spine)
{
    /// <summary>Adds the steps of a scan and returns where each of its values stands.</summary>
    internal IEnumerable<ScannedValue> Add(LogicalScan scan)
    {
        var grouped = scan.Aggregates.Where(aggregate => !AggregateLowering.PicksRow(aggregate)).ToImmutableArray();
        if (grouped.Length > 0)
        {
            var step = AddGrouped(scan, grouped);
            foreach (var aggregate in grouped) yield return new ScannedValue(step, aggregate);
        }
        foreach (var aggregate in scan.Aggregates.Where(AggregateLowering.PicksRow))
        {
            yield return new ScannedValue(AddPicked(scan, aggregate), aggregate);
        }
    }

    private string AddGrouped(LogicalScan scan, ImmutableArray<LogicalAggregate> aggregates)
    {
        var source = context.Sources[scan.Source];
        var lowering = new AggregateLowering(source.Rows("e"), Column("e", ModelContext.HappenedAt), aggregate => aggregate);
        var select = Select(scan, aggregates.SelectAsArray(aggregate => lowering.Lower(aggregate).As(aggregate.Name)));
        return context.Add(StepName(scan), Comment(scan), select with { GroupBy = [.. context.Keys("s"), Column("s", ModelContext.Cutoff)] });
    }

    /// <summary>The one row of each window whose value counts; rows of one instant are ordered by the value (rule 34).</summary>
    private string AddPicked(LogicalScan scan, LogicalAggregate aggregate)
    {
        var source = context.Sources[scan.Source];
        var rows = source.Rows("e");
        var value = rows.Lower(aggregate.Arguments[0]);
        var isByKey = aggregate.Arguments.Length == 2;
        var key = isByKey ? rows.Lower(aggregate.Arguments[1]) : Column("e", ModelContext.HappenedAt);
        var isLast = aggregate.Definition.Name is "last" or "max_by";
        var order = new SqlRowNumber(
            [.. context.Keys("s"), Column("s", ModelContext.Cutoff)],
            isLast ? [Descending(key), Descending(value)] : [Ascending(key), Ascending(value)]);
        var conditions = ImmutableArray.CreateBuilder<SqlExpression>();
        if (aggregate.Filter is not null) conditions.Add(rows.Lower(aggregate.Filter));
        if (isByKey) conditions.Add(key.IsNotNull());
        var select = Select(scan, [value.As(aggregate.Name)]) with { Where = conditions.ToImmutable(), Qualify = order.EqualTo(Integer(1)) };
        return context.Add($"{aggregate.Name}_row", $"{Comment(scan)}: the row that {aggregate.Definition.Name} takes", select);
    }

    private SqlSelect Select(LogicalScan scan, ImmutableArray<SqlSelectItem> values)
    {
        var source = context.Sources[scan.Source];
        var on = context.SameEntity("e", "s").AddRange(Bounds(scan.Window));
        var from = Table(spine, "s").Join(SqlJoinKind.Inner, Table(source.Step, "e"), on);
        return new SqlSelect([.. context.KeyItems("s"), Column("s", ModelContext.Cutoff).As(ModelContext.Cutoff), .. values], from);
    }

    private IEnumerable<SqlExpression> Bounds(LogicalWindow window)
    {
        var instant = Column("e", ModelContext.HappenedAt);
        var cutoff = Column("s", ModelContext.Cutoff);
        if (window.IsFuture)
        {
            yield return instant.Is(SqlBinaryOperator.Greater, cutoff.Shift(window.Gap));
            yield return instant.Is(SqlBinaryOperator.LessOrEqual, cutoff.Shift(window.Gap, window.Length));
            yield break;
        }
        yield return instant.Is(context.Model.IsBefore ? SqlBinaryOperator.Less : SqlBinaryOperator.LessOrEqual, cutoff.Shift(window.Gap, isEarlier: true));
        if (window.Length is not null)
        {
            yield return instant.Is(context.Model.IsBefore ? SqlBinaryOperator.GreaterOrEqual : SqlBinaryOperator.Greater, cutoff.Shift(window.Gap, window.Length, isEarlier: true));
        }
    }

    private static string StepName(LogicalScan scan)
    {
        var window = scan.Window;
        var length = window.Length is null ? "all" : window.Length.Suffix;
        var gap = window.Gap is null ? "" : window.IsFuture ? $"_after_{window.Gap.Suffix}" : $"_until_{window.Gap.Suffix}_ago";
        return $"{scan.Source}_{(window.IsFuture ? "next_" : "")}{length}{gap}";
    }

    private string Comment(LogicalScan scan) => $"{scan.Source} in {PlanText.Print(scan.Window, context.Model.IsBefore)}, t being the cutoff";
}

/// <summary>A value that a scan computed: the step that holds it, under the aggregate's name.</summary>
internal sealed record ScannedValue(string Step, LogicalAggregate Aggregate);
