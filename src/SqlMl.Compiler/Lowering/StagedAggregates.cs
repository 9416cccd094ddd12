using System.Collections.Immutable;
using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// Aggregates that take two steps: what the rows of each window give, then the value made of it. Engines have functions for some of them, but leave
/// open which of several modes they give, or add floating numbers in the order in which threads meet the rows.
/// </summary>
/// <param name="context">The query.</param>
/// <param name="scanned">The rows `e` of each window.</param>
internal sealed class StagedAggregates(ModelContext context, ScannedRows scanned)
{
    private readonly Dictionary<string, string> _countSteps = new(StringComparer.Ordinal);
    private readonly string _value = context.Own("value");
    private readonly string _frequency = context.Own("frequency");
    private readonly string _elapsed = context.Own("elapsed");

    private static SqlExpression HappenedAt => Column("e", ModelContext.HappenedAt);

    /// <summary>Adds the steps of one aggregate and returns the last: key, cutoff, and the value under the aggregate's name.</summary>
    internal string Add(LogicalAggregate aggregate, AggregateForm form) => form switch
    {
        AggregateForm.ValueCounts => AddOfCounts(aggregate),
        AggregateForm.Gaps => AddLongestGap(aggregate),
        AggregateForm.Slope => AddTrend(aggregate),
        _ => throw new InvalidOperationException($"{form} takes one step."),
    };

    private string AddOfCounts(LogicalAggregate aggregate)
    {
        var counts = AddCounts(aggregate);
        var value = Column("c", _value);
        // The most frequent value first, of equally frequent ones the smallest (rule 35).
        ImmutableArray<SqlOrder> ranking = [Descending(Column("c", _frequency)), Ascending(value)];
        switch (aggregate.Definition.Name)
        {
            case "mode":
                var select = new SqlSelect(Items("c", value.As(aggregate.Name)), Table(counts, "c"))
                {
                    Qualify = new SqlRowNumber(Window("c"), ranking).EqualTo(Integer(1)),
                };
                return context.Add($"{aggregate.Name}_mode", "the most frequent value", select);
            case "top_values":
                var first = new SqlFirstValues(value, ranking, (long)AggregateLowering.Constant(aggregate));
                return AddGrouped($"{aggregate.Name}_top", "the most frequent values", counts, "c", first.As(aggregate.Name));
            default:
                return AddGrouped($"{aggregate.Name}_entropy", "how evenly the values are spread, in bits", counts, "c", Entropy().As(aggregate.Name));
        }
    }

    /// <summary>Adds how often each value occurs, once for all aggregates that ask for the same values.</summary>
    private string AddCounts(LogicalAggregate aggregate)
    {
        var key = $"{PlanText.Print(aggregate.Arguments[0])}\n{(aggregate.Filter is null ? "" : PlanText.Print(aggregate.Filter))}";
        if (_countSteps.TryGetValue(key, out var known)) return known;
        var value = scanned.Values.Lower(aggregate.Arguments[0]);
        var select = scanned.Select([value.As(_value), Aggregate(SqlAggregateFunction.Count, null).As(_frequency)], Conditions(aggregate, value)) with
        {
            GroupBy = [.. scanned.Window, value],
        };
        var step = context.Add($"{aggregate.Name}_counts", $"{scanned.Comment}: how often each value occurs", select);
        _countSteps.Add(key, step);
        return step;
    }

    /// <summary>
    /// With n rows of a value and N of all: log2 N - sum(n log2 n) / N, which is -sum(p log2 p). Taken times N over exact decimals, it is exactly 0
    /// for one value, and does not depend on the order of rows.
    /// </summary>
    private SqlBinary Entropy()
    {
        var frequency = Column("c", _frequency);
        var total = Sum(frequency);
        var ofParts = Sum(new SqlCast(NLogN(frequency), SqlType.Decimal));
        return new SqlCast(NLogN(total), SqlType.Decimal).Is(SqlBinaryOperator.Subtract, ofParts).AsDouble().Is(SqlBinaryOperator.Divide, total);
    }

