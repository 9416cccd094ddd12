using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Local.Data;

namespace SqlMl.Local.Proving;

/// <summary>Columns that must be the same in the rows of which a condition on `cutoff` holds.</summary>
internal sealed record Claim(ImmutableArray<string> Columns, string Condition);

/// <summary>The first row that moved.</summary>
internal sealed record Moved(string? Column, string Key, DateTime Cutoff, string Before, string After);

/// <summary>
/// Compares two tables of rows by their identity: keys and cutoff. Rows that are in one table alone are not compared. Several rows can share an identity, where an
/// anchor has no key; then the rows of the smaller table must be among those of the larger. Values are equal when every bit is: NaN equals itself.
/// </summary>
/// <param name="tables">The database.</param>
/// <param name="keys">The key columns.</param>
internal sealed class RowComparison(WorkTables tables, ImmutableArray<string> keys)
{
    private string Identity { get; } = string.Join(", ", keys.Add("cutoff").Select(SqlText.Name));

    /// <summary>The different cutoffs that were compared, over all comparisons.</summary>
    public HashSet<DateTime> Cutoffs { get; } = [];

    /// <summary>The rows that were compared, over all comparisons.</summary>
    public long Rows { get; private set; }

    /// <summary>Counts rows whose outcome was compared as a whole.</summary>
    public void Count(string rows, string condition)
    {
        foreach (var row in tables.Rows($"SELECT cutoff, count(*) FROM {rows} WHERE {condition} GROUP BY cutoff")) Count(row);
    }

    /// <summary>The first row whose values moved; null where none did.</summary>
    public Moved? Compare(string before, string after, Claim claim)
    {
        if (claim.Columns.IsEmpty) return null;
        Count(before, after, claim.Condition);
        var columns = $"{Identity}, {string.Join(", ", claim.Columns.Select(SqlText.Name))}";
        var first = First(
            $"""
            WITH b AS MATERIALIZED (SELECT {columns} FROM {before} WHERE {claim.Condition}),
            a AS MATERIALIZED (SELECT {columns} FROM {after} WHERE {claim.Condition}),
            nb AS (SELECT {Identity}, count(*) AS n FROM b GROUP BY ALL), na AS (SELECT {Identity}, count(*) AS n FROM a GROUP BY ALL),
            shared AS (SELECT {Qualified("nb")}, nb.n <= na.n AS grows FROM nb JOIN na ON {Same("nb", "na")}),
            gone AS (SELECT * FROM b EXCEPT ALL SELECT * FROM a), come AS (SELECT * FROM a EXCEPT ALL SELECT * FROM b)
            SELECT {Qualified("x")} FROM (SELECT {Identity}, true AS side FROM gone UNION ALL SELECT {Identity}, false FROM come) AS x
            JOIN shared ON {Same("shared", "x")} AND shared.grows = x.side
            ORDER BY x.cutoff, {Qualified("x")} LIMIT 1
            """);
        return first is null ? null : Explain(before, after, claim.Columns, first);
    }

    /// <summary>The first row of one table that has none of its identity left in the other; null where every one has.</summary>
    public Moved? Missing(string rows, string among, string condition, string before, string after)
    {
        var first = First(
            $"SELECT * FROM (SELECT {Identity} FROM {rows} WHERE {condition} EXCEPT ALL SELECT {Identity} FROM {among} WHERE {condition}) ORDER BY cutoff, {Identity} LIMIT 1");
        return first is null ? null : new Moved(null, KeyOf(first), (DateTime)first[^1]!, before, after);
    }

    /// <summary>How many rows differ in a column between the two tables, of identities that stand for one row in each.</summary>
    public long Differing(string before, string after, string column)
    {
        var name = SqlText.Name(column);
        return (long)tables.Rows(
            $"""
            SELECT count(*) FROM (SELECT {Identity}, any_value({name}) AS v FROM {before} GROUP BY {Identity} HAVING count(*) = 1) AS b
            JOIN (SELECT {Identity}, any_value({name}) AS v FROM {after} GROUP BY {Identity} HAVING count(*) = 1) AS a ON {Same("b", "a")}
            WHERE a.v IS DISTINCT FROM b.v
            """)[0][0]!;
    }

    /// <summary>Both aliases have one identity.</summary>
    public string Same(string left, string right) =>
        string.Join(" AND ", keys.Add("cutoff").Select(key => $"{left}.{SqlText.Name(key)} IS NOT DISTINCT FROM {right}.{SqlText.Name(key)}"));

    private string Qualified(string alias) => string.Join(", ", keys.Add("cutoff").Select(key => $"{alias}.{SqlText.Name(key)}"));

    private void Count(string before, string after, string condition)
    {
        foreach (var row in tables.Rows(
            $"SELECT b.cutoff, count(*) FROM (SELECT {Identity} FROM {before} WHERE {condition}) AS b SEMI JOIN {after} AS a ON {Same("a", "b")} GROUP BY b.cutoff")) Count(row);
    }

    private void Count(object?[] row)
    {
        Cutoffs.Add((DateTime)row[0]!);
        Rows += (long)row[1]!;
    }

    private object?[]? First(string sql) => tables.Rows(sql) is [var row, ..] ? row : null;

    /// <summary>Finds the value that moved: of all pairs of rows of one identity, the pair that differs least, but differs.</summary>
    private Moved Explain(string before, string after, ImmutableArray<string> columns, object?[] identity)
    {
        var condition = string.Join(" AND ", keys.Add("cutoff").Select((key, i) => $"CAST({SqlText.Name(key)} AS VARCHAR) IS NOT DISTINCT FROM {Literal(identity[i])}"));
        var items = string.Join(", ", columns.Select(column => $"CAST({SqlText.Name(column)} AS VARCHAR)"));
        var (old, now) = (tables.Rows($"SELECT {items} FROM {before} WHERE {condition} ORDER BY ALL"), tables.Rows($"SELECT {items} FROM {after} WHERE {condition} ORDER BY ALL"));
        var closest = old.Where(row => !now.Any(row.SequenceEqual)).DefaultIfEmpty(old[0])
            .SelectMany(row => now.Select(other => (Row: row, Other: other, Distance: row.Zip(other).Count(pair => !Equals(pair.First, pair.Second)))))
            .Where(pair => pair.Distance > 0).OrderBy(pair => pair.Distance).FirstOrDefault();
        if (closest.Row is null) return new Moved(columns[0], KeyOf(identity), (DateTime)identity[^1]!, "one row", "others");
        var place = Enumerable.Range(0, columns.Length).First(i => !Equals(closest.Row[i], closest.Other[i]));
        return new Moved(columns[place], KeyOf(identity), (DateTime)identity[^1]!, Text(closest.Row[place]), Text(closest.Other[place]));
    }

    private static string KeyOf(object?[] identity) => string.Join(", ", identity[..^1].Select(Text));

    private static string Text(object? value) => value is null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Literal(object? value) => value switch
    {
        null => "NULL",
        DateTime instant => $"CAST({Instants.Literal(instant)} AS VARCHAR)",
        bool truth => truth ? "'true'" : "'false'",
        _ => SqlText.Literal(Text(value)),
    };
}
