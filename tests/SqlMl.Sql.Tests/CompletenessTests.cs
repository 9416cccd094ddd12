using System.Reflection;

namespace SqlMl.Sql.Tests;

public sealed class CompletenessTests
{
    [Fact]
    public void Every_node_has_its_own_method_on_the_printer()
    {
        Type[] kinds = [typeof(SqlExpression), typeof(SqlQuery), typeof(SqlTable), typeof(SqlStatement), typeof(SqlFrameBound)];
        var nodes = typeof(SqlExpression).Assembly.GetTypes().Where(type => kinds.Any(type.IsSubclassOf)).ToArray();
        var handled = typeof(SqlPrinter)
            .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(method => method.IsVirtual && method.GetParameters() is [_] or [_, { Name: "isStart" }])
            .ToLookup(method => (method.Name, method.GetParameters()[0].ParameterType));

        Assert.True(nodes.Length >= 40, $"only {nodes.Length} nodes were found");
        foreach (var node in nodes)
        {
            Assert.True(node.IsSealed, $"{node.Name} is not sealed");
            Assert.True(handled.Contains((node.Name[3..], node)), $"SqlPrinter has no method {node.Name[3..]}({node.Name})");
        }
    }
}
