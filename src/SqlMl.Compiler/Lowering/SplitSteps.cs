using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Divides the examples into train, validation and test (rules 29, 40 and 41).</summary>
internal sealed class SplitSteps(ModelContext context)
{
    private const string Position = "position";
    private const string Total = "total";
    private const string StartsAt = "starts_at";
    private const string RowsBefore = "rows_before";

    /// <summary>So many hexadecimal digits of a hash tell buckets apart: of a hundred million rows, a bucket has 1,500.</summary>
    private const int Digits = 4;

    /// <summary>Adds the steps; returns the last one: all columns of the examples and `split`, purged rows left out.</summary>
    /// <param name="examples">The rows to divide.</param>
    /// <param name="counted">The rows of which a split by time takes its shares.</param>
    internal string Add(string examples, string counted) => context.Model.Split switch
    {
        LogicalTimeSplit time => AddByTime(examples, counted, time.Parts),
        LogicalInstantSplit at => AddPurged(examples, Table(examples, "e"), [.. at.Instants.Select(instant => new SqlTimestamp(instant))]),
        LogicalRandomSplit random => AddRandom(examples, random),
        LogicalEntitySplit entity => AddByEntity(examples, entity),
        var other => throw new InvalidOperationException($"No SQL for {other.GetType().Name}."),
    };

    private static string PartName(int part, int count) => part == 0 ? "train" : part == count - 1 ? "test" : "validation";

    private static decimal ShareUpTo(ImmutableArray<decimal> parts, int part)
    {
        var share = 0m;
        for (var i = 0; i < part; i++) share += parts[i];
        return share;
    }

