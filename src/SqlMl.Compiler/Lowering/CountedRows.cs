using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// Which rows of a scan count for anything: where each of its aggregates has a filter, those that pass one of them. The others need not be taken beside cutoffs, grouped or
/// sorted: over no row, an aggregate gives what it gives over rows of which none passes.
/// </summary>
internal static class CountedRows
{
    // A long list of conditions costs each row more than it spares.
    private const int MostFilters = 3;

    /// <summary>The conditions on rows that count, none where all may, and what is computed over these: without the filter that all of them pass.</summary>
    internal static (ImmutableArray<SqlExpression> Where, ImmutableArray<LogicalAggregate> Aggregates) Of(ImmutableArray<LogicalAggregate> aggregates, ExpressionLowering rows)
    {
        if (aggregates.IsEmpty) return ([], aggregates);
        var filters = new List<LogicalExpression>();
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var aggregate in aggregates)
        {
            if (aggregate.Filter is not { } filter) return ([], aggregates);
            if (texts.Add(PlanText.Print(filter))) filters.Add(filter);
            if (filters.Count > MostFilters) return ([], aggregates);
        }
        return filters is [var shared]
            ? ([rows.Lower(shared)], aggregates.SelectAsArray(aggregate => aggregate with { Filter = null }))
            : ([AnyOf([.. filters.Select(rows.Lower)])], aggregates);
    }
}
