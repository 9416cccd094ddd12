using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Semantics;
using SqlMl.Syntax;

namespace SqlMl.Compiler.Tests;

/// <summary>What is known of columns can add errors and never changes the SQL (rule 59): every golden program, under every schema that does not contradict it.</summary>
public sealed class SchemaTests
{
    // What a column may be that the program itself does not type.
    private static readonly string[] Guesses = ["VARCHAR", "TIMESTAMP", "DATE", "BIGINT", "DOUBLE", "BOOLEAN"];

    [Fact]
    public void No_schema_changes_the_sql_of_a_golden_program()
    {
        var (compared, different) = (0, new List<string>());
        foreach (var file in Directory.EnumerateFiles(Path.Combine(TestFiles.Repository, "golden", "language"), "input.sqlml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var text = File.ReadAllText(file);
            var options = new CompileOptions { Dialect = "duckdb" };
            var plain = Programs.Compile(text, options);
            if (!plain.Succeeded) continue;
            foreach (var guess in Guesses)
            {
                var known = Programs.Compile(text, options with { Schemas = Schema(text, guess) });
                if (!known.Succeeded) continue;
                compared++;
                if (!Scripts(plain).SequenceEqual(Scripts(known))) different.Add($"{Path.GetRelativePath(TestFiles.Repository, file)} where what is open is {guess}");
            }
        }
        Assert.Empty(different);
        Assert.True(compared > 200, $"only {compared} programs were compared");
    }

    private static IEnumerable<string> Scripts(CompiledProgram program) => program.Models.SelectMany(model => model.Scripts.Select(script => script.Sql));

    /// <summary>A type for every column that the program reads of a table: the one that its use asks for, else the guess.</summary>
    private static Dictionary<string, ImmutableArray<SchemaColumn>> Schema(string text, string guess)
    {
        var none = new BindOptions(new Dictionary<string, SourceLocation>(), new Dictionary<string, ImmutableArray<KnownColumn>>());
        var program = Binder.Bind([SyntaxTree.Parse(new SourceText("input.sqlml", text))], none, new DiagnosticSink());
        var schemas = new Dictionary<string, ImmutableArray<SchemaColumn>>();
        foreach (var source in program.Sources)
        {
            schemas.Add(source.Name, [.. source.Columns.Where(column => column is { Expression: null, Joined: null }).Select(column => new SchemaColumn(column.Name, TypeOf(column, guess)))]);
        }
        return schemas;
    }

    private static string TypeOf(ColumnSymbol column, string guess) => column.UsedType switch
    {
        DataType.String => "VARCHAR",
        DataType.Instant => "TIMESTAMP",
        DataType.Boolean => "BOOLEAN",
        DataType.Integer => "BIGINT",
        DataType.Number => guess == "BIGINT" ? "BIGINT" : "DOUBLE",
        _ => guess,
    };
}
