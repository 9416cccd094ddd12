using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// What pivots learned, as queries read it (rule 39): one row for each pivot, whose columns are the values by rank. So the columns of every table are known
/// before anything is learned, and no SQL is made from data.
/// </summary>
internal sealed class LearnedValues(ModelContext context)
{
    internal const string Pivot = "pivot_name";
    internal const string Ordinal = "ordinal";
    internal const string Value = "value";

    private readonly Dictionary<string, string> _steps = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The table that holds what was learned; empty where nothing was, so that every value is null.</summary>
    internal ImmutableArray<SqlName> Table { get; set; } = [];

    /// <summary>The value, in a query over <see cref="Join"/>.</summary>
    internal static SqlColumn Read(LogicalLearned learned) => Column(Alias(learned.Pivot), ColumnOf(learned.Rank));

    /// <summary>The rows of a scan, beside what the pivots that it reads learned.</summary>
    internal SqlTable Join(SqlTable from, LogicalScan scan)
    {
        if (context.Model.Pivots.IsEmpty) return from;
        foreach (var pivot in context.Model.Pivots)
        {
            if (IsReadBy(scan, pivot.Name)) from = from.Join(SqlJoinKind.Cross, SqlTerms.Table(Step(pivot), Alias(pivot.Name)));
        }
        return from;
    }

    private static string Alias(string pivot) => $"{pivot}_values";

    private static string ColumnOf(int rank) => $"value_{rank}";

    private string Step(LogicalPivot pivot)
    {
        if (_steps.TryGetValue(pivot.Name, out var known)) return known;
        var items = ImmutableArray.CreateBuilder<SqlSelectItem>(pivot.Count);
        for (var rank = 1; rank <= pivot.Count; rank++) items.Add(OfRank(rank).As(ColumnOf(rank)));
        var learned = new SqlSelect(items.MoveToImmutable(), Table.IsEmpty ? null : new SqlNamedTable(Table, Name("l")))
        {
            Where = Table.IsEmpty ? [] : [Column("l", Pivot).EqualTo(new SqlString(pivot.Name))],
        };
        var step = context.Add(Alias(pivot.Name), $"the values that {pivot.Name} learned, by rank", learned);
        _steps.Add(pivot.Name, step);
        return step;
    }

    private SqlExpression OfRank(int rank) => Table.IsEmpty
        ? new SqlCast(new SqlNull(), SqlType.Text)
        : Aggregate(SqlAggregateFunction.Max, When(Column("l", Ordinal).EqualTo(Integer(rank)), Column("l", Value)));

    private static bool IsReadBy(LogicalScan scan, string pivot)
    {
        foreach (var aggregate in scan.Aggregates)
        {
            if (aggregate.Filter is { } filter && IsReadBy(filter, pivot)) return true;
        }
        return false;
    }

    private static bool IsReadBy(LogicalExpression expression, string pivot)
    {
        if (expression is LogicalLearned learned && learned.Pivot.Equals(pivot, StringComparison.OrdinalIgnoreCase)) return true;
        foreach (var child in expression.Children)
        {
            if (IsReadBy(child, pivot)) return true;
        }
        return false;
    }
}
