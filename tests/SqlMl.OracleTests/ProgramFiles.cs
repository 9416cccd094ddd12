using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>A program's rows where its SQL finds them: in files of a temporary folder, which is gone afterwards, or in tables of the database, which the next program replaces.</summary>
internal sealed class ProgramFiles : IDisposable
{
    private readonly DirectoryInfo? _folder;

    /// <summary>Stores the rows.</summary>
    /// <param name="program">The program.</param>
    /// <param name="database">Where its SQL will run.</param>
    /// <param name="inTables">True for tables, which are cheaper: nobody has to guess their types.</param>
    public ProgramFiles(OracleProgram program, DuckDbExecution database, bool inTables = false)
    {
        if (!inTables) _folder = Directory.CreateTempSubdirectory("sqlml-oracle-");
        var stored = program.Sources.RemoveAll(source => !source.IsStored);
        foreach (var source in stored)
        {
            if (inTables) database.Execute(source.Table.ToTableStatement(source.Name));
            else if (source.IsParquet) database.Execute(source.Table.ToParquetStatement(PathOf(source)));
            else File.WriteAllText(PathOf(source), source.Table.ToCsv());
        }
        Bindings = stored.ToImmutableDictionary(
            source => source.StoredName, SourceBinding (source) => inTables ? new TableBinding([source.Name]) : new FileBinding(PathOf(source)), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What points the program's sources at the rows.</summary>
    public ImmutableDictionary<string, SourceBinding> Bindings { get; }

    /// <summary>Where a source's rows lie; only of rows in files.</summary>
    public string PathOf(OracleSource source) => Path.Combine(_folder!.FullName, source.FileName);

    public void Dispose() => _folder?.Delete(recursive: true);
}
