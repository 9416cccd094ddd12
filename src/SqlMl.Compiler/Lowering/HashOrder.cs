using System.Collections.Immutable;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// The order that samples and random splits take rows in (rule 29): by the MD5, in hexadecimal digits, of a text that both dialects write alike.
/// What is hashed follows as a tie-break.
/// </summary>
internal static class HashOrder
{
    /// <summary>By seed, key and cutoff: `42|c1|1704067200000000`, the cutoff in microseconds since 1970.</summary>
    internal static ImmutableArray<SqlOrder> OfRows(ModelContext context, string alias, long seed)
    {
        var cutoff = Column(alias, ModelContext.Cutoff);
        var keys = context.Keys(alias);
        return Order(seed, keys.Add(Call(SqlFunction.EpochMicroseconds, cutoff)), keys.Add(cutoff));
    }

    /// <summary>By seed and key: `42|c1`.</summary>
    internal static ImmutableArray<SqlOrder> OfEntities(ModelContext context, string alias, long seed) =>
        Order(seed, context.Keys(alias), context.Keys(alias));

    private static ImmutableArray<SqlOrder> Order(long seed, ImmutableArray<SqlExpression> hashed, ImmutableArray<SqlExpression> ties)
    {
        var text = ImmutableArray.CreateBuilder<SqlExpression>();
        text.Add(new SqlString($"{seed}|"));
        foreach (var value in hashed)
        {
            if (text.Count > 1) text.Add(new SqlString("|"));
            text.Add(new SqlCast(value, SqlType.Text));
        }
        var order = ImmutableArray.CreateBuilder<SqlOrder>();
        order.Add(Ascending(Call(SqlFunction.Md5, Call(SqlFunction.Concat, text.ToImmutable()))));
        foreach (var tie in ties) order.Add(Ascending(tie));
        return order.ToImmutable();
    }
}
