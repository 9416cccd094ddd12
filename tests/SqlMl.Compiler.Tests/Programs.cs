using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Compiler.Tests;

/// <summary>Short ways to compile a program.</summary>
internal static class Programs
{
    /// <summary>A source with one entity: what most small programs begin with.</summary>
    public const string Orders = """
        source orders { table shop.orders  entity customer by customer_id  time ordered_at }
        entity customer

        """;

    /// <summary>A model without mistakes, to go with <see cref="Orders"/> and at least one var.</summary>
    public const string Churn = """
        predict churn for customer {
          label   not exists(orders) in next 7 days
          observe every 7 days
          train   logistic
        }

        """;

    public static CompiledProgram Compile(string text, string dialect = "duckdb") => Compile(text, new CompileOptions { Dialect = dialect });

    public static CompiledProgram Compile(string text, CompileOptions options) =>
        SqlMlCompiler.Compile([new SourceText("input.sqlml", text)], options);

    /// <summary>Compiles several files, the first of which is the program; an import names one of them by its path.</summary>
    public static CompiledProgram CompileFiles(CompileOptions options, params (string Path, string Text)[] files)
    {
        ImmutableArray<SourceText> texts = [.. files.Select(file => new SourceText(file.Path, file.Text))];
        var imports = texts.SelectMany(text => SqlMlCompiler.FindImports(text)).Select(import => new ResolvedImport(import, [.. texts.Where(text => text.Path == import.Path)]));
        return SqlMlCompiler.Compile(texts, options with { Imports = [.. imports.Where(import => !import.Files.IsEmpty)] });
    }

    public static string[] Codes(string text, string dialect = "duckdb") => [.. Compile(text, dialect).Diagnostics.Select(found => found.Code)];

    public static ImmutableDictionary<string, ImmutableArray<SchemaColumn>> Schema(string source, params (string Name, string Type)[] columns) =>
        ImmutableDictionary.Create<string, ImmutableArray<SchemaColumn>>(StringComparer.OrdinalIgnoreCase)
            .Add(source, [.. columns.Select(column => new SchemaColumn(column.Name, column.Type))]);

    /// <summary>Fails with the diagnostics as text unless the program compiles in every dialect.</summary>
    public static void AssertCompiles(string text)
    {
        foreach (var dialect in SqlMlCompiler.Dialects)
        {
            var program = Compile(text, dialect);
            Assert.True(program.Succeeded, $"{dialect}:\n{text}\n{DiagnosticText.Render(program.Diagnostics)}");
        }
    }
}
