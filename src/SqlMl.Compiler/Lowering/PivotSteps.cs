using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The steps that learn which values a pivot has columns for: those that most training rows see, of equally many the smallest (rule 39).</summary>
internal static class PivotSteps
{
    private const string TrainingRows = "training_rows";

    /// <summary>The query behind the parts of the training set.</summary>
    internal static SqlWith Finish(ModelContext context, string parts)
    {
        var rows = context.Add("train_rows", "the rows that are trained on: nothing is learned from the others", new SqlSelect([AllOf("p")], Table(parts, "p"))
        {
            Where = [Column("p", "split").EqualTo(new SqlString("train"))],
        });
        var anchors = context.Anchors.InScans.Select(name => Column("t", name).As(name));
        var spine = context.Add("train_cutoffs", "each of their cutoffs once", new SqlSelect(
            [.. context.KeyItems("t"), Column("t", ModelContext.Cutoff).As(ModelContext.Cutoff), .. anchors], Table(rows, "t"))
        {
            IsDistinct = true,
        });
        var tops = ImmutableArray.CreateBuilder<SqlQuery>();
        foreach (var pivot in context.Model.Pivots) tops.Add(Top(context, rows, spine, pivot));
        var learned = context.Add("learned", "what is learned", tops.Count == 1 ? tops[0] : new SqlUnionAll(tops.ToImmutable()));
        string[] columns = [LearnedValues.Pivot, LearnedValues.Ordinal, LearnedValues.Value, TrainingRows];
        return context.Finish(new SqlSelect([.. columns.Select(name => Column("l", name).As(name))], Table(learned, "l"))
        {
            OrderBy = [Ascending(Column("l", LearnedValues.Pivot)), Ascending(Column("l", LearnedValues.Ordinal))],
        });
    }

    private static SqlSelect Top(ModelContext context, string rows, string spine, LogicalPivot pivot)
    {
        var value = context.Own(LearnedValues.Value);
        var seen = context.Add($"{pivot.Name}_seen", $"the values of {pivot.Name} that each cutoff sees", new ScanSteps(context, spine).SeenValues(pivot.Scan, value));
        var counted = context.Add($"{pivot.Name}_counted", "how many training rows see each value", new SqlSelect(
            [Column("o", value).As(LearnedValues.Value), Aggregate(SqlAggregateFunction.Count, null).As(TrainingRows)],
            Table(rows, "t").Join(SqlJoinKind.Inner, Table(seen, "o"), context.SameCutoff("o", "t")))
        {
            GroupBy = [Column("o", value)],
        });
        var rank = new SqlRowNumber([], [Descending(Column("c", TrainingRows)), Ascending(Column("c", LearnedValues.Value))]);
        return new SqlSelect(
            [
                new SqlString(pivot.Name).As(LearnedValues.Pivot), rank.As(LearnedValues.Ordinal), Column("c", LearnedValues.Value).As(LearnedValues.Value),
                Column("c", TrainingRows).As(TrainingRows),
            ],
            Table(counted, "c"))
        {
            Qualify = rank.Is(SqlBinaryOperator.LessOrEqual, Integer(pivot.Count)),
        };
    }
}
