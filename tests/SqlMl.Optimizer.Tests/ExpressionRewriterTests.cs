using SqlMl.Language.Types;
using SqlMl.Plan;

namespace SqlMl.Optimizer.Tests;

public sealed class ExpressionRewriterTests
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase) { ["old"] = "new" };

    private static readonly Duration Day = Duration.Create(1, "day")!;

    private static readonly Func<LogicalExpression, LogicalExpression>[] Shapes =
    [
        value => new LogicalOperation(LogicalOperator.Add, [new LogicalConstant(1L), value]),
        value => new LogicalFunction("abs", [value]),
        value => new LogicalCast(value, DataType.Number),
        value => new LogicalShift(value, Day, true),
        value => new LogicalElapsed(value, Day, false),
        value => new LogicalCase([new LogicalBranch(new LogicalConstant(true), new LogicalConstant(1L)), new LogicalBranch(value, new LogicalCutoff())], null),
        value => new LogicalCase([new LogicalBranch(new LogicalConstant(true), new LogicalConstant(1L))], value),
    ];

    [Fact]
    public void A_name_is_replaced_wherever_it_stands_and_all_else_stays() => Assert.All(Shapes, shape =>
    {
        var before = PlanText.Print(shape(new LogicalValue("OLD")));
        Assert.Equal(before.Replace("@OLD", "@new", StringComparison.Ordinal), PlanText.Print(ExpressionRewriter.Rename(shape(new LogicalValue("OLD")), Names)));
    });

    [Fact]
    public void Without_the_name_the_same_instance_comes_back() => Assert.All(Shapes, shape =>
    {
        var expression = shape(new LogicalValue("other"));
        Assert.Same(expression, ExpressionRewriter.Rename(expression, Names));
    });
}
