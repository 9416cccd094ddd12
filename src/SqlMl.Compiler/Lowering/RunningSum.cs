using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>A sum or count over a frame: the column that holds it, by itself or with another.</summary>
internal sealed class RunningSum
{
    /// <summary>A column of its own.</summary>
    internal RunningSum(string column) => Column = column;

    /// <summary>A count that is yet to be packed.</summary>
    /// <param name="stem">What it counts, and what it is called after.</param>
    /// <param name="counted">Which rows of `m`; null for all.</param>
    internal RunningSum(string stem, SqlExpression? counted) => (Stem, Counted) = (stem, counted);

    /// <summary>The column; null while it is open which one.</summary>
    internal string? Column { get; set; }

    internal string Stem { get; } = "";

    internal SqlExpression? Counted { get; }

    /// <summary>True for the upper part of a column that holds two counts; null for a column of its own.</summary>
    internal bool? IsUpper { get; set; }

    /// <summary>How far from the cutoff it is read.</summary>
    internal SortedSet<long> Distances { get; } = [];

    /// <summary>The count itself, where its column, or a difference of its column at two places, stands.</summary>
    internal SqlExpression Of(SqlExpression column) => IsUpper switch
    {
        null => column,
        true => Call(SqlFunction.DivideWhole, column, Integer(PackedCounts.Upper)),
        false => column.Is(SqlBinaryOperator.Modulo, Integer(PackedCounts.Upper)),
    };
}

/// <summary>
/// Counts over one frame, two to a number, so that one sum serves both: the first in the lower 31 bits, the second above them. Neither may reach 2^31, which is how many rows an entity
/// may have. A count only grows with its frame, so that the lower part of a difference never borrows from the upper.
/// </summary>
/// <param name="frame">Which rows.</param>
/// <param name="suffix">What the names of sums end with.</param>
internal sealed class PackedCounts(SqlFrame frame, string suffix)
{
    /// <summary>What the second count is multiplied by.</summary>
    internal const long Upper = 1L << 31;

    private readonly Dictionary<string, RunningSum> _counts = new(StringComparer.Ordinal);
    private readonly List<RunningSum> _open = [];

    internal bool HasPairs { get; private set; }

    /// <summary>The count of that name, made where it is new.</summary>
    internal RunningSum Find(string key, string stem, SqlExpression? counted)
    {
        if (!_counts.TryGetValue(key, out var count))
        {
            _counts.Add(key, count = new RunningSum(stem, counted));
            _open.Add(count);
        }
        return count;
    }

    /// <summary>Decides which counts share a column: those that are read at the same places first, so that a look-up takes few columns. Returns the columns.</summary>
    /// <param name="over">A sum of terms over `m`, over the frame.</param>
    /// <param name="context">Where names are taken.</param>
    internal IEnumerable<SqlSelectItem> Pack(ModelContext context, Func<SqlAggregate, SqlFrame, SqlExpression> over)
    {
        var waiting = new Dictionary<string, RunningSum>(StringComparer.Ordinal);
        foreach (var count in _open)
        {
            var places = string.Join(' ', count.Distances);
            if (waiting.Remove(places, out var first)) yield return Pair(first, count);
            else waiting.Add(places, count);
        }
        RunningSum? single = null;
        foreach (var count in _open)
        {
            if (count.Column is not null) continue;
            if (single is null)
            {
                single = count;
                continue;
            }
            yield return Pair(single, count);
            single = null;
        }
        _open.Clear();
        if (single is not null)
        {
            single.Column = context.ReserveOwn($"{single.Stem}{suffix}");
            yield return over(Aggregate(SqlAggregateFunction.Count, single.Counted is null ? null : When(single.Counted, Integer(1))), frame).As(single.Column);
        }

        SqlSelectItem Pair(RunningSum lower, RunningSum upper)
        {
            HasPairs = true;
            var column = context.ReserveOwn($"{lower.Stem}_and_{upper.Stem}{suffix}");
            (lower.Column, lower.IsUpper) = (column, false);
            (upper.Column, upper.IsUpper) = (column, true);
            var sum = over(Aggregate(SqlAggregateFunction.Sum, Term(lower, 1).Is(SqlBinaryOperator.Add, Term(upper, Upper))), frame);
            return Call(SqlFunction.Coalesce, new SqlCast(sum, SqlType.BigInt), Integer(0)).As(column) with { Comment = $"{lower.Stem} below 2^31, {upper.Stem} above" };
        }
    }

    private static SqlExpression Term(RunningSum count, long weight) =>
        count.Counted is null ? Integer(weight) : new SqlCase([new SqlCaseBranch(count.Counted, Integer(weight))], Integer(0));
}
