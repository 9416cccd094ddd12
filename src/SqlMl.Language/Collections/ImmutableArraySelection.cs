using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SqlMl.Language.Collections;

/// <summary>
/// Maps arrays to immutable arrays. A query over each pair of types makes the runtime load a dozen types of its own before the first element
/// is read: where a command line has to start at once, a loop is several times cheaper.
/// </summary>
public static class ImmutableArraySelection
{
    /// <summary>The results in the order of the items; all are computed at once.</summary>
    public static ImmutableArray<TResult> SelectAsArray<TItem, TResult>(this ImmutableArray<TItem> items, Func<TItem, TResult> select)
    {
        var results = new TResult[items.Length];
        for (var i = 0; i < results.Length; i++) results[i] = select(items[i]);
        return ImmutableCollectionsMarshal.AsImmutableArray(results);
    }

    /// <inheritdoc cref="SelectAsArray{TItem,TResult}(ImmutableArray{TItem},Func{TItem,TResult})"/>
    public static ImmutableArray<TResult> SelectAsArray<TItem, TResult>(this TItem[] items, Func<TItem, TResult> select) =>
        ImmutableCollectionsMarshal.AsImmutableArray(items).SelectAsArray(select);
}
