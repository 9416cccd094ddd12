using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>
/// What the files of a program call their declarations (rule 62). The names of a file that is imported `as shop` lie under `shop.`: `orders` of it is
/// `shop.orders`, and `shop_orders` wherever one word is wanted, as in outputs. A file sees its own names first, then those of who imports it.
/// </summary>
internal sealed class ImportedNames
{
    private readonly Dictionary<SourceText, Place> _places = [];
    private readonly Dictionary<string, SourceSpan> _aliases = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where a file's names lie.</summary>
    /// <param name="Prefix">What stands before each of its names: empty, or `shop_`.</param>
    /// <param name="Outer">What stands before the names of who imports it, and so on outwards; the last is empty. None for the program's own files.</param>
    /// <param name="Import">The import that put them there; null for a file that none names.</param>
    private sealed record Place(string Prefix, ImmutableArray<string> Outer, ImportSyntax? Import);

    /// <summary>Reads what the files import; a file that would have names in two places is reported.</summary>
    internal static ImportedNames Read(ImmutableArray<SyntaxTree> trees, ImmutableArray<ReadImport> imports, DiagnosticSink diagnostics)
    {
        var names = new ImportedNames();
        var inner = new HashSet<SourceText>();
        foreach (var import in imports) inner.UnionWith(import.Files);
        // Who is imported by nobody is the program; what is left then are files that import one another in a circle.
        foreach (var tree in trees)
        {
            if (!inner.Contains(tree.Source)) names.Visit(tree, new Place("", [], null), trees, imports, diagnostics);
        }
        foreach (var tree in trees)
        {
            if (!names._places.ContainsKey(tree.Source)) names.Visit(tree, new Place("", [], null), trees, imports, diagnostics);
        }
        return names;
    }

    /// <summary>The declaration under the name that the whole program has for it.</summary>
    internal DeclarationSyntax Declared(DeclarationSyntax declaration) => PrefixOf(declaration.Span) is not { Length: > 0 } prefix ? declaration : declaration switch
    {
        SourceSyntax source => source with { Name = Behind(prefix, source.Name) },
        EntitySyntax entity => entity with { Name = Behind(prefix, entity.Name) },
        VarSyntax var => var with { Name = Behind(prefix, var.Name) },
        PredictSyntax model => model with { Name = Behind(prefix, model.Name) },
        ParamSyntax param => param with { Name = Behind(prefix, param.Name) },
        ViewSyntax view => view with { Name = Behind(prefix, view.Name) },
        CohortSyntax cohort => cohort with { Name = Behind(prefix, cohort.Name) },
        _ => declaration,
    };

    /// <summary>The names that a name may stand for, nearest first: in its own file's place, then in those around it. None where it names no import.</summary>
    internal ImmutableArray<string> Candidates(NameSyntax name)
    {
        var text = name.Text;
        if (!name.IsExact && text.Contains('.', StringComparison.Ordinal))
        {
            var dot = text.LastIndexOf('.');
            if (FindImport(name with { Text = text[..dot] }) is not { } import) return [];
            return [$"{import}_{text[(dot + 1)..]}"];
        }
        if (_aliases.Count == 0 || name.Span.Source is not { } file || !_places.TryGetValue(file, out var place) || place.Prefix.Length == 0) return [text];
        return [place.Prefix + text, .. place.Outer.Select(outer => outer + text)];
    }

    /// <summary>The path with what names an import and what follows it as one name: `shop.orders.amount` is `shop.orders` and `amount`.</summary>
    internal ImmutableArray<NameSyntax> Joined(ImmutableArray<NameSyntax> parts)
    {
        if (_aliases.Count == 0) return parts;
        while (parts.Length > 1 && FindImport(parts[0]) is not null)
        {
            var joined = new NameSyntax(parts[0].Span.To(parts[1].Span), $"{parts[0].Text}.{parts[1].Text}", IsExact: false);
            parts = [joined, .. parts[2..]];
        }
        return parts;
    }

