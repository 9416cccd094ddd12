using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds `key`, the key of the entity that is predicted for (rule 58).</summary>
internal static class KeyBinder
{
    /// <summary>True for the word `key`, which stands for the entity's key where nothing that the program declares is called so.</summary>
    internal static bool IsKey(NameSyntax name) => RowBinder.IsWord(name, "key");

    /// <summary>`key` where the key has one part, `key.part`; reports what it cannot find.</summary>
    internal static BoundExpression Bind(ProgramScope scope, EntitySymbol entity, ImmutableArray<NameSyntax> parts, SourceSpan span)
    {
        // Without a source that names the entity there is no key, which is reported where it is predicted for.
        if (entity.KeyColumns.IsEmpty) return new BoundMistake(span);
        if (parts.Length == 1)
        {
            if (entity.Keys.Length == 1) return new BoundKey(span, entity, 0);
            scope.Report(EntityErrors.KeyOfSeveralParts(entity.Name, entity.Keys, span));
            return new BoundMistake(span);
        }
        if (parts.Length == 2)
        {
            for (var i = 0; i < entity.Keys.Length; i++)
            {
                if (entity.Keys[i].Equals(parts[1].Text, StringComparison.OrdinalIgnoreCase)) return new BoundKey(span, entity, i);
            }
        }
        scope.Report(EntityErrors.UnknownKeyPart(entity.Name, string.Join('.', parts[1..].Select(part => part.Text)), parts[1].Span, entity.Keys));
        return new BoundMistake(span);
    }
}
