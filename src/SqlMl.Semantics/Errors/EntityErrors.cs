using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Syntax;

namespace SqlMl.Semantics;

/// <summary>Findings about entities: how rows name them, what is known of them, and what a model learns of them (block 2xxx), one typed method each.</summary>
internal static class EntityErrors
{
    internal static Diagnostic KeyWithoutSide(string source, string entity, SourceSpan span, SourceSpan sided) =>
        Diagnostic.Error("SML2100", $"`{source}` names `{entity}` by columns with a side and without", span, "no side")
            .WithLabel(sided, "on a side")
            .WithHelp("give every column its side, such as `by home_id as home, away_id as away`; columns of one side are one key");

    internal static Diagnostic UnknownSide(string source, string entity, string side, SourceSpan span, IEnumerable<string> sides)
    {
        var known = sides.ToList();
        var error = Diagnostic.Error("SML2101", $"`{entity}` stands on no side `{side}` of `{source}`", span, "no such side");
        return known.Count > 0
            ? error.WithHelp($"its sides are {string.Join(", ", known.Select(name => $"`{name}`"))}")
            : error.WithHelp($"name the sides in the source, such as `entity {entity} by home_id as home, away_id as away`");
    }

    internal static Diagnostic KeyOfSeveralParts(string entity, ImmutableArray<string> parts, SourceSpan span) =>
        Diagnostic.Error("SML2102", $"the key of `{entity}` has {parts.Length} parts", span, "which of them?")
            .WithHelp($"name one: {string.Join(", ", parts.Select(part => $"`key.{part}`"))}");

    internal static Diagnostic UnknownKeyPart(string entity, string part, SourceSpan span, ImmutableArray<string> parts) =>
        Diagnostic.Error("SML2103", $"the key of `{entity}` has no part `{part}`", span, "no such part")
            .WithHelp(parts.Length == 1 ? "it has one part: write `key`" : $"its parts are {string.Join(", ", parts.Select(name => $"`key.{name}`"))}");

    internal static Diagnostic PopulationKey(string entity, string source, SourceSpan span, SourceSpan named) =>
        Diagnostic.Error("SML2105", $"`{entity}` is declared from `{source}` by another key than its rows name it by", span, "one key")
            .WithLabel(named, "another")
            .WithHelp("name the same columns, in the same order; a source made `from` this one may name the entity by others");

    internal static Diagnostic NoLink(string entity, string other, SourceSpan span) =>
        Diagnostic.Error("SML2106", $"no row links `{entity}` to `{other}`", span, $"which `{other}`?")
            .WithNote("a var of another entity is read of the one that the entity's last known row names, or the row that is the cutoff")
            .WithHelp($"name both in a source: `entity {entity} by ...  entity {other} by ...`");

    internal static Diagnostic SeveralLinks(string entity, string other, ImmutableArray<SourceSymbol> sources, SourceSpan span)
    {
        var error = Diagnostic.Error("SML2107", $"several sources link `{entity}` to `{other}`", span, "by which of them?");
        foreach (var source in sources) error = error.WithLabel(source.Span, "names both");
        return error.WithHelp($"let one source name `{other}`; what the others tell of `{other}` can be read from a second source over the same table");
    }

    internal static Diagnostic OwnMembers(string entity, SourceSpan span) =>
        Diagnostic.Error("SML2120", $"`{entity}` has no members of its own kind", span, "an entity, where a source is wanted")
            .WithNote("an aggregate of another entity's vars is over the members that are linked to this one as of the cutoff")
            .WithHelp($"aggregate rows, such as `count(orders)`; a var of `{entity}` is read by its name alone");

    internal static Diagnostic NoMembers(string entity, string members, SourceSpan span) =>
        Diagnostic.Error("SML2121", $"no row says to which `{entity}` a `{members}` belongs", span, "whose members?")
            .WithNote($"the members as of the cutoff are those whose last known row that names some `{entity}` names this one")
            .WithHelp($"name both in a source: `entity {members} by ...  entity {entity} by ...`");

    internal static Diagnostic SideOfMembers(string members, SourceSpan span) =>
        Diagnostic.Error("SML2122", $"members stand on no side: `{members}` is an entity, and no source", span, "a side of rows")
            .WithHelp($"leave `as` out, or choose members by their vars: `where ...`");

    internal static Diagnostic OutsideMembers(string members, SourceSpan span) =>
        Diagnostic.Error("SML2123", $"this is no var of `{members}`, whose members are aggregated", span, "of something else")
            .WithHelp($"declare a var of `{members}` that reads it, and aggregate that var");

    internal static Diagnostic LearnedInExpression(string what, SourceSpan span) =>
        Diagnostic.Error("SML2124", $"{what} learns its values in training, and cannot be used in an expression", span, "of which value?")
            .WithNote("a pivot that learns belongs to the model whose feature it is: its columns have names when that model was trained")
            .WithHelp("list the values, such as `by category in ('a', 'b')`: then each column is a var");

    internal static Diagnostic LearnedCount(string var, int? count, int limit, SourceSpan span) =>
        Diagnostic.Error("SML2125", count is null ? $"`{var}` says neither which values it takes nor how many" : $"`{var}` cannot learn {count} values", span, "how many columns?")
            .WithHelp($"write `top 10`, or any number from 1 to {limit}, or list the values: `in ('a', 'b')`");

    /// <summary>A family, or a pivot, where one value is wanted.</summary>
    internal static Diagnostic FamilyInExpression(NameSyntax name, IReadOnlyList<VarSymbol> family)
    {
        if (family[0].Learned is not null) return LearnedInExpression($"`{name.Text}`", name.Span);
        var members = new List<string>();
        // Behind an import the family was named as the file writes it: so are its members.
        var isImported = name.Text.Contains('.', StringComparison.Ordinal);
        foreach (var member in family) members.Add(isImported && member.Family is { } whole ? name.Text + member.Name[whole.Length..] : member.Name);
        return NameErrors.FamilyInExpression(name.Text, [.. members], name.Span);
    }

    internal static Diagnostic KeyAndColumn(string entity, string part, string source, SourceSpan span) =>
        Diagnostic.Error("SML2104", $"`key` is the key of `{entity}`, and a column of `{source}`", span, "the key, by its name alone")
            .WithHelp($"the column is written `{source}.key`, the key of `{entity}` `key.{part}`");
}
