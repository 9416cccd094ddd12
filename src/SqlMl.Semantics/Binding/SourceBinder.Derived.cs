using System.Collections.Immutable;
using SqlMl.Language.Functions;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Sources that are made from other sources.</summary>
internal sealed partial class SourceBinder
{
    private void BindFrom(SourceSymbol source, FromClauseSyntax clause)
    {
        source.LocationSpan = clause.Span;
        if (Require(clause.Source) is not { IsIncomplete: false } target)
        {
            source.IsIncomplete = true;
            return;
        }
        source.Location = new DerivedLocation(new SourceJoin(target.Name, target, IsEach: false, [], [], clause.Span) { IsBase = true });
    }

    /// <summary>A source that says nothing of time happens when the rows do that it is made from.</summary>
    private static void InheritTime(SourceSymbol source)
    {
        if (source.Nature != SourceNature.Untimed || source.Location is not DerivedLocation { Base.Target: var target }) return;
        (source.Nature, source.Time, source.ValidTo) = (target.Nature, target.Time, target.ValidTo);
        source.InheritsTime = true;
    }

    private void BindUnion(SourceSymbol source, SourceUnionSyntax union)
    {
        source.LocationSpan = union.Span;
        var parts = union.Parts.Select(Require).ToList();
        if (parts.Any(part => part is null or { IsIncomplete: true }))
        {
            PretendComplete(source, union.Span);
            return;
        }
        foreach (var part in parts)
        {
            if (part!.Nature == SourceNature.Events) continue;
            scope.Report(SourceErrors.NotEvents(source.Name, part.Name, union.Span, part.Span));
            PretendComplete(source, union.Span);
            return;
        }
        source.Location = new UnionLocation([.. parts.Select(part => part!)], [.. parts.Select(part => scope.Imported.SeenFrom(source.Span, part!.Name))]);
        (source.Nature, source.Time, source.InheritsTime) = (SourceNature.Events, parts[0]!.Time, true);
        // It names the entities that all parts name (rule 18).
        source.Entities =
        [
            .. parts[0]!.Entities
                .Where(item => parts.TrueForAll(part => part!.Entities.Any(other => other.Entity == item.Entity)))
                // A part's row on two sides stands in the union for each of them; the union itself has no sides.
                .Select(item => (item.Sides.IsEmpty ? item : new SourceEntity(item.Entity, item.Sides[0].Columns, item.Span)) with { United = UniteKey(source, parts, item) }),
        ];
        // A part may say when its rows were known: then the union does.
        if (parts.Find(part => part!.Knowledge is not null) is { Knowledge: { } known })
        {
            source.Knowledge = new SourceKnowledge(null, null, null, parts.Exists(part => part!.Knowledge is { IsPlanned: true }), known.Span);
        }
    }

    /// <summary>Columns of the union, one a key part, in which each part has what names the entity there; none where a part names it on sides.</summary>
    private ImmutableArray<BoundExpression> UniteKey(SourceSymbol union, List<SourceSymbol?> parts, SourceEntity entity)
    {
        if (parts.Exists(part => part!.Entities.Any(item => item.Entity == entity.Entity && !item.Sides.IsEmpty))) return [];
        var keys = parts.ConvertAll(part => EntityLinks.KeyOf(part!, entity.Entity));
        if (keys.Exists(key => key.Length != keys[0].Length)) return [];
        var united = ImmutableArray.CreateBuilder<BoundExpression>(keys[0].Length);
        for (var i = 0; i < keys[0].Length; i++)
        {
            // A program's own column has no dot but in backticks.
            var name = new NameSyntax(entity.Span, $"{entity.Entity.Name}.key{(keys[0].Length == 1 ? "" : $"_{i + 1}")}", true);
            var columns = keys.Select((key, part) => key[i] is BoundColumn { Column: var column } ? column : new ColumnSymbol(parts[part]!, name, key[i], scope.Types));
            var symbol = new ColumnSymbol(union, name, null, scope.Types) { Parts = [.. columns] };
            union.AddColumn(symbol);
            united.Add(new BoundColumn(entity.Span, symbol));
        }
        return united.ToImmutable();
    }

