using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Local.Data;
using SqlMl.Local.Running;

namespace SqlMl.Local.Schemas;

/// <summary>The columns that local sources have, and what stands in the way of reading them.</summary>
/// <param name="Schemas">By source name, for those that could be read.</param>
/// <param name="Diagnostics">Files that are missing, unreadable or empty, each with its place in the program.</param>
/// <param name="Outcome">Succeeded, unless there is a diagnostic; then whether input or machine is at fault.</param>
public sealed record SchemaLookupResult(
    ImmutableDictionary<string, ImmutableArray<SchemaColumn>> Schemas, ImmutableArray<Diagnostic> Diagnostics, RunOutcome Outcome);

/// <summary>Asks DuckDB for the columns of the files that a program reads, so that the compiler can check names and types.</summary>
public static class SchemaLookup
{
    // As in the compiled SQL: nothing but the columns' types is guessed, and those from all rows.
    private const string CsvOptions = """header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1""";

    /// <summary>Looks at every source that reads a file; those that read tables are left to the run. File paths must be absolute.</summary>
    public static SchemaLookupResult Read(ImmutableArray<ProgramSource> sources)
    {
        var schemas = ImmutableDictionary.CreateBuilder<string, ImmutableArray<SchemaColumn>>(StringComparer.OrdinalIgnoreCase);
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var files = sources.Where(source => source.Binding is FileBinding).ToList();
        if (files.Count == 0) return new SchemaLookupResult(schemas.ToImmutable(), [], RunOutcome.Succeeded);
        try
        {
            using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 1 });
            foreach (var source in files)
            {
                if (Describe(connection, source, (FileBinding)source.Binding!, out var columns) is { } problem) diagnostics.Add(problem);
                else schemas[source.Name] = columns;
            }
        }
        catch (DuckDbNativeLibraryException missing)
        {
            return new SchemaLookupResult(schemas.ToImmutable(), [RunErrors.LibraryMissing(missing.Message)], RunOutcome.WrongEnvironment);
        }
        var outcome = diagnostics.Count == 0 ? RunOutcome.Succeeded : RunOutcome.WrongInput;
        return new SchemaLookupResult(schemas.ToImmutable(), diagnostics.ToImmutable(), outcome);
    }

    /// <summary>The relation that a binding names, as DuckDB reads it; with <paramref name="allText"/> a CSV file's columns are texts, whatever they look like.</summary>
    internal static string Relation(SourceBinding binding, bool allText = false) => binding switch
    {
        FileBinding { Path: var path } => FileRelation(path, allText),
        TableBinding table => string.Join('.', table.Path.Select(SqlText.Name)),
        _ => throw new ArgumentException($"a source cannot be read through {binding}", nameof(binding)),
    };

    /// <summary>The columns of a relation, in order.</summary>
    internal static ImmutableArray<SchemaColumn> Describe(DuckDbConnection connection, string relation)
    {
        using var result = connection.Query($"DESCRIBE SELECT * FROM {relation}");
        return [.. result.ReadRows().Select(row => new SchemaColumn((string)row[0]!, (string)row[1]!))];
    }

    private static string FileRelation(string path, bool allText)
    {
        var literal = SqlText.Literal(path);
        if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)) return $"read_parquet({literal})";
        return $"read_csv({literal}, {CsvOptions}{(allText ? ", all_varchar = true" : "")})";
    }

    private static Diagnostic? Describe(DuckDbConnection connection, ProgramSource source, FileBinding file, out ImmutableArray<SchemaColumn> columns)
    {
        columns = [];
        var isPattern = file.Path.AsSpan().ContainsAny("*?[") || file.Path.Contains("://", StringComparison.Ordinal);
        if (!isPattern && !File.Exists(file.Path)) return RunErrors.FileMissing(source.Name, file.Path, source.Span);
        if (!isPattern && new FileInfo(file.Path).Length == 0) return RunErrors.FileEmpty(source.Name, file.Path, source.Span);
        try
        {
            columns = Describe(connection, Relation(file));
            return null;
        }
        catch (DuckDbException failure) when (isPattern && failure.Message.Contains("No files found", StringComparison.OrdinalIgnoreCase))
        {
            return RunErrors.FileMissing(source.Name, file.Path, source.Span);
        }
        catch (DuckDbException failure)
        {
            return RunErrors.FileUnreadable(source.Name, file.Path, EngineFailure.FirstLine(failure.Message), source.Span);
        }
    }
}