    /// <summary>The name as the file of a declaration calls it: without what stands before all names of that file.</summary>
    internal string SeenFrom(SourceSpan declaration, string name) =>
        PrefixOf(declaration) is { Length: > 0 } prefix && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;

    /// <summary>A declaration's name as another place writes it: `shop.orders` for what an import holds, the word alone for what that place sees without it.</summary>
    /// <param name="reader">The place.</param>
    /// <param name="name">The name that the whole program has for it.</param>
    /// <param name="declaration">Where it is declared.</param>
    internal string Written(SourceSpan reader, string name, SourceSpan declaration)
    {
        if (declaration.Source is not { } file || !_places.TryGetValue(file, out var there) || !name.StartsWith(there.Prefix, StringComparison.Ordinal)) return name;
        var here = reader.Source is { } own ? _places.GetValueOrDefault(own) : null;
        var (written, inner) = (name[there.Prefix.Length..], there.Prefix);
        foreach (var outer in there.Outer)
        {
            if (here is not null && (here.Prefix == inner || here.Outer.Contains(inner))) break;
            (written, inner) = ($"{inner[outer.Length..^1]}.{written}", outer);
        }
        return written;
    }

    /// <summary>What stands before the names that are declared beside a declaration.</summary>
    internal string PrefixOf(SourceSpan declaration) => declaration.Source is not null && _places.TryGetValue(declaration.Source, out var place) ? place.Prefix : "";

    /// <summary>Reports imports that go by a name that something else has.</summary>
    internal void Check(ImmutableArray<DeclarationSyntax> declarations, DiagnosticSink diagnostics)
    {
        foreach (var span in _aliases.Values)
        {
            if (span.Text.Equals("key", StringComparison.OrdinalIgnoreCase)) diagnostics.Add(NameErrors.ReservedName("an import", span.Text, "the key of an entity", span));
        }
        foreach (var declaration in declarations)
        {
            var (kind, name) = declaration switch
            {
                SourceSyntax source => ("source", source.Name),
                EntitySyntax entity => ("entity", entity.Name),
                PredictSyntax model => ("model", model.Name),
                _ => ("", null),
            };
            if (name is not null && _aliases.TryGetValue(name.Text, out var import)) diagnostics.Add(NameErrors.ImportAndName(kind, name.Text, import, name.Span));
        }
    }

    /// <summary>What the import that a name names is called in the whole program; null where it names none.</summary>
    private string? FindImport(NameSyntax name)
    {
        if (name.IsExact) return null;
        foreach (var candidate in Candidates(name))
        {
            if (_aliases.ContainsKey(candidate)) return candidate;
        }
        return null;
    }

    private void Visit(SyntaxTree tree, Place place, ImmutableArray<SyntaxTree> trees, ImmutableArray<ReadImport> imports, DiagnosticSink diagnostics)
    {
        if (_places.TryGetValue(tree.Source, out var first))
        {
            if (first.Prefix != place.Prefix) diagnostics.Add(NameErrors.ImportedTwice(tree.Source.Path, place.Import!.Span, first.Import?.Span));
            return;
        }
        _places.Add(tree.Source, place);
        foreach (var declaration in tree.Root.Declarations)
        {
            if (declaration is not ImportSyntax import) continue;
            var inside = new Place(place.Prefix, place.Outer, import);
            if (import.Alias is { } alias)
            {
                var name = place.Prefix + alias.Text;
                _aliases.TryAdd(name, alias.Span);
                inside = new Place(name + "_", [place.Prefix, .. place.Outer], import);
            }
            foreach (var read in imports)
            {
                if (read.Span != import.Span) continue;
                foreach (var next in trees)
                {
                    if (read.Files.Contains(next.Source)) Visit(next, inside, trees, imports, diagnostics);
                }
            }
        }
    }

    private static NameSyntax Behind(string prefix, NameSyntax name) => name with { Text = prefix + name.Text };
}
