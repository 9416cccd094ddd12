using System.Collections.Immutable;
using SqlMl.DuckDb;

namespace SqlMl.OracleTests;

/// <summary>Rows with named columns; numbers of every type are <see cref="double"/>, lists are arrays.</summary>
internal sealed record ResultTable(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<object?>> Rows);

/// <summary>Runs emitted scripts in a DuckDB database of its own, in memory.</summary>
internal sealed class DuckDbExecution : IDisposable
{
    private readonly DuckDbConnection _connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 1 });

    /// <summary>The database itself.</summary>
    public DuckDbConnection Connection => _connection;

    /// <summary>Runs all statements.</summary>
    public void Execute(string sql) => _connection.Execute(sql);

    /// <summary>Forgets a table, so that one of an earlier program is not taken for this one's.</summary>
    public void Drop(string name) => _connection.Execute($"DROP TABLE IF EXISTS \"{name}\"");

    /// <summary>All rows of a table.</summary>
    public ResultTable ReadTable(string name) => Read($"SELECT * FROM \"{name}\"");

    /// <summary>All rows of a file, as DuckDB reads it by its name's ending.</summary>
    public ResultTable ReadFile(string path) => Read($"SELECT * FROM '{path.Replace("'", "''", StringComparison.Ordinal)}'");

    public void Dispose() => _connection.Dispose();

    private ResultTable Read(string sql)
    {
        using var result = _connection.Query(sql);
        var columns = result.Columns.Select(column => column.Name).ToImmutableArray();
        return new ResultTable(columns, [.. result.ReadRows().Select(row => row.Select(Normalize).ToImmutableArray())]);
    }

    private static object? Normalize(object? value) => value switch
    {
        long number => (double)number,
        ulong number => (double)number,
        Int128 number => (double)number,
        decimal number => (double)number,
        object?[] elements => Array.ConvertAll(elements, Normalize),
        _ => value,
    };
}
