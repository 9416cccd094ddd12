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
    /// <summary>
    /// By seed, key and cutoff: `42|c1|1704067200000000`, the cutoff in microseconds since 1970; then by the anchor's key where its source has one.
    /// </summary>
    internal static ImmutableArray<SqlOrder> OfRows(ModelContext context, string alias, long seed)
    {
        var keys = context.Keys(alias);
        var cutoff = Column(alias, ModelContext.Cutoff);
        var parts = keys.Add(Call(SqlFunction.EpochMicroseconds, cutoff)).Select(Text).ToList();
        foreach (var key in context.Model.AnchorKey) parts.Add(Call(SqlFunction.Coalesce, Text(Column(alias, context.Anchors.Name(key.Column))), new SqlString("")));
        return Order(seed, parts, [.. keys, cutoff, .. context.Anchors.All.Select(name => Column(alias, name))]);
    }

    /// <summary>By seed and key: `42|c1`.</summary>
    internal static ImmutableArray<SqlOrder> OfEntities(ModelContext context, string alias, long seed) =>
        Order(seed, context.Keys(alias).Select(Text), context.Keys(alias));

    private static SqlExpression Text(SqlExpression value) => new SqlCast(value, SqlType.Text);

    private static ImmutableArray<SqlOrder> Order(long seed, IEnumerable<SqlExpression> parts, ImmutableArray<SqlExpression> ties)
    {
        var text = ImmutableArray.CreateBuilder<SqlExpression>();
        text.Add(new SqlString($"{seed}|"));
        foreach (var part in parts)
        {
            if (text.Count > 1) text.Add(new SqlString("|"));
            text.Add(part);
        }
        return [Ascending(Call(SqlFunction.Md5, Call(SqlFunction.Concat, text.ToImmutable()))), .. ties.Select(Ascending)];
    }
}
