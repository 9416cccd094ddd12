using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace SqlMl.ProofTests;

/// <summary>Rewrites trees of records of the SQL tree, whatever nodes there are: nothing has to be said here of a new one.</summary>
/// <param name="rewrite">Called for each node after its children; gives the node, or another in its place.</param>
internal sealed class TreeRewriter(Func<object, object> rewrite)
{
    private static readonly Assembly Tree = typeof(Sql.SqlQuery).Assembly;
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    /// <summary>The tree with all that was put in place; the same instance where nothing was.</summary>
    public T Rewrite<T>(T root)
        where T : notnull => (T)Visit(root);

    private object Visit(object node)
    {
        object? copy = null;
        foreach (var property in Properties.GetOrAdd(node.GetType(), Written))
        {
            if (property.GetValue(node) is not { } value) continue;
            var changed = IsNode(value) ? Visit(value) : IsList(value.GetType()) ? VisitList(value) : value;
            if (ReferenceEquals(changed, value)) continue;
            copy ??= node.GetType().GetMethod("<Clone>$")!.Invoke(node, null)!;
            property.SetValue(copy, changed);
        }
        return rewrite(copy ?? node);
    }

    private static PropertyInfo[] Written(Type type) => [.. type.GetProperties().Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)];

    private object VisitList(object list)
    {
        var items = ((IEnumerable)list).Cast<object>().ToList();
        var changed = items.ConvertAll(item => IsNode(item) ? Visit(item) : item);
        if (items.Zip(changed).All(pair => ReferenceEquals(pair.First, pair.Second))) return list;
        var type = list.GetType().GenericTypeArguments[0];
        var typed = Array.CreateInstance(type, changed.Count);
        for (var i = 0; i < changed.Count; i++) typed.SetValue(changed[i], i);
        return typeof(ImmutableArray).GetMethods().Single(method => method.Name == "Create" && method.GetParameters() is [{ ParameterType.IsArray: true }])
            .MakeGenericMethod(type).Invoke(null, [typed])!;
    }

    private static bool IsNode(object value) => value.GetType().Assembly == Tree && !value.GetType().IsEnum && value is not Sql.SqlName;

    private static bool IsList(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) && type.GenericTypeArguments[0].Assembly == Tree;
}
