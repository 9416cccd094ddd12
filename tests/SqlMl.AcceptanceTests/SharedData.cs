using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.AcceptanceTests;

/// <summary>The real data sets, which are not part of the project: tests that need them say loudly that they were skipped.</summary>
internal static class SharedData
{
    /// <summary>The path of a file under shared/data; skips the test where it is absent.</summary>
    public static string Require(string relativePath)
    {
        var root = Environment.GetEnvironmentVariable("SQLML_SHARED_DATA") ?? Search();
        var path = root is null ? null : Path.Combine(root, relativePath);
        if (path is null || !File.Exists(path)) Assert.Skip($"SKIPPED: the data set {relativePath} is not here; set SQLML_SHARED_DATA to the folder that holds it.");
        return path!;
    }

    /// <summary>Compiles for DuckDB with sources bound to files of shared/data, whose columns the compiler is told.</summary>
    public static CompiledModel Compile(string program, params (string Source, string File)[] bindings)
    {
        var options = new CompileOptions
        {
            Dialect = "duckdb",
            Bindings = bindings.ToImmutableDictionary(
                item => item.Source, item => (SourceBinding)new FileBinding(Require(item.File)), StringComparer.OrdinalIgnoreCase),
            Schemas = bindings.ToImmutableDictionary(item => item.Source, item => Schema(Require(item.File)), StringComparer.OrdinalIgnoreCase),
        };
        var compiled = SqlMlCompiler.Compile([new SourceText("program.sqlml", program)], options);
        Assert.True(compiled.Succeeded, DiagnosticText.Render(compiled.Diagnostics));
        return compiled.Models.Single();
    }

    /// <summary>Builds the training set, and reads it or any other query.</summary>
    public static DuckDbConnection Build(CompiledModel model)
    {
        var connection = DuckDbConnection.Open(DuckDbConnection.InMemory);
        connection.Execute(model.Training.Sql);
        return connection;
    }

    private static ImmutableArray<SchemaColumn> Schema(string file)
    {
        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory);
        using var columns = connection.Query($"DESCRIBE FROM '{file}'");
        return [.. columns.ReadRows().Select(row => new SchemaColumn((string)row[0]!, (string)row[1]!))];
    }

    private static string? Search()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate)) return candidate;
        }
        return null;
    }
}
