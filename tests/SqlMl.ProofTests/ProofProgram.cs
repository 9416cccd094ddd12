using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Text;
using SqlMl.Local.Proving;
using SqlMl.Testing.Programs;

namespace SqlMl.ProofTests;

/// <summary>A program with its data in files of a temporary folder, ready to be proved.</summary>
internal sealed class ProofProgram : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqlml-proof-");

    private ProofProgram(string text, string file) => Text = new SourceText(file, text);

    public SourceText Text { get; }

    public CompileOptions Options { get; private set; } = new() { Dialect = "duckdb" };

    /// <summary>A program of the generator, on its own random rows.</summary>
    public static ProofProgram Of(OracleProgram program)
    {
        var made = new ProofProgram(ProgramText.Render(program), "random.sqlml");
        using var database = DuckDbConnection.Open(DuckDbConnection.InMemory);
        var stored = program.Sources.RemoveAll(source => !source.IsStored);
        foreach (var source in stored)
        {
            var path = Path.Combine(made._folder.FullName, source.FileName);
            if (source.IsParquet) database.Execute(source.Table.ToParquetStatement(path), TestContext.Current.CancellationToken);
            else File.WriteAllText(path, source.Table.ToCsv());
            made.Bind(source.StoredName, path);
        }
        made.Options = made.Options with
        {
            AsOf = program.AsOf is { } asOf ? DateTime.SpecifyKind(asOf, DateTimeKind.Utc) : null,
            Schemas = program.Unions.IsEmpty ? made.Options.Schemas : stored.ToDictionary(
                source => source.StoredName, source => source.Table.Columns.Select(column => new SchemaColumn(column.Name, column.SqlType)).ToImmutableArray(),
                StringComparer.OrdinalIgnoreCase),
        };
        return made;
    }

    /// <summary>A program written by hand; each table is a query of DuckDB's, kept as Parquet.</summary>
    public static ProofProgram Of(string text, params ReadOnlySpan<(string Source, string Query)> tables)
    {
        var made = new ProofProgram(text, "hand.sqlml");
        using var database = DuckDbConnection.Open(DuckDbConnection.InMemory);
        foreach (var (source, query) in tables)
        {
            var path = Path.Combine(made._folder.FullName, $"{source}.parquet");
            database.Execute($"COPY ({query}) TO '{path}' (FORMAT parquet)", TestContext.Current.CancellationToken);
            made.Bind(source, path);
        }
        return made;
    }

    /// <summary>Compiles and proves it.</summary>
    /// <param name="change">What the test wants otherwise.</param>
    public ProofResult Prove(Func<ProofRequest, ProofRequest>? change = null)
    {
        var request = new ProofRequest { Files = [Text], Options = Options, DatabaseFile = Path.Combine(_folder.FullName, "none.duckdb") };
        return Prover.ProveAsync(change is null ? request : change(request), null, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Bind(string source, string path) => Options = Options with
    {
        Bindings = new Dictionary<string, SourceBinding>(Options.Bindings, StringComparer.OrdinalIgnoreCase) { [source] = new FileBinding(path) },
    };
}
