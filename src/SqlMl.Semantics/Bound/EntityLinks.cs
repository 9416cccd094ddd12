using System.Collections.Immutable;

namespace SqlMl.Semantics;

/// <summary>Which rows link one entity to another: those that name both (rule 21).</summary>
public static class EntityLinks
{
    /// <summary>
    /// The sources whose rows say to whom an entity is linked, in the order given. What is made from such rows says no more than they do,
    /// or joins the entity from them. A row that names the other on sides does not say which of them is meant.
    /// </summary>
    public static ImmutableArray<SourceSymbol> Between(EntitySymbol from, EntitySymbol to, IEnumerable<SourceSymbol> sources)
    {
        var naming = sources.Where(source => Names(source, from) && NamesOnce(source, to)).ToList();
        return [.. naming.Where(source => !IsMadeFrom(source, naming) && !IsJoinedFrom(source, to, naming))];
    }

    /// <summary>True where a row of the source that is the cutoff says to whom its entity is linked; in a union, where each part says it once.</summary>
    public static bool IsSaidBy(SourceSymbol? anchor, EntitySymbol to) =>
        anchor is not null && NamesOnce(anchor, to) && (anchor.Location is not UnionLocation || !Naming(anchor, to).United.IsEmpty);

    /// <summary>How a row of the source names the entity.</summary>
    public static ImmutableArray<BoundExpression> KeyOf(SourceSymbol source, EntitySymbol entity) =>
        Naming(source, entity) is { United: { IsEmpty: false } united } ? united : Naming(source, entity).Columns;

    private static SourceEntity Naming(SourceSymbol source, EntitySymbol entity) => source.Entities.First(item => item.Entity == entity);

    private static bool Names(SourceSymbol source, EntitySymbol entity) =>
        source.Nature != SourceNature.Untimed && source.Entities.Any(item => item.Entity == entity && !item.Columns.IsEmpty);

    private static bool NamesOnce(SourceSymbol source, EntitySymbol entity) =>
        source.Nature != SourceNature.Untimed && source.Entities.Any(item => item.Entity == entity && item.Sides.IsEmpty && !item.Columns.IsEmpty);

    /// <summary>True where each row takes the entity from such a row that it joins: `entity account by members.account_id`.</summary>
    private static bool IsJoinedFrom(SourceSymbol source, EntitySymbol to, List<SourceSymbol> naming)
    {
        foreach (var key in KeyOf(source, to))
        {
            if (key is not BoundColumn { Column.Joined.Join: { IsBase: false, Target: var target } } || target == source || !naming.Contains(target)) return false;
        }
        return true;
    }

    private static bool IsMadeFrom(SourceSymbol source, List<SourceSymbol> naming) => source.Location switch
    {
        DerivedLocation { Base.Target: var target } => naming.Contains(target),
        GroupLocation { Base: var target } => naming.Contains(target),
        UnionLocation => true,
        _ => false,
    };
}
