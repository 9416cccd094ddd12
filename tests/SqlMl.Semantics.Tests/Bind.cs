using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Tests;

/// <summary>Short ways to bind a program.</summary>
internal static class Bind
{
    public const string Orders = """
        source orders { table shop.orders  entity customer by customer_id  time ordered_at }
        entity customer

        """;

    public static (SemanticModel Program, ImmutableArray<Diagnostic> Found) All(string text, params (string Name, string Type)[] columns)
    {
        var schemas = columns.Length == 0
            ? ImmutableDictionary<string, ImmutableArray<KnownColumn>>.Empty
            : ImmutableDictionary<string, ImmutableArray<KnownColumn>>.Empty.Add("orders", [.. columns.Select(column => new KnownColumn(column.Name, column.Type))]);
        var sink = new DiagnosticSink();
        var tree = SyntaxTree.Parse(new SourceText("a.sqlml", text));
        Assert.Empty(tree.Diagnostics);
        return (Binder.Bind([tree], new BindOptions(ImmutableDictionary<string, SourceLocation>.Empty, schemas), sink), sink.ToImmutable());
    }

    /// <summary>The program, which must be free of errors.</summary>
    public static SemanticModel Valid(string text, params (string Name, string Type)[] columns)
    {
        var (program, found) = All(text, columns);
        Assert.True(found.All(item => item.Severity == DiagnosticSeverity.Warning), DiagnosticText.Render(found));
        return program;
    }

    public static VarSymbol Var(string expression, params (string Name, string Type)[] columns) =>
        Valid($"{Orders}var customer.base = count(orders) over 7, 30 days\nvar customer.x = {expression}", columns).Vars[^1];

    public static BoundModel Model(string vars, params string[] clauses)
    {
        string[] all = ["label exists(orders) in next 7 days", "observe every 7 days", "train logistic", .. clauses];
        var given = all.GroupBy(clause => clause.Split(' ')[0]).SelectMany(group => group.Key is "observe" or "var" && clauses.Any(clause => clause.StartsWith(group.Key, StringComparison.Ordinal))
            ? group.Where(clauses.Contains) : [group.Last()]);
        return Assert.Single(Valid($"{Orders}{vars}\npredict p for customer {{\n{string.Join('\n', given)}\n}}").Models);
    }

    public static string[] Codes(string text) => [.. All(text).Found.Select(item => item.Code)];
}