    private static SqlBinary NLogN(SqlExpression n) => n.Is(SqlBinaryOperator.Multiply, Call(SqlFunction.Log2, n));

    private string AddLongestGap(LogicalAggregate aggregate)
    {
        var before = new SqlLag(HappenedAt, scanned.Window, [Ascending(HappenedAt)]);
        var select = scanned.Select([Call(SqlFunction.MicrosecondsBetween, before, HappenedAt).As(_elapsed)], Conditions(aggregate, null));
        var gaps = context.Add($"{aggregate.Name}_gaps", $"{scanned.Comment}: the time since the row before, in microseconds", select);
        var longest = Aggregate(SqlAggregateFunction.Max, Column("g", _elapsed)).AsDouble().Is(SqlBinaryOperator.Divide, Integer(Duration.Day));
        return AddGrouped($"{aggregate.Name}_longest", "the longest of them, in days", gaps, "g", longest.As(aggregate.Name));
    }

    /// <summary>
    /// With n points, t the time since the first and x the value: (n sum(tx) - sum(t) sum(x)) / (n sum(tt) - sum(t) sum(t)), null where all t are 0.
    /// The sums are exact, so the slope does not depend on the order of rows; counting time from the first row keeps them small.
    /// </summary>
    private string AddTrend(LogicalAggregate aggregate)
    {
        var value = scanned.Values.Lower(aggregate.Arguments[0]);
        var first = new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Min, HappenedAt), scanned.Window, [], null);
        var select = scanned.Select(
        [
            new SqlCast(Call(SqlFunction.MicrosecondsBetween, first, HappenedAt), SqlType.Whole).As(_elapsed),
            new SqlCast(value, SqlType.Decimal).As(_value),
        ], Conditions(aggregate, value));
        var points = context.Add($"{aggregate.Name}_points", $"{scanned.Comment}: values, and the time since the first in microseconds", select);

        var (t, x) = (Column("p", _elapsed), Column("p", _value));
        var slope = Integer(Duration.Day).Is(SqlBinaryOperator.Multiply, Spread(t, x))
            .Is(SqlBinaryOperator.Divide, Call(SqlFunction.NullIf, Spread(t, t), Integer(0)));
        return AddGrouped($"{aggregate.Name}_slope", "the slope of the line through them, a day", points, "p", slope.As(aggregate.Name));
    }

    private static SqlBinary Spread(SqlExpression left, SqlExpression right)
    {
        var products = Sum(left.Is(SqlBinaryOperator.Multiply, right)).AsDouble();
        return Aggregate(SqlAggregateFunction.Count, null).Is(SqlBinaryOperator.Multiply, products)
            .Is(SqlBinaryOperator.Subtract, Sum(left).AsDouble().Is(SqlBinaryOperator.Multiply, Sum(right).AsDouble()));
    }

    private string AddGrouped(string name, string what, string step, string alias, SqlSelectItem value) =>
        context.Add(name, what, new SqlSelect(Items(alias, value), Table(step, alias)) { GroupBy = Window(alias) });

    private static SqlAggregate Sum(SqlExpression argument) => Aggregate(SqlAggregateFunction.Sum, argument);

    private ImmutableArray<SqlExpression> Conditions(LogicalAggregate aggregate, SqlExpression? value) =>
    [
        .. aggregate.Filter is null ? [] : new[] { scanned.Values.Lower(aggregate.Filter) },
        .. value is null ? [] : new[] { value.IsNotNull() },
    ];

    /// <summary>What is the same for all rows of one window: key, cutoff, and the columns of the anchor that rows are compared with.</summary>
    private ImmutableArray<SqlExpression> Window(string alias) => [.. WindowColumns.Select(name => Column(alias, name))];

    private ImmutableArray<SqlSelectItem> Items(string alias, SqlSelectItem value) => [.. WindowColumns.Select(name => Column(alias, name).As(name)), value];

    private IEnumerable<string> WindowColumns => [.. context.Model.Keys, ModelContext.Cutoff, .. context.Anchors.InScans];
}
