using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Leaves out the cutoffs before which a source that is read through a window does not reach back far enough (rule 30).</summary>
internal sealed class HistoryStep(ModelContext context)
{
    internal const string StartsAt = "starts_at";

    /// <summary>Adds the steps where the model asks for them; returns the last one.</summary>
    internal string Add(string step)
    {
        if (context.Model.History is not { } history) return step;
        var starts = AddStarts(history);
        var from = Column("v", ModelContext.Cutoff).Shift(history.Length, isEarlier: true);
        return context.Add("with_history", $"cutoffs with {history.Length.Text} of rows before them", new SqlSelect(
            [AllOf("v")], Table(step, "v").Join(SqlJoinKind.Cross, Table(starts, "h")))
        {
            Where = [from.Is(SqlBinaryOperator.GreaterOrEqual, Column("h", StartsAt))],
        });
    }

    /// <summary>Adds the step that says from where on there is history: one row, one instant.</summary>
    internal string AddStarts(LogicalHistory history) => context.Add("history", "from where on every source with a window has rows", Starts(history));

    /// <summary>The latest of the sources' first rows; null, so that no cutoff has history, where one of them is empty.</summary>
    private SqlSelect Starts(LogicalHistory history)
    {
        var parts = history.Sources.Select(name => (SqlQuery)new SqlSelect(
            [Aggregate(SqlAggregateFunction.Min, Column(ModelContext.HappenedAt)).As(StartsAt)], Table(context.WholeSources[name].Step))).ToList();
        if (parts is [SqlSelect only]) return only;
        var each = context.Add("histories", "where each source with a window begins", new SqlUnionAll([.. parts]));
        var start = Column(StartsAt);
        var isComplete = Aggregate(SqlAggregateFunction.Count, start).EqualTo(Integer(parts.Count));
        return new SqlSelect([When(isComplete, Aggregate(SqlAggregateFunction.Max, start)).As(StartsAt)], Table(each));
    }
}
