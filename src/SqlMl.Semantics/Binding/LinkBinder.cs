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
        if (!vars.WasReported(other, name)) scope.ReportUnknownVar(other, name, vars);
        return [];
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
