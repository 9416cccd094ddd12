using System.Collections.Immutable;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Divides the examples into train, validation and test (rules 29, 40 and 41).</summary>
internal sealed class SplitSteps(ModelContext context)
{
    private const string Position = "position";
    private const string Total = "total";
    private const string StartsAt = "starts_at";

    private ImmutableArray<decimal> Parts => context.Model.Split.Parts;

    private decimal Sum => ShareUpTo(Parts.Length);

    /// <summary>Adds the steps; returns the last one: all columns of the examples and `split`, purged rows left out.</summary>
    internal string Add(string examples) => context.Model.Split.IsByTime ? AddByTime(examples) : AddRandom(examples);

    private static string PartName(int part, int count) => part == 0 ? "train" : part == count - 1 ? "test" : "validation";

    private decimal ShareUpTo(int part)
    {
        var share = 0m;
        for (var i = 0; i < part; i++) share += Parts[i];
        return share;
    }

    private string AddByTime(string examples)
    {
        var cutoff = Column("c", ModelContext.Cutoff);
        var counts = context.Add("cutoff_counts", "rows a cutoff", new SqlSelect(
            [Column("e", ModelContext.Cutoff).As(ModelContext.Cutoff), Aggregate(SqlAggregateFunction.Count, null).As("n")], Table(examples, "e"))
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
                running.Is(SqlBinaryOperator.Subtract, n).As("rows_before"),
                new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Sum, n), [], [], null).As(Total),
                new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Count, null), [], [], null).As("cutoffs"),
            ],
            Table(counts, "c")));

        var starts = new List<string>();
        for (var part = 1; part < Parts.Length; part++) starts.Add(AddStart(ranked, part, starts.LastOrDefault()));
        return AddPurged(examples, starts);
    }

    /// <summary>The boundary nearest to the share, among those that leave every part a cutoff; ties go to the earlier.</summary>
    private string AddStart(string ranked, int part, string? previous)
    {
        var position = Column("c", Position);
        var distance = Column("c", "rows_before").Is(SqlBinaryOperator.Multiply, Number(Sum))
            .Is(SqlBinaryOperator.Subtract, Column("c", Total).Is(SqlBinaryOperator.Multiply, Number(ShareUpTo(part))));
        SqlTable from = Table(ranked, "c");
        if (previous is not null) from = from.Join(SqlJoinKind.Cross, Table(previous, "p"));
        var select = new SqlSelect([Column("c", ModelContext.Cutoff).As(StartsAt), position.As(Position)], from)
        {
            Where =
            [
                position.Is(SqlBinaryOperator.GreaterOrEqual, Integer(part)),
                position.Is(SqlBinaryOperator.LessOrEqual, Column("c", "cutoffs").Is(SqlBinaryOperator.Subtract, Integer(Parts.Length - part))),
                .. previous is null ? [] : new SqlExpression[] { position.Is(SqlBinaryOperator.Greater, Column("p", Position)) },
            ],
            Qualify = new SqlRowNumber([], [Ascending(Call(SqlFunction.Abs, distance)), Ascending(Column("c", ModelContext.Cutoff))]).EqualTo(Integer(1)),
        };
        var name = PartName(part, Parts.Length);
        return context.Add($"{name}_start", $"where the {name} part starts: the boundary nearest to {ShareUpTo(part):0.######} of {Sum:0.######}", select);
    }

    /// <summary>Rows whose label window reaches into the next part belong to none; one that ends exactly at its start stays (rule 40).</summary>
    private string AddPurged(string examples, List<string> starts)
    {
        var horizon = context.Model.Horizon;
        var cutoff = Column("e", ModelContext.Cutoff);
        var end = cutoff.Shift(horizon.Gap, horizon.Length);
        var from = (SqlTable)Table(examples, "e");
        var branches = new List<SqlCaseBranch>();
        var conditions = new List<SqlExpression>();
        for (var i = 0; i < starts.Count; i++) from = from.Join(SqlJoinKind.Cross, Table(starts[i], $"p{i + 1}"));
        for (var part = starts.Count; part >= 0; part--)
        {
            var isFromHere = part == 0 ? null : cutoff.Is(SqlBinaryOperator.GreaterOrEqual, Column($"p{part}", StartsAt));
            if (isFromHere is not null) branches.Add(new SqlCaseBranch(isFromHere, new SqlString(PartName(part, Parts.Length))));
            var next = part == starts.Count ? null : end.Is(SqlBinaryOperator.LessOrEqual, Column($"p{part + 1}", StartsAt));
            conditions.Add(next is null ? isFromHere! : isFromHere is null ? next : isFromHere.Is(SqlBinaryOperator.And, next));
        }
        return context.Add("parts", "the parts, purged: no label window reaches into the next part", new SqlSelect(
            [AllOf("e"), new SqlCase([.. branches], new SqlString("train")).As("split")], from)
        {
            Where = [AnyOf(conditions)],
        });
    }

    private string AddRandom(string examples)
    {
        var split = context.Model.Split;
        var (position, total) = (context.Own(Position), context.Own(Total));
        ImmutableArray<SqlExpression> within = split.IsStratified ? [Column("e", "label")] : [];
        var text = new List<SqlExpression> { new SqlString($"{split.Seed}|") };
        foreach (var key in context.Keys("e")) text.AddRange([new SqlCast(key, SqlType.Text), new SqlString("|")]);
        text.Add(new SqlCast(Call(SqlFunction.EpochMicroseconds, Column("e", ModelContext.Cutoff)), SqlType.Text));
        var hash = Call(SqlFunction.Md5, Call(SqlFunction.Concat, [.. text]));
        var order = new[] { hash }.Concat(context.Keys("e")).Append(Column("e", ModelContext.Cutoff)).Select(Ascending).ToImmutableArray();
        var shuffled = context.Add("shuffled", "rows in the order of a hash of seed, key and cutoff", new SqlSelect(
            [
                AllOf("e"),
                new SqlRowNumber(within, order).Is(SqlBinaryOperator.Subtract, Integer(1)).As(position),
                new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Count, null), within, [], null).As(total),
            ],
            Table(examples, "e")));

        var branches = Enumerable.Range(0, Parts.Length - 1).Select(part => new SqlCaseBranch(
            Column("e", position).Is(SqlBinaryOperator.Multiply, Number(Sum))
                .Is(SqlBinaryOperator.Less, Column("e", total).Is(SqlBinaryOperator.Multiply, Number(ShareUpTo(part + 1)))),
            new SqlString(PartName(part, Parts.Length))));
        return context.Add("parts", "the parts", new SqlSelect(
            [AllOf("e"), new SqlCase([.. branches], new SqlString("test")).As("split")], Table(shuffled, "e")));
    }

    private static SqlExpression Number(decimal value) =>
        value == decimal.Truncate(value) ? Integer((long)value) : new SqlDecimal(value);
}