    private string AddByTime(string examples, string counted, ImmutableArray<decimal> parts)
    {
        var cutoff = Column("c", ModelContext.Cutoff);
        var counts = context.Add("cutoff_counts", "rows a cutoff", new SqlSelect(
            [Column("e", ModelContext.Cutoff).As(ModelContext.Cutoff), Aggregate(SqlAggregateFunction.Count, null).As("n")], Table(counted, "e"))
        {
            GroupBy = [Column("e", ModelContext.Cutoff)],
        });
        var n = Column("c", "n");
        var running = new SqlWindowAggregate(
            Aggregate(SqlAggregateFunction.Sum, n), [], [Ascending(cutoff)], new SqlFrame(true, new SqlUnbounded(), new SqlCurrentRow()));
        var ranked = context.Add("ranked_cutoffs", "how many rows come before each cutoff", new SqlSelect(
            [
                cutoff.As(ModelContext.Cutoff),
                new SqlRowNumber([], [Ascending(cutoff)]).Is(SqlBinaryOperator.Subtract, Integer(1)).As(Position),
                running.Is(SqlBinaryOperator.Subtract, n).As(RowsBefore),
                new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Sum, n), [], [], null).As(Total),
                new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Count, null), [], [], null).As("cutoffs"),
            ],
            Table(counts, "c")));

        var from = (SqlTable)Table(examples, "e");
        var starts = ImmutableArray.CreateBuilder<SqlExpression>();
        string? previous = null;
        for (var part = 1; part < parts.Length; part++)
        {
            previous = AddStart(ranked, parts, part, previous);
            from = from.Join(SqlJoinKind.Cross, Table(previous, $"p{part}"));
            starts.Add(Column($"p{part}", StartsAt));
        }
        return AddPurged(examples, from, starts.ToImmutable());
    }

    /// <summary>The boundary nearest to the share, among those that leave every part a cutoff; ties go to the earlier.</summary>
    private string AddStart(string ranked, ImmutableArray<decimal> parts, int part, string? previous)
    {
        var position = Column("c", Position);
        var (sum, share) = (ShareUpTo(parts, parts.Length), ShareUpTo(parts, part));
        var distance = Column("c", RowsBefore).Is(SqlBinaryOperator.Multiply, Number(sum))
            .Is(SqlBinaryOperator.Subtract, Column("c", Total).Is(SqlBinaryOperator.Multiply, Number(share)));
        SqlTable from = Table(ranked, "c");
        if (previous is not null) from = from.Join(SqlJoinKind.Cross, Table(previous, "p"));
        var select = new SqlSelect([Column("c", ModelContext.Cutoff).As(StartsAt), position.As(Position)], from)
        {
            Where =
            [
                position.Is(SqlBinaryOperator.GreaterOrEqual, Integer(part)),
                position.Is(SqlBinaryOperator.LessOrEqual, Column("c", "cutoffs").Is(SqlBinaryOperator.Subtract, Integer(parts.Length - part))),
                .. previous is null ? [] : new SqlExpression[] { position.Is(SqlBinaryOperator.Greater, Column("p", Position)) },
            ],
            Qualify = new SqlRowNumber([], [Ascending(Call(SqlFunction.Abs, distance)), Ascending(Column("c", ModelContext.Cutoff))]).EqualTo(Integer(1)),
        };
        var comment = string.Create(CultureInfo.InvariantCulture, $"where the {PartName(part, parts.Length)} part starts: the boundary nearest to {share:0.######} of {sum:0.######}");
        return context.Add($"{PartName(part, parts.Length)}_start", comment, select);
    }

    /// <summary>Rows whose label window reaches into the next part belong to none; one that ends exactly at its start stays (rule 40).</summary>
    /// <param name="examples">The rows, under the alias `e`.</param>
    /// <param name="from">They and what <paramref name="starts"/> reads.</param>
    /// <param name="starts">Where each part but the first begins; that instant belongs to it.</param>
    private string AddPurged(string examples, SqlTable from, ImmutableArray<SqlExpression> starts)
    {
        var cutoff = Column("e", ModelContext.Cutoff);
        var branches = new List<SqlCaseBranch>();
        var conditions = new List<SqlExpression>();
        for (var part = starts.Length; part >= 0; part--)
        {
            var isFromHere = part == 0 ? null : cutoff.Is(SqlBinaryOperator.GreaterOrEqual, starts[part - 1]);
            if (isFromHere is not null) branches.Add(new SqlCaseBranch(isFromHere, new SqlString(PartName(part, starts.Length + 1))));
            var ends = part == starts.Length ? [] : cutoff.EndBy(context.Model.FamilyMaturity, starts[part]);
            conditions.Add(AllOf([.. isFromHere is null ? [] : new SqlExpression[] { isFromHere }, .. ends]));
        }
        return context.Add("parts", "the parts, purged: no label window reaches into the next part", new SqlSelect(
            [AllOf("e"), new SqlCase([.. branches], new SqlString("train")).As("split")], from)
        {
            Where = [AnyOf(conditions)],
        });
    }

    /// <summary>
    /// The first rows in the order of a hash are those of train, and so on. Which part a row falls into is nearly always said by how its hash begins: only rows whose hash begins like
    /// that at a boundary are put in order, and wide rows are not sorted.
    /// </summary>
    private string AddRandom(string examples, LogicalRandomSplit split)
    {
        var (bucket, total, first, last) = (context.Own("bucket"), context.Own(Total), context.Own("first_part"), context.Own("last_part"));
        string[] groups = split.IsStratified ? ["label", bucket] : [bucket];
        ImmutableArray<SqlExpression> within = split.IsStratified ? [Column("b", "label")] : [];
        var order = HashOrder.OfRows(context, "e", split.Seed);
        var hashed = context.Add("hashed", $"how a hash of seed, key and cutoff begins: {1 << (4 * Digits)} buckets", new SqlSelect(
            [AllOf("e"), Call(SqlFunction.Substring, order[0].Expression, Integer(1), Integer(Digits)).As(bucket)], Table(examples, "e")));
        var counts = context.Add("bucket_counts", "rows a bucket", new SqlSelect(
            [.. groups.Select(name => Column("e", name).As(name)), Aggregate(SqlAggregateFunction.Count, null).As("n")], Table(hashed, "e"))
        {
            GroupBy = [.. groups.Select(name => Column("e", name))],
        });
        var n = Column("b", "n");
        SqlExpression running = new SqlWindowAggregate(
            Aggregate(SqlAggregateFunction.Sum, n), within, [Ascending(Column("b", bucket))], new SqlFrame(true, new SqlUnbounded(), new SqlCurrentRow()));
        var ranked = context.Add("ranked_buckets", "how many rows come before each bucket", new SqlSelect(
            [
                .. groups.Select(name => Column("b", name).As(name)), n.As("n"), running.Is(SqlBinaryOperator.Subtract, n).As(RowsBefore),
                new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Sum, n), within, [], null).As(total),
            ],
            Table(counts, "b")));
        var before = Column("b", RowsBefore);
        var end = before.Is(SqlBinaryOperator.Add, n).Is(SqlBinaryOperator.Subtract, Integer(1));
        var buckets = context.Add("buckets", "the parts that the first and the last row of each bucket fall into", new SqlSelect(
            [
                .. groups.Select(name => Column("b", name).As(name)), before.As(RowsBefore), Column("b", total).As(total),
                PartAt(split.Parts, before, Column("b", total)).As(first), PartAt(split.Parts, end, Column("b", total)).As(last),
            ],
            Table(ranked, "b")));
        var position = before.Is(SqlBinaryOperator.Add, new SqlRowNumber([.. groups.Select(name => Column("b", name))], order)).Is(SqlBinaryOperator.Subtract, Integer(1));
        return context.Add("parts", "the parts: rows of a bucket that lies in two are ranked", new SqlUnionAll(
        [
            Rows(Column("b", first), SqlBinaryOperator.Equal),
            Rows(PartAt(split.Parts, position, Column("b", total)), SqlBinaryOperator.NotEqual),
        ]));

        SqlSelect Rows(SqlExpression part, SqlBinaryOperator ends) => new(
            [AllOf("e"), part.As("split")],
            Table(hashed, "e").Join(SqlJoinKind.Inner, Table(buckets, "b"), [.. groups.Select(name => (SqlExpression)Column("b", name).EqualTo(Column("e", name)))]))
        {
            Where = [Column("b", first).Is(ends, Column("b", last))],
        };
    }

    /// <summary>Shares of entities, not of rows: all rows of one are in one part.</summary>
    private string AddByEntity(string examples, LogicalEntitySplit split)
    {
        var entities = context.Add("entities", $"each {context.Model.Entity} once", new SqlSelect([.. context.KeyItems("e")], Table(examples, "e")) { IsDistinct = true });
        var shuffled = context.Add("shuffled", "in the order of a hash of seed and key", new SqlSelect(
            [
                .. context.KeyItems("e"),
                new SqlRowNumber([], HashOrder.OfEntities(context, "e", split.Seed)).Is(SqlBinaryOperator.Subtract, Integer(1)).As(context.Own(Position)),
                new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Count, null), [], [], null).As(context.Own(Total)),
            ],
            Table(entities, "e")));
        var part = PartAt(split.Parts, Column("p", context.Own(Position)), Column("p", context.Own(Total)));
        return context.Add("parts", $"the parts, all rows of a {context.Model.Entity} in one", new SqlSelect(
            [AllOf("e"), part.As("split")], Table(examples, "e").Join(SqlJoinKind.Inner, Table(shuffled, "p"), context.SameEntity("p", "e"))));
    }

    /// <summary>The part of what stands at a position, from 0, among a total.</summary>
    private static SqlCase PartAt(ImmutableArray<decimal> parts, SqlExpression position, SqlExpression total)
    {
        var branches = Enumerable.Range(0, parts.Length - 1).Select(part => new SqlCaseBranch(
            position.Is(SqlBinaryOperator.Multiply, Number(ShareUpTo(parts, parts.Length)))
                .Is(SqlBinaryOperator.Less, total.Is(SqlBinaryOperator.Multiply, Number(ShareUpTo(parts, part + 1)))),
            new SqlString(PartName(part, parts.Length))));
        return new SqlCase([.. branches], new SqlString("test"));
    }

    private static SqlExpression Number(decimal value) =>
        value == decimal.Truncate(value) ? Integer((long)value) : new SqlDecimal(value);
}
