using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The step that holds the run's own instants: `as_of`, where the sources begin, and until when labels are known.</summary>
internal static class RunStep
{
    internal const string AsOf = "as_of";
    internal const string StartsAt = "starts_at";
    internal const string KnownUntil = "known_until";

    /// <summary>Adds the step over the sources that the model reads, and returns its name.</summary>
    internal static string Add(ModelContext context)
    {
        var read = context.Sources.Values.Where(source => source.Source.IsRead).ToList();
        var ends = context.Add("source_ends", "where each source begins and ends", new SqlUnionAll([.. read.Select(End)]));
        SqlExpression asOf = context.AsOf is { } instant
            ? new SqlTimestamp(instant)
            : Aggregate(SqlAggregateFunction.Max, Column("ends_at"));
        var select = new SqlSelect(
            [
                asOf.As(AsOf),
                Aggregate(SqlAggregateFunction.Min, Column("starts_at")).As(StartsAt),
                Known(read).As(KnownUntil),
            ],
            Table(ends));
        return context.Add("run", context.AsOf is null ? "as of the last known instant; labels are known until their sources end" : "as of the stated instant; labels are known until their sources end", select);
    }

    private static SqlQuery End(SourceStep source) => new SqlSelect(
        [
            Aggregate(SqlAggregateFunction.Min, Column(ModelContext.HappenedAt)).As("starts_at"),
            Aggregate(SqlAggregateFunction.Max, Column(ModelContext.HappenedAt)).As("ends_at"),
            new SqlBoolean(source.Source.IsInLabel).As("is_in_label"),
        ],
        Table(source.Step));

    /// <summary>The earliest end of the label's sources (rule 5); null, so that no label is complete, where one of them is empty.</summary>
    private static SqlExpression Known(List<SourceStep> read)
    {
        var inLabel = Column("is_in_label");
        var end = Aggregate(SqlAggregateFunction.Min, read.All(source => source.Source.IsInLabel) ? Column("ends_at") : When(inLabel, Column("ends_at")));
        if (read.Count(source => source.Source.IsInLabel) == 1) return end;
        var empty = When(inLabel.Is(SqlBinaryOperator.And, new SqlIsNull(Column("ends_at"), false)), Integer(1));
        return When(Aggregate(SqlAggregateFunction.Count, empty).EqualTo(Integer(0)), end);
    }
}