    private void BindGroup(SourceSymbol source, SourceGroupSyntax group)
    {
        source.LocationSpan = group.Span;
        if (Require(group.Source) is not { IsIncomplete: false } target)
        {
            PretendComplete(source, group.Span);
            return;
        }
        if (target.Nature != SourceNature.Events)
        {
            scope.Report(SourceErrors.NotEvents(source.Name, target.Name, group.Source.Span, target.Span));
            PretendComplete(source, group.Span);
            return;
        }
        source.Location = new GroupLocation(target);
        var rows = new RowBinder(scope, target);
        var keys = new List<ColumnSymbol>();
        foreach (var path in group.Keys)
        {
            if (rows.BindPath(path) is not BoundColumn key) continue;
            if (ColumnSymbol.ReadsLate(key)) scope.Report(KnowledgeErrors.LateDecidesRow(target.Name, "a group", key.Span, target.Span));
            keys.Add(AddGrouped(source, path.Parts[^1], key));
        }
        foreach (var column in group.Columns)
        {
            if (BindGrouped(target, rows, column) is { } aggregate) AddGrouped(source, column.Name, aggregate);
        }
        source.Nature = SourceNature.Events;
        // Grouped by the rows' own instant, that is the group's; else it happened with its last row. It is known when its last row is.
        var time = keys.Find(key => target.Time is BoundColumn own && ((BoundColumn)key.Grouped!).Column == own.Column);
        (source.Time, source.InheritsTime) = time is null ? (target.Time, true) : (new BoundColumn(time.Span, time), false);
        if (time is not null || target.Knowledge is not null) source.Knowledge = new SourceKnowledge(null, null, null, false, group.Span);
        source.Entities =
        [
            .. target.Entities
                .Where(item => item.Columns.All(part => Find(part) is not null))
                .Select(item => new SourceEntity(item.Entity, Grouped(item.Columns), group.Span)
                {
                    Sides = [.. item.Sides.Select(side => side with { Columns = Grouped(side.Columns) })],
                }),
        ];

        ImmutableArray<BoundExpression> Grouped(ImmutableArray<BoundExpression> columns) =>
            [.. columns.Select(part => (BoundExpression)new BoundColumn(part.Span, Find(part)!))];

        ColumnSymbol? Find(BoundExpression part) => keys.Find(key => part is BoundColumn own && ((BoundColumn)key.Grouped!).Column == own.Column);
    }

    private ColumnSymbol AddGrouped(SourceSymbol source, NameSyntax name, BoundExpression grouped)
    {
        if (source.FindColumn(name) is { } first) scope.Report(NameErrors.Duplicate("column", name.Text, first.Span, name.Span));
        var column = new ColumnSymbol(source, name, null, scope.Types) { Grouped = grouped };
        source.AddColumn(column);
        return column;
    }

    /// <summary>`total = sum(amount where ...)`: one aggregate over the rows of a group; null where it is something else, which is reported.</summary>
    private BoundAggregate? BindGrouped(SourceSymbol target, RowBinder rows, NamedExpressionSyntax column)
    {
        if (column.Expression is not CallSyntax { Qualifier: null, Side: null } call || AggregateCatalogue.Find(call.Name.Text) is not { } definition ||
            definition.PicksRow)
        {
            scope.Report(SourceErrors.NotAnAggregateOfGroup(column.Name.Text, column.Expression.Span));
            return null;
        }
        var columns = call.IsStar ? [] : call.Arguments.Select(rows.Bind).ToImmutableArray();
        var filter = call.Where is null ? null : rows.BindCondition(call.Where, "`where`");
        if (columns.Any(item => item is BoundMistake) || filter is BoundMistake) return null;
        if (columns.Length < definition.MinColumns || columns.Length > definition.MaxColumns)
        {
            scope.Report(TypeErrors.ColumnCount(definition, target.Name, columns.Length, call.Span));
            return null;
        }
        if (definition.Column == ColumnRule.Numeric) columns = columns.SetItem(0, _types.Require(columns[0], DataType.Number, $"`{definition.Name}`"));
        if (columns.Any(ColumnSymbol.ReadsLate) || (filter is not null && ColumnSymbol.ReadsLate(filter)))
        {
            scope.Report(KnowledgeErrors.LateDecidesRow(target.Name, "a group", call.Span, target.Span));
            return null;
        }
        return new BoundAggregate(call.Span, definition, target, columns, filter, BoundWindow.AllPast);
    }
}
