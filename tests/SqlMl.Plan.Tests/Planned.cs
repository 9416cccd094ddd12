using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Semantics;
using SqlMl.Syntax;

namespace SqlMl.Plan.Tests;

/// <summary>Short ways to plan a program.</summary>
internal static class Planned
{
    public const string Sources = """
        source orders { table shop.orders  entity customer by customer_id  time ordered_at  where amount > 0  column net = amount - tax }
        source visits { file 'visits.csv'  entity customer by visitor  time seen_at }
        source refunds { table shop.refunds  time at }
        entity customer

        """;

    /// <summary>The plan of one model: vars, then the clauses of its prediction (`label`, `observe` and `train` where none is given).</summary>
    public static LogicalModel Model(string vars, string clauses = "")
    {
        var label = clauses.Contains("label", StringComparison.Ordinal) ? "" : "label exists(orders) in next 7 days\n";
        var observe = clauses.Contains("observe", StringComparison.Ordinal) ? "" : "observe every 7 days\n";
        var text = $"{Sources}{vars}\npredict p for customer {{ {label}{observe}{clauses}\ntrain logistic }}";
        var sink = new DiagnosticSink();
        var tree = SyntaxTree.Parse(new SourceText("a.sqlml", text));
        var program = Binder.Bind(
            [tree], new BindOptions(ImmutableDictionary<string, SourceLocation>.Empty, ImmutableDictionary<string, ImmutableArray<KnownColumn>>.Empty), sink);
        Assert.True(tree.Diagnostics.IsEmpty && !sink.HasErrors, DiagnosticText.Render([.. tree.Diagnostics, .. sink.ToImmutable()]));
        return Assert.Single(PlanBuilder.Build(program).Models);
    }

    public static string Text(string vars, string clauses = "") => PlanText.Print(new LogicalPlan([Model(vars, clauses)]));

    /// <summary>The plan of a value that is derived from two aggregates, `@x_1` and `@x_2`, or of the scan that it is.</summary>
    public static string Derived(string expression) => PlanText.Print(Assert.Single(Model($"var customer.x = {expression}").Derived).Expression);
}
