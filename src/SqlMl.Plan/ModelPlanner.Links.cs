using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Functions;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans the values of other entities (rule 21).</summary>
internal sealed partial class ModelPlanner
{
    /// <summary>A var of another entity, the name that its value goes by, and how much later than the cutoff it is evaluated.</summary>
    private sealed record LinkedVar(VarSymbol Var, string Name, Duration? Later);

    /// <summary>Collects the vars of other entities that a model reads; each other entity is planned once, when all of them are known.</summary>
    private sealed class LinkPlanner(ModelPlanner outer)
    {
        private readonly List<LinkedVar> _read = [];

        /// <summary>The name that the var's value goes by.</summary>
        internal string Plan(VarSymbol symbol)
        {
            var later = outer.LaterNow;
            if (_read.Find(item => item.Var == symbol && item.Later?.Text == later?.Text) is { } known) return known.Name;
            var wanted = outer.Name($"{symbol.Entity.Name}_{symbol.Name}{(later is null ? "" : $"_after_{later.Suffix}")}");
            Add(wanted, symbol);
            return wanted;
        }

        /// <summary>The var's value under a name that stands already.</summary>
        internal void Add(string name, VarSymbol symbol)
        {
            _read.Add(new LinkedVar(symbol, name, outer.LaterNow));
            outer._levels[name] = 0;
        }

        /// <summary>The links as of the cutoff and as of later, in the order in which their entities were first read.</summary>
        internal (ImmutableArray<LogicalLink> AtCutoff, ImmutableArray<LogicalLink> Later) Build()
        {
            var links = _read.GroupBy(item => (item.Var.Entity, Later: item.Later?.Text)).Select(read => (Link: Build([.. read]), read.Key.Later)).ToList();
            return ([.. links.Where(item => item.Later is null).Select(item => item.Link)], [.. links.Where(item => item.Later is not null).Select(item => item.Link)]);
        }

        private LogicalLink Build(ImmutableArray<LinkedVar> read)
        {
            var (entity, later) = (read[0].Var.Entity, read[0].Later);
            var planner = outer.PlannerOf(entity, [.. read.Select(item => item.Var).Distinct()], later);
            var values = planner.Plan();
            return new LogicalLink(entity.Name, Keys(entity, later), values, [.. read.Select(item => new LogicalLinkedValue(item.Name, planner._planned[item.Var]))]);
        }

        /// <summary>The key that the cutoff's own row names, else the one that the last known row which names somebody does.</summary>
        private ImmutableArray<LogicalExpression> Keys(EntitySymbol entity, Duration? later)
        {
            if (EntityLinks.IsSaidBy(outer._model.Anchor, entity))
            {
                var columns = new ExpressionPlanner(bound => bound is BoundColumn column ? outer._rows.PlanAnchor(new BoundAnchor(bound.Span, column.Column) { IsAsBefore = column.Column.ChangesWithAnchor }) : null);
                return [.. EntityLinks.KeyOf(outer._model.Anchor!, entity).Select(columns.Plan)];
            }
            // The binder lets through one source.
            var source = EntityLinks.Between(outer._model.Entity, entity, outer._program.Sources)[0];
            return outer.Later(later, () => outer.AddLink(entity, source)).SelectAsArray(LogicalExpression (name) => new LogicalValue(name));
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

    /// <summary>How much later than the other values of the plan something is evaluated that is planned now; null for as they are.</summary>
    private Duration? LaterNow => _later is null ? _rows.Later : null;

    /// <summary>Plans something as of so much later.</summary>
    private T Later<T>(Duration? later, Func<T> plan)
    {
        var now = _rows.Later;
        _rows.Later = later ?? now;
        var planned = plan();
        _rows.Later = now;
        return planned;
    }

    /// <summary>Plans vars of another entity, as of the cutoffs of this model or of so much later, which is always in mode `at` (rule 8).</summary>
    private ModelPlanner PlannerOf(EntitySymbol entity, ImmutableArray<VarSymbol> vars, Duration? later) => new(
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
            ScoreOnly = null,
            Given = null,
            RequiredHistory = null,
            Sample = null,
        },
        _isBefore && later is null,
        later ?? _later);
}
