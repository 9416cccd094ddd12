using System.Collections.Immutable;
using SqlMl.Compiler.Lowering;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Compiler.Tests;

/// <summary>Every function and aggregate of the language in every dialect: what was forgotten is named.</summary>
public sealed class FunctionMatrixTests
{
    private const string Sources = """
        source s { table s entity e by id time at column amount = amount_text::number column is_open = flag::boolean }
        entity e

        """;

    private const string Model = """

        predict p for e {
          label   exists(s) in next 1 day
          observe at each s
          split   by time 50 / 50
          train   logistic
        }
        """;

    private const string Rows = """
        CREATE TABLE s AS SELECT i % 3 AS id, TIMESTAMP '2024-01-01' + INTERVAL (i) HOUR AS at, CAST(i AS VARCHAR) AS amount_text, 'true' AS flag, 'ab c' AS name
        FROM RANGE(100) AS r(i);
        """;

    public static TheoryData<string> Functions => [.. ScalarFunctions.All.Select(function => function.Name)];

    public static TheoryData<string> Aggregates => [.. AggregateCatalogue.All.Select(aggregate => aggregate.Name)];

    [Fact]
    public void The_catalogue_and_the_lowering_hold_the_same_functions()
    {
        Assert.True(ScalarFunctions.All.Length > 30);
        Assert.Equal(ScalarFunctions.All.Select(function => function.Name).Order(), ExpressionLowering.Functions.Keys.Order());
    }

    [Fact]
    public void The_matrix_holds_every_function_aggregate_and_dialect()
    {
        Assert.True(Functions.Count > 30);
        Assert.True(Aggregates.Count > 20);
        Assert.Equal(["duckdb", "snowflake"], SqlMlCompiler.Dialects.Order());
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_function_compiles_in_every_dialect_and_runs_in_DuckDB(string name)
    {
        var function = ScalarFunctions.Find(name)!;
        var count = Math.Max(function.Required, function.Repeats ? 2 : function.Parameters.Length);
        var value = $"{name}({string.Join(", ", Enumerable.Range(0, count).Select(i => Argument(name, function, i)))})";
        // An instant is no feature; the time since it is.
        Check($"var e.x = {(function.Result == DataType.Instant ? "days since " : "")}{value}");
    }

    [Theory]
    [MemberData(nameof(Aggregates))]
    public void Every_aggregate_compiles_in_every_dialect_and_runs_in_DuckDB(string name)
    {
        var aggregate = AggregateCatalogue.Find(name)!;
        var columns = new[] { aggregate.Column == ColumnRule.Boolean ? "s.is_open" : "s.amount", "s.name" }.Take(aggregate.MaxColumns);
        if (aggregate.Parameter is not null) columns = columns.Append(aggregate.Parameter.Example);
        Check($"var e.x = {name}({(aggregate.MaxColumns == 0 ? "s" : string.Join(", ", columns))} where is_open) over 7 days");
        // Without a column an aggregate of its first column gives an instant, which is no feature.
        if (aggregate.MinColumns == 0) Check($"var e.x = {(aggregate.Result == ResultRule.FirstColumn ? "days since " : "")}{name}(s)");
    }

    /// <summary>An expression of the parameter's type that is null for nobody.</summary>
    private static string Argument(string name, FunctionDefinition function, int index) => (name, index) switch
    {
        ("round", 1) => "2",
        _ => function.ParameterType(index) switch
        {
            DataType.String => "last(s.name)",
            DataType.Instant => index == 0 ? "first(s)" : "cutoff",
            DataType.Integer => "count(s)",
            _ => $"{index + 1} + sum(s.amount)",
        },
    };

    private static void Check(string declaration)
    {
        var scripts = SqlMlCompiler.Dialects.Select(dialect => Compile(declaration, dialect)).ToImmutableArray();
        Assert.Equal(SqlMlCompiler.Dialects.Length, scripts.Distinct().Count());

        using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 1 });
        connection.Execute(Rows);
        connection.Execute(Compile(declaration, "duckdb"));
        using var result = connection.Query("SELECT COUNT(*), COUNT(x) FROM p_training");
        var row = Assert.Single(result.ReadRows());
        // Each of the three entities has few rows at first, and `stddev`, `trend` and `longest_gap` are null below two.
        Assert.InRange(Convert.ToInt64(row[0]), 50, 100);
        Assert.InRange(Convert.ToInt64(row[1]), Convert.ToInt64(row[0]) - 3, Convert.ToInt64(row[0]));
    }

    private static string Compile(string declaration, string dialect)
    {
        var program = SqlMlCompiler.Compile([new SourceText("p.sqlml", Sources + declaration + Model)], new CompileOptions { Dialect = dialect });
        Assert.Empty(program.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => $"{declaration}: {diagnostic.Message}"));
        return Assert.Single(program.Models).Training.Sql;
    }
}
