using SqlMl.Language.Text;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Finds vars by name, binding them on demand.</summary>
internal interface IVarLookup
{
    /// <summary>The var of that name, bound; null when there is none, or when it holds a mistake, which was reported.</summary>
    VarSymbol? Find(EntitySymbol entity, NameSyntax name);

    /// <summary>The members of a window family, or null.</summary>
    IReadOnlyList<VarSymbol>? FindFamily(EntitySymbol entity, NameSyntax name);

    /// <summary>True when a var of that name exists but could not be bound, which was reported.</summary>
    bool WasReported(EntitySymbol entity, NameSyntax name);

    /// <summary>True where a var or a family of that name is declared.</summary>
    bool Has(EntitySymbol entity, NameSyntax name);

    /// <summary>All names that may be used, as a place writes them.</summary>
    IEnumerable<string> Names(EntitySymbol entity, SourceSpan reader);
}
