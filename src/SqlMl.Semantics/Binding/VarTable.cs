namespace SqlMl.Semantics.Binding;

/// <summary>The vars of a program or of one prediction: by entity, by name, and by family.</summary>
internal sealed class VarTable
{
    private readonly Dictionary<EntitySymbol, Dictionary<string, VarSymbol>> _byEntity = [];
    private readonly Dictionary<EntitySymbol, Dictionary<string, List<VarSymbol>>> _families = [];
    private readonly List<VarSymbol> _all = [];

    internal IReadOnlyList<VarSymbol> All => _all;

    internal IEnumerable<VarSymbol> Of(EntitySymbol entity) =>
        _byEntity.TryGetValue(entity, out var vars) ? vars.Values : [];

    internal VarSymbol? Find(EntitySymbol entity, string name) =>
        _byEntity.TryGetValue(entity, out var vars) ? vars.GetValueOrDefault(name) : null;

    internal IReadOnlyList<VarSymbol>? FindFamily(EntitySymbol entity, string name) =>
        _families.TryGetValue(entity, out var families) ? families.GetValueOrDefault(name) : null;

    /// <summary>The var of that name or, where a family has it, the family's first member.</summary>
    internal VarSymbol? FindDeclared(EntitySymbol entity, string name) => Find(entity, name) ?? FindFamily(entity, name)?[0];

    /// <summary>Adds a var; returns the earlier one of that name where there is one, and adds nothing.</summary>
    internal VarSymbol? TryAdd(VarSymbol symbol)
    {
        if (!_byEntity.TryGetValue(symbol.Entity, out var vars))
        {
            vars = new Dictionary<string, VarSymbol>(StringComparer.OrdinalIgnoreCase);
            _byEntity.Add(symbol.Entity, vars);
            _families.Add(symbol.Entity, new Dictionary<string, List<VarSymbol>>(StringComparer.OrdinalIgnoreCase));
        }
        if (!vars.TryAdd(symbol.Name, symbol)) return vars[symbol.Name];
        _all.Add(symbol);
        if (symbol.Family is not null)
        {
            var families = _families[symbol.Entity];
            if (!families.TryGetValue(symbol.Family, out var members)) families.Add(symbol.Family, members = []);
            members.Add(symbol);
        }
        return null;
    }
}
