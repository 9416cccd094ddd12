using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Functions;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans the values of other entities (rule 21).</summary>
internal sealed partial class ModelPlanner
{
    /// <summary>Collects the vars of other entities that a model reads; each other entity is planned once, when all of them are known.</summary>
    private sealed class LinkPlanner(ModelPlanner outer)
    {
        private readonly List<(VarSymbol Var, string Name)> _read = [];

        /// <summary>The name that the var's value goes by.</summary>
        internal string Plan(VarSymbol symbol)
        {
            foreach (var (known, name) in _read)
            {
                if (known == symbol) return name;
            }
            var wanted = outer.Name($"{symbol.Entity.Name}_{symbol.Name}");
            Add(wanted, symbol);
            return wanted;
        }

        /// <summary>The var's value under a name that stands already.</summary>
        internal void Add(string name, VarSymbol symbol)
        {
            _read.Add((symbol, name));
            outer._levels[name] = 0;
        }

        /// <summary>The links, in the order in which their entities were first read.</summary>
        internal ImmutableArray<LogicalLink> Build()
        {
            var links = ImmutableArray.CreateBuilder<LogicalLink>();
            foreach (var entity in _read.Select(item => item.Var.Entity).Distinct()) links.Add(Build(entity));
            return links.ToImmutable();
        }

        private LogicalLink Build(EntitySymbol entity)
        {
            var read = _read.Where(item => item.Var.Entity == entity).ToList();
            var planner = outer.PlannerOf(entity, [.. read.Select(item => item.Var).Distinct()]);
            var values = planner.Plan();
            return new LogicalLink(entity.Name, Keys(entity), values, [.. read.Select(item => new LogicalLinkedValue(item.Name, planner._planned[item.Var]))]);
        }

        /// <summary>The key that the cutoff's own row names, else the one that the last known row which names somebody does.</summary>
        private ImmutableArray<LogicalExpression> Keys(EntitySymbol entity)
        {
            if (EntityLinks.IsSaidBy(outer._model.Anchor, entity))
            {
                var columns = new ExpressionPlanner(bound => bound is BoundColumn column ? outer._rows.PlanAnchor(new BoundAnchor(bound.Span, column.Column) { IsAsBefore = column.Column.ChangesWithAnchor }) : null);
                return [.. EntityLinks.KeyOf(outer._model.Anchor!, entity).Select(columns.Plan)];
            }
            // The binder lets through one source.
            return outer.AddLink(entity, EntityLinks.Between(outer._model.Entity, entity, outer._program.Sources)[0]).SelectAsArray(LogicalExpression (name) => new LogicalValue(name));
        }
    }

    /// <summary>
    /// Plans to whom the model's entity is linked by the rows of a source: the last known one that names somebody, by every part of the key (rule 11).
    /// Returns the values' names, one a key part; all come from one row.
    /// </summary>
    private ImmutableArray<string> AddLink(EntitySymbol other, SourceSymbol source)
    {
        var key = EntityLinks.KeyOf(source, other);
        var isNamed = key.SelectAsArray(BoundExpression (part) => new BoundOperation(part.Span, BoundOperator.Not, [new BoundOperation(part.Span, BoundOperator.IsNull, [part])]));
        var filter = isNamed.Length == 1 ? isNamed[0] : new BoundOperation(key[0].Span, BoundOperator.And, isNamed);
        var together = key.Length == 1 ? [] : key.SelectAsArray(_rows.Plan);
        var names = ImmutableArray.CreateBuilder<string>(key.Length);
        foreach (var part in key)
        {
            names.Add(Name(key.Length == 1 ? $"{other.Name}_link" : $"{other.Name}_link_{other.Keys[names.Count]}"));
            AddScan(names[^1], new BoundAggregate(part.Span, Aggregates.Last, source, [part], filter, BoundWindow.AllPast), together);
        }
        return names.ToImmutable();
    }

    /// <summary>Plans vars of another entity, as of the cutoffs of this model.</summary>
    private ModelPlanner PlannerOf(EntitySymbol entity, ImmutableArray<VarSymbol> vars) => new(
        _program,
        _model with
        {
            Entity = entity,
            Features = vars,
            Label = new BoundConstant(_model.LabelSpan, true, DataType.Boolean),
            Observe = [],
            Horizons = [],
            Maturity = [],
            FamilyMaturity = [],
            Anchor = null,
            Until = null,
            When = null,
            Given = null,
            RequiredHistory = null,
            Sample = null,
        },
        _isBefore);
}
