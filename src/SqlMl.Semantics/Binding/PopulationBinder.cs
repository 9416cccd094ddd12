using System.Collections.Immutable;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds declared populations (rule 10).</summary>
internal sealed class PopulationBinder(ProgramScope scope)
{
    /// <summary>Binds `from s by k since c` of an entity where it has it; all sources must have been bound.</summary>
    internal void Bind(EntitySyntax syntax)
    {
        if (syntax.From is null || !scope.Entities.TryGetValue(syntax.Name.Text, out var entity) || entity.Span != syntax.Name.Span) return;
        if (scope.RequireSource(syntax.From) is not { } source) return;
        if (source.Nature == SourceNature.Untimed && !source.IsIncomplete)
        {
            scope.Report(TimeErrors.UntimedSource($"entity `{entity.Name}`", source.Name, syntax.From.Span, source.Span));
        }
        var rows = new RowBinder(scope, source);
        ImmutableArray<BoundExpression> keys = [.. syntax.Keys.Select(rows.BindColumn)];
        Name(entity, source, keys, syntax);
        entity.Population = new EntityPopulation(source, BindSince(source, rows, syntax.Since), syntax.From.Span);
    }

    private BoundExpression? BindSince(SourceSymbol source, RowBinder rows, PathSyntax? path)
    {
        if (path is null) return null;
        var since = new TypeRules(scope).Require(rows.BindPath(path), DataType.Instant, "`since`");
        if (ColumnSymbol.ReadsLate(since)) scope.Report(KnowledgeErrors.LateDecidesRow(source.Name, "`since`", path.Span, source.Span));
        return since;
    }

    /// <summary>The source names the entity by the population's key; where it says so itself, by the same columns.</summary>
    private void Name(EntitySymbol entity, SourceSymbol source, ImmutableArray<BoundExpression> keys, EntitySyntax syntax)
    {
        if (source.Entities.FirstOrDefault(item => item.Entity == entity) is not { } named)
        {
            source.Entities = source.Entities.Add(new SourceEntity(entity, keys, syntax.Keys[0].Span.To(syntax.Keys[^1].Span)));
            if (entity.Keys.IsEmpty) entity.Keys = [.. syntax.Keys.Select(key => key.Text)];
            return;
        }
        // What names every entity because a part of it is not compiled has been reported.
        if (named.Columns.IsEmpty || keys.Any(key => key is BoundMistake)) return;
        if (named.Sides.IsEmpty && named.Columns.Length == keys.Length && named.Columns.Zip(keys).All(pair => IsSame(pair.First, pair.Second))) return;
        scope.Report(EntityErrors.PopulationKey(entity.Name, source.Name, syntax.Keys[0].Span.To(syntax.Keys[^1].Span), named.Span));
    }

    private static bool IsSame(BoundExpression named, BoundExpression key) => named switch
    {
        BoundColumn column => key is BoundColumn own && own.Column == column.Column,
        BoundCast cast => IsSame(cast.Operand, key),
        _ => false,
    };
}
