using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Syntax;

namespace SqlMl.Optimizer.Tests;

/// <summary>The plan of a small program, before any pass.</summary>
internal static class Planned
{
    public static LogicalModel Model(string vars, string observe = "observe every 7 days", string label = "exists(orders) in next 7 days")
    {
        var text = $$"""
            source orders { table shop.orders  entity customer by customer_id  time ordered_at }
            source visits { table web.visits  entity customer by visitor  time seen_at }
            entity customer
            {{vars}}
            predict p for customer { label {{label}}  {{observe}}  train logistic }
            """;
        var sink = new DiagnosticSink();
        var tree = SyntaxTree.Parse(new SourceText("a.sqlml", text));
        var program = Binder.Bind(
            [tree], new BindOptions(ImmutableDictionary<string, SourceLocation>.Empty, ImmutableDictionary<string, ImmutableArray<KnownColumn>>.Empty), sink);
        Assert.True(tree.Diagnostics.IsEmpty && !sink.HasErrors, DiagnosticText.Render([.. tree.Diagnostics, .. sink.ToImmutable()]));
        return Assert.Single(PlanBuilder.Build(program).Models);
    }

    public static IEnumerable<string> Names(IEnumerable<LogicalScan> scans) => scans.SelectMany(scan => scan.Aggregates).Select(aggregate => aggregate.Name);
}
