using SqlMl.Language.Text;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds vars of other entities, `merchant.fraud_share` (rule 21): read of whom the entity is linked to.</summary>
/// <param name="scope">The program's names.</param>
/// <param name="entity">Who reads.</param>
/// <param name="anchor">The source whose rows are the cutoffs; null where none is.</param>
internal sealed class LinkBinder(ProgramScope scope, EntitySymbol entity, SourceSymbol? anchor)
{
    /// <summary>The var, or the members of the family, of another entity; none where there is no such var or link, which was reported.</summary>
    internal IReadOnlyList<VarSymbol> Find(EntitySymbol other, NameSyntax name, IVarLookup vars, SourceSpan span)
    {
        if (!IsLinked(other, span)) return [];
        if (vars.Find(other, name) is { } symbol) return [symbol];
        if (vars.FindFamily(other, name) is { } family)
        {
            if (family[0].Learned is null) return family;
            scope.Report(EntityErrors.LearnedInExpression($"`{other.Name}.{name.Text}`", name.Span));
            return [];
        }
        if (!vars.WasReported(other, name)) scope.ReportUnknown(NameErrors.UnknownVar(other.Name, name.Text, name.Span, vars.Names(other)));
        return [];
    }

    /// <summary>The first var of another entity that an expression reads, through vars too; null for none.</summary>
    internal static BoundVar? FirstLinked(BoundExpression expression, EntitySymbol own) => (BoundVar?)First(expression, own, isRollup: false, []);

    /// <summary>The first roll-up in an expression, through vars too; null for none.</summary>
    internal static BoundRollup? FirstRollup(BoundExpression expression, EntitySymbol own) => (BoundRollup?)First(expression, own, isRollup: true, []);

    // Each var is followed once: vars may read one another many times over. What a roll-up reads is the members', and no link.
    private static BoundExpression? First(BoundExpression expression, EntitySymbol own, bool isRollup, HashSet<VarSymbol> followed)
    {
        if (expression is BoundRollup) return isRollup ? expression : null;
        if (expression is BoundVar { Var: var read })
        {
            if (read.Entity != own) return isRollup ? null : expression;
            return followed.Add(read) ? First(read.Expression, own, isRollup, followed) : null;
        }
        foreach (var child in expression.Children)
        {
            if (First(child, own, isRollup, followed) is { } found) return found;
        }
        return null;
    }

    /// <summary>The source whose rows say which of the others are members of the entity; null where there is no such one, which was reported.</summary>
    internal SourceSymbol? FindMembers(EntitySymbol members, SourceSpan span)
    {
        if (members == entity)
        {
            scope.Report(EntityErrors.OwnMembers(entity.Name, span));
            return null;
        }
        var sources = EntityLinks.Between(members, entity, scope.Sources.Values);
        if (sources.Length == 1) return sources[0];
        if (scope.Sources.Values.Any(source => source.IsIncomplete)) return null;
        if (sources.IsEmpty) scope.ReportUnknown(EntityErrors.NoMembers(entity.Name, members.Name, span));
        else scope.Report(EntityErrors.SeveralLinks(members.Name, entity.Name, sources, span));
        return null;
    }

    /// <summary>Reports what a model reads of another entity where its cutoffs are rows of a union that names it.</summary>
    internal void Check(BoundExpression expression)
    {
        if (anchor is not { Location: UnionLocation } || FirstLinked(expression, entity) is not { } linked || !EntityLinks.IsSaidByUnion(anchor, linked.Var.Entity)) return;
        scope.Report(NameErrors.NotCompiled($"a link to `{linked.Var.Entity.Name}` by rows of a union", linked.Span));
    }

    private bool IsLinked(EntitySymbol other, SourceSpan span)
    {
        if (EntityLinks.IsSaidBy(anchor, other)) return true;
        var sources = EntityLinks.Between(entity, other, scope.Sources.Values);
        if (sources.Length == 1) return true;
        // What names every entity because a part of it is not compiled has been reported.
        if (scope.Sources.Values.Any(source => source.IsIncomplete)) return false;
        if (sources.IsEmpty) scope.ReportUnknown(EntityErrors.NoLink(entity.Name, other.Name, span));
        else scope.Report(EntityErrors.SeveralLinks(entity.Name, other.Name, sources, span));
        return false;
    }
}
