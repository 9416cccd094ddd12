using System.Collections.Immutable;

namespace SqlMl.Sql;

/// <summary>The dialects there are. A new one is a folder beside the others and a line here.</summary>
public static class SqlDialects
{
    /// <summary>Every dialect, by name.</summary>
    public static ImmutableArray<SqlDialect> All { get; } = [new DuckDbDialect(), new SnowflakeDialect()];

    /// <summary>The dialect of a name, in any case; null when there is none.</summary>
    public static SqlDialect? Find(string name) =>
        All.FirstOrDefault(dialect => string.Equals(dialect.Name, name, StringComparison.OrdinalIgnoreCase));
}
