using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Local.Data;
using SqlMl.Local.Schemas;

namespace SqlMl.Local.Proving;

/// <summary>A column of a stored source.</summary>
/// <param name="Name">As stored.</param>
/// <param name="Type">In DuckDB's words.</param>
internal sealed record WorkColumn(string Name, string Type);

/// <summary>Copies of everything that a program reads, in a database of their own in memory: one to keep, one to work on, and one with other values.</summary>
internal sealed class WorkTables : IDisposable
{
    private const string Kept = "sqlml_kept";
    private const string Work = "sqlml_work";
    private const string Other = "sqlml_other";
    private const string Users = "sqlml_users";

    private readonly Dictionary<string, ImmutableArray<WorkColumn>> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _changed = new(StringComparer.OrdinalIgnoreCase);

    public WorkTables(ProofRequest request, CancellationToken cancellation)
    {
        Cancellation = cancellation;
        Connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = request.Threads, MemoryLimit = request.MemoryLimit });
        foreach (var schema in (string[])[Kept, Work, Other]) Connection.Execute($"CREATE SCHEMA {schema}", cancellation);
        if (File.Exists(request.DatabaseFile)) Connection.Execute($"ATTACH {SqlText.Literal(request.DatabaseFile)} AS {Users} (READ_ONLY)", cancellation);
    }

    public DuckDbConnection Connection { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>What points a program at the copies.</summary>
    public IReadOnlyDictionary<string, SourceBinding> Bindings(IReadOnlyDictionary<string, SourceBinding> others)
    {
        var bindings = new Dictionary<string, SourceBinding>(others, StringComparer.OrdinalIgnoreCase);
        foreach (var source in _columns.Keys) bindings[source] = new TableBinding([Work, source]);
        return bindings;
    }

    /// <summary>The columns of a source that was copied.</summary>
    public ImmutableArray<WorkColumn> ColumnsOf(string source) => _columns[source];

    /// <summary>The column that the program means by a name; null where the table has none.</summary>
    public WorkColumn? Column(string source, string? name) =>
        name is null ? null : ColumnsOf(source).FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A source's rows as they are, numbered by <see cref="StoredSource.RowNumber"/>.</summary>
    public static string KeptOf(string source) => $"{Kept}.{SqlText.Name(source)}";

    /// <summary>The same rows, in each column another value than theirs, wherever the column has another.</summary>
    public static string OtherOf(string source) => $"{Other}.{SqlText.Name(source)}";

    /// <summary>The table that the program reads.</summary>
    public static string WorkOf(string source) => $"{Work}.{SqlText.Name(source)}";

    /// <summary>Copies a source once, however many models read it.</summary>
    public void Copy(StoredSource source)
    {
        if (_columns.ContainsKey(source.Name)) return;
        // Names of tables are looked up where a run would: in the user's database first.
        var hasUsers = Connection.Scalar<bool>($"SELECT count(*) > 0 FROM duckdb_databases() WHERE database_name = '{Users}'");
        if (hasUsers) Execute($"USE {Users}");
        Connection.Execute(
            $"CREATE TABLE memory.{KeptOf(source.Name)} AS SELECT *, row_number() OVER () AS {StoredSource.RowNumber} FROM ({source.Rows})", Cancellation);
        if (hasUsers) Execute("USE memory");
        _columns.Add(source.Name, [.. SchemaLookup.Describe(Connection, KeptOf(source.Name))
            .Where(column => column.Name != StoredSource.RowNumber).Select(column => new WorkColumn(column.Name, column.Type))]);
        Execute($"CREATE TABLE {WorkOf(source.Name)} AS FROM {KeptOf(source.Name)}");
        WriteOther(source.Name);
    }

    /// <summary>Puts a table in place of the one that the program reads; every column keeps its type.</summary>
    /// <param name="source">Whose.</param>
    /// <param name="query">All columns of the source in their order, and the rows' number.</param>
    public void Replace(string source, string query)
    {
        _changed.Add(source);
        Execute($"CREATE OR REPLACE TABLE {WorkOf(source)} AS {query}");
    }

    /// <summary>Makes everything as it was.</summary>
    public void Restore()
    {
        foreach (var source in _changed) Execute($"CREATE OR REPLACE TABLE {WorkOf(source)} AS FROM {KeptOf(source)}");
        _changed.Clear();
    }

    public void Execute(string sql) => Connection.Execute(sql, Cancellation);

    public IReadOnlyList<object?[]> Rows(string sql)
    {
        using var result = Connection.Query(sql, Cancellation);
        return result.ReadRows();
    }

    public void Dispose() => Connection.Dispose();

    /// <summary>In each column the next of its different values, so that conditions on values are met and missed; null where there is but one.</summary>
    private void WriteOther(string source)
    {
        var items = new List<string>();
        var joins = new List<string>();
        foreach (var (column, i) in ColumnsOf(source).Select((column, i) => (SqlText.Name(column.Name), i)))
        {
            joins.Add(
                $"""
                JOIN (SELECT v, CASE WHEN count(*) OVER () = 1 THEN NULL ELSE coalesce(lead(v) OVER (ORDER BY v NULLS FIRST), CASE WHEN row_number() OVER (ORDER BY v NULLS FIRST) = count(*) OVER () THEN first_value(v) OVER (ORDER BY v NULLS FIRST) END) END AS w
                  FROM (SELECT DISTINCT {column} AS v FROM {KeptOf(source)})) AS d{i} ON d{i}.v IS NOT DISTINCT FROM k.{column}
                """);
            items.Add($"d{i}.w AS {column}");
        }
        Execute($"CREATE TABLE {OtherOf(source)} AS SELECT k.{StoredSource.RowNumber}, {string.Join(", ", items)} FROM {KeptOf(source)} AS k {string.Join('\n', joins)}");
    }
}
