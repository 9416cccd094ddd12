using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Compiler.Lowering;
using SqlMl.Optimizer;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;

namespace SqlMl.Compiler;

/// <summary>Compiles the tests of a program.</summary>
internal static class TestScripts
{
    /// <summary>Tests see all that they state: their run is as of the end of time.</summary>
    private static readonly DateTime AsOf = new(9999, 12, 31, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>One query a test.</summary>
    internal static ImmutableArray<CompiledTest> Print(SemanticModel program, SqlDialect dialect, CompileOptions options) =>
        [.. program.Tests.Select((test, i) => Print(program, test, i + 1, dialect, options))];

    private static CompiledTest Print(SemanticModel program, BoundTest test, int number, SqlDialect dialect, CompileOptions options)
    {
        var plan = new LogicalPlan([TestPlanner.Plan(program, test)]);
        if (options.Optimize) plan = PlanOptimizer.Optimize(plan, options.DisabledPasses);
        var query = new ModelLowering(plan.Models[0], AsOf, dialect, learned: []).Prediction(test.At, test.Entity);
        var subject = Subject(test);
        var sql = dialect.Print(new SqlScript([$"{subject}, as `{test.Model.Name}` sees it."], [new SqlSetUtc(), new SqlQueryStatement(query)]));
        return new CompiledTest(
            test.Name, test.Span, test.Model.Name, subject, new CompiledScript($"test.{number}.sql", sql),
            [.. test.Expectations.Select(item => new CompiledExpectation(item.Column, item.Value, item.Span))]);
    }

    private static string Subject(BoundTest test)
    {
        var format = test.At.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFFFFF";
        var key = test.Entity.IsEmpty ? "" : $" '{string.Join("', '", test.Entity)}'";
        return $"{test.Model.Entity.Name}{key} at {test.At.ToString(format, CultureInfo.InvariantCulture)}";
    }
}
