using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The step that holds the run's own instants: `as_of`, where the sources begin, and until when labels are known.</summary>
internal static class RunStep
{
    internal const string AsOf = "as_of";
    internal const string StartsAt = "starts_at";
    internal const string KnownUntil = "known_until";

    private const string LastKnown = "last_known_at";

    /// <summary>Adds the step over the sources that the model reads, and returns its name.</summary>
    internal static string Add(ModelContext context)
    {
        // What describes, and holds or never changes, says nothing of how far the data reach.
        var read = context.Sources.Values.Where(source => source.Source is { IsRead: true, Nature: SourceNature.Events }).ToList();
        // Where rows may be known later than they happen, the last known instant is not where the last row lies.
        var knowsLater = read.Any(source => source.Source.Knowledge is not null);
        var ends = context.Add("source_ends", "where each source begins and ends", new SqlUnionAll([.. read.SelectMany(source => Ends(source, knowsLater))]));
        SqlExpression asOf = context.AsOf is { } instant
            ? new SqlTimestamp(instant)
            : Aggregate(SqlAggregateFunction.Max, Column(knowsLater ? LastKnown : "ends_at"));
        var select = new SqlSelect(
            [
                asOf.As(AsOf),
                Aggregate(SqlAggregateFunction.Min, Column("starts_at")).As(StartsAt),
                Known(read, asOf).As(KnownUntil),
            ],
            Table(ends));
        return context.Add("run", context.AsOf is null ? "as of the last known instant; labels are known until their sources end" : "as of the stated instant; labels are known until their sources end", select);
    }

    /// <summary>A union ends where its first part ends (rule 5), so each part has a row of its own.</summary>
    private static IEnumerable<SqlQuery> Ends(SourceStep source, bool knowsLater) =>
        source.Parts.IsEmpty ? [End(source, source.Source, knowsLater)] : source.Parts.SelectMany(part => part.Parts.IsEmpty ? [End(part, source.Source, knowsLater)] : Ends(part, knowsLater));

    private static SqlQuery End(SourceStep source, LogicalSource whole, bool knowsLater)
    {
        var known = Aggregate(SqlAggregateFunction.Max, Column(source.Source.Knowledge is null ? ModelContext.HappenedAt : ModelContext.KnownAt));
        return new SqlSelect(
            [
                Aggregate(SqlAggregateFunction.Min, Column(ModelContext.HappenedAt)).As("starts_at"),
                EndsAt(source, known).As("ends_at"),
                .. knowsLater ? ImmutableArray.Create(known.As(LastKnown)) : [],
                new SqlBoolean(whole.IsInLabel && source.Source.CompleteUntil is null && whole.CompleteUntil is null).As("is_in_label"),
            ],
            Table(source.Step));
    }

    /// <summary>The time of its last row, less how long a row may still arrive (rule 5); planned rows that lie ahead do not move it.</summary>
    private static SqlExpression EndsAt(SourceStep source, SqlExpression known)
    {
        var last = Aggregate(SqlAggregateFunction.Max, Column(ModelContext.HappenedAt));
        if (source.Source.Knowledge is not { } knowledge) return last;
        return (knowledge.IsPlanned ? Call(SqlFunction.Least, last, known) : (SqlExpression)last).Shift(knowledge.Within, isEarlier: true);
    }

    /// <summary>The earliest end of the label's sources (rule 5); null, so that no label is complete, where one of them is empty.</summary>
    private static SqlExpression Known(List<SourceStep> read, SqlExpression asOf)
    {
        var inLabel = read.Where(source => source.Source.IsInLabel).ToList();
        var stated = inLabel.Where(source => source.Source.CompleteUntil is not null).Select(source => Stated(source.Source.CompleteUntil!, asOf)).ToList();
        if (stated.Count == inLabel.Count) return Earliest(stated);
        if (stated.Count > 0) return Earliest([Ends(read), .. stated]);
        return Ends(read);
    }

    private static SqlExpression Ends(List<SourceStep> read)
    {
        var inLabel = Column("is_in_label");
        var end = Aggregate(SqlAggregateFunction.Min, read.All(source => source.Source is { IsInLabel: true, CompleteUntil: null } && source.Parts.IsEmpty) ? Column("ends_at") : When(inLabel, Column("ends_at")));
        if (read.Count(source => source.Source is { IsInLabel: true, CompleteUntil: null }) == 1 && read.All(source => source.Parts.IsEmpty)) return end;
        var empty = When(inLabel.Is(SqlBinaryOperator.And, new SqlIsNull(Column("ends_at"), false)), Integer(1));
        return When(Aggregate(SqlAggregateFunction.Count, empty).EqualTo(Integer(0)), end);
    }

    private static SqlExpression Stated(LogicalBound bound, SqlExpression asOf) =>
        bound.Instant is { } instant ? Call(SqlFunction.Least, new SqlTimestamp(instant), asOf) : asOf.Shift(bound.Offset, bound.IsNegative);

    private static SqlExpression Earliest(List<SqlExpression> instants) => instants.Count == 1 ? instants[0] : Call(SqlFunction.Least, [.. instants]);
}
