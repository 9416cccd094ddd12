using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>A program's tables as files of a temporary folder, which is gone afterwards.</summary>
internal sealed class ProgramFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqlml-oracle-");

    public ProgramFiles(OracleProgram program, DuckDbExecution database)
    {
        foreach (var source in program.Sources)
        {
            if (source.IsParquet) database.Execute(source.Table.ToParquetStatement(PathOf(source)));
            else File.WriteAllText(PathOf(source), source.Table.ToCsv());
        }
        Bindings = program.Sources.ToImmutableDictionary(
            source => source.Name, source => (SourceBinding)new FileBinding(PathOf(source)), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What points the program's sources at the files.</summary>
    public ImmutableDictionary<string, SourceBinding> Bindings { get; }

    public string PathOf(OracleSource source) => Path.Combine(_folder.FullName, source.FileName);

    public void Dispose() => _folder.Delete(recursive: true);
}
