using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Local.Running;

namespace SqlMl.Local.Data;

/// <summary>A key under which several rows lie where the program reads one.</summary>
/// <param name="Source">Whose rows are read; for a join, the source that joins.</param>
/// <param name="Join">The join's name; null where the rows describe an entity.</param>
/// <param name="Key">The key as text, its parts behind commas.</param>
/// <param name="Rows">How many rows lie under it.</param>
/// <param name="All">How many such keys the source and join have.</param>
internal sealed record DoubledKey(string Source, string? Join, string Key, long Rows, long All)
{
    /// <summary>The first few of such keys; empty where all is well.</summary>
    public static ImmutableArray<DoubledKey> Read(DuckDbConnection connection, CompiledModel model, CancellationToken cancellation)
    {
        if (model.DoubledKeys is null) return [];
        using var result = connection.Query(model.DoubledKeys.Sql, cancellation);
        return [.. result.ReadRows().Select(row => new DoubledKey((string)row[0]!, (string?)row[1], (string)row[2]!, (long)row[3]!, (long)row[4]!))];
    }

    /// <summary>What to say of the first source and join of a list that is not empty.</summary>
    public static Diagnostic Explain(ImmutableArray<DoubledKey> doubled, CompiledModel model, RunSession session)
    {
        var first = doubled[0];
        var keys = doubled.Where(item => item.Source == first.Source && item.Join == first.Join).Select(item => (item.Key, item.Rows)).ToList();
        var span = session.SpanOf(first.Source, model);
        return first.Join is null
            ? RunErrors.SeveralRows(first.Source, keys, first.All, span)
            : RunErrors.SeveralPartners(first.Source, first.Join, keys, first.All, span);
    }
}
