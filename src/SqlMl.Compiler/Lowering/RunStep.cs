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
    private const string Happens = "happens";

    /// <summary>Adds the step over the sources that the model reads, and returns its name.</summary>
    internal static string Add(ModelContext context)
    {
        // What describes, and holds or never changes, says nothing of how far the data reach; unless there is nothing else, or the label asks it.
        var timed = context.WholeSources.Values.Where(source => source.Source.IsRead && source.IsTimed).ToList();
        var events = timed.FindAll(source => source.Source.Nature == SourceNature.Events);
        var read = timed.FindAll(source => events.Count == 0 || source.Source.Nature == SourceNature.Events || source.Source.IsInLabel);
        // Where rows may be known later than they happen, the last known instant is not where the last row lies.
        var knowsLater = read.Any(source => source.Source.Knowledge is not null);
        var isMixed = events.Count > 0 && read.Count > events.Count;
        var ends = context.Add("source_ends", "where each source begins and ends", new SqlUnionAll([.. read.SelectMany(source => Ends(source, knowsLater, isMixed))]));
        var reach = Column(knowsLater ? LastKnown : "ends_at");
        SqlExpression asOf = context.AsOf is { } instant
            ? new SqlTimestamp(instant)
            : Aggregate(SqlAggregateFunction.Max, isMixed ? When(Column(Happens), reach) : reach);
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
    private static IEnumerable<SqlQuery> Ends(SourceStep source, bool knowsLater, bool isMixed) =>
        Parts(source).Select(part => End(part, source.Source, knowsLater, isMixed));

    private static SqlQuery End(SourceStep source, LogicalSource whole, bool knowsLater, bool isMixed)
    {
        var known = Aggregate(SqlAggregateFunction.Max, Column(source.Source.Knowledge is null ? ModelContext.HappenedAt : ModelContext.KnownAt));
        return new SqlSelect(
            [
                Aggregate(SqlAggregateFunction.Min, Column(ModelContext.HappenedAt)).As("starts_at"),
                EndsAt(source).As("ends_at"),
                .. knowsLater ? ImmutableArray.Create(known.As(LastKnown)) : [],
                .. isMixed ? ImmutableArray.Create(new SqlBoolean(whole.Nature == SourceNature.Events).As(Happens)) : [],
                new SqlBoolean(whole.IsInLabel && source.Source.CompleteUntil is null).As("is_in_label"),
            ],
            Table(source.Step));
    }

    /// <summary>The time of its last row, less how long a row may still arrive (rule 5).</summary>
    private static SqlExpression EndsAt(SourceStep source) =>
        Aggregate(SqlAggregateFunction.Max, Column(ModelContext.HappenedAt)).Shift(source.Source.Knowledge?.Within, isEarlier: true);

    /// <summary>The earliest end of what the label reads (rule 5); null, so that no label is complete, where a part of it is empty.</summary>
    private static SqlExpression Known(List<SourceStep> read, SqlExpression asOf)
    {
        var inLabel = read.Where(source => source.Source.IsInLabel).SelectMany(Parts).ToList();
        var limits = new List<SqlExpression>();
        if (inLabel.Exists(part => part.Source.CompleteUntil is null)) Add(Ends(read, inLabel));
        foreach (var part in inLabel)
        {
            if (part.Source.CompleteUntil is { } stated) Add(Stated(stated, asOf));
            // Planned rows that lie ahead do not make anything known.
            else if (part.Source.Knowledge is { IsPlanned: true } planned) Add(asOf.Shift(planned.Within, isEarlier: true));
            // Nor do states that begin ahead.
            else if (part.Source.Nature == SourceNature.Validity) Add(asOf);
        }
        return Earliest(limits);

        void Add(SqlExpression limit)
        {
            if (!limits.Contains(limit)) limits.Add(limit);
        }
    }

    /// <summary>A union is as complete as its parts are.</summary>
    private static IEnumerable<SourceStep> Parts(SourceStep source) => source.Parts.IsEmpty ? [source] : source.Parts.SelectMany(Parts);

    private static SqlExpression Ends(List<SourceStep> read, List<SourceStep> inLabel)
    {
        var isPlain = inLabel.TrueForAll(part => part.Source.CompleteUntil is null);
        var end = Aggregate(
            SqlAggregateFunction.Min, isPlain && inLabel.Count == read.SelectMany(Parts).Count() ? Column("ends_at") : When(Column("is_in_label"), Column("ends_at")));
        if (inLabel.Count(part => part.Source.CompleteUntil is null) == 1) return end;
        var empty = When(Column("is_in_label").Is(SqlBinaryOperator.And, new SqlIsNull(Column("ends_at"), false)), Integer(1));
        return When(Aggregate(SqlAggregateFunction.Count, empty).EqualTo(Integer(0)), end);
    }

    private static SqlExpression Stated(LogicalBound bound, SqlExpression asOf) =>
        bound.Instant is { } instant ? Call(SqlFunction.Least, new SqlTimestamp(instant), asOf) : asOf.Shift(bound.Offset, bound.IsNegative);

    private static SqlExpression Earliest(List<SqlExpression> instants) => instants.Count == 1 ? instants[0] : Call(SqlFunction.Least, [.. instants]);
}
