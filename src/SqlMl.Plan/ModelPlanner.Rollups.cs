using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans aggregates over members (rule 21).</summary>
internal sealed partial class ModelPlanner
{
    private sealed record NamedRollup(string Name, BoundRollup Bound);

    /// <summary>Collects the roll-ups of a model; the members of one kind are planned once, when all that is read of them is known.</summary>
    private sealed class RollupPlanner(ModelPlanner outer)
    {
        private readonly List<NamedRollup> _read = [];

        internal void Add(string name, BoundRollup rollup)
        {
            _read.Add(new NamedRollup(name, rollup));
            outer._levels[name] = 0;
        }

        /// <summary>The roll-ups, in the order in which their members were first read.</summary>
        internal ImmutableArray<LogicalRollup> Build()
        {
            var rollups = ImmutableArray.CreateBuilder<LogicalRollup>();
            foreach (var members in _read.Select(item => item.Bound.Members).Distinct()) rollups.Add(Build(_read.FindAll(item => item.Bound.Members == members)));
            return rollups.ToImmutable();
        }

        private LogicalRollup Build(List<NamedRollup> read)
        {
            var (members, source) = (read[0].Bound.Members, read[0].Bound.Link);
            var vars = new List<VarSymbol>();
            foreach (var item in read) Collect(item.Bound, vars);
            var planner = outer.PlannerOf(members, [.. vars]);
            var link = planner.AddLink(outer._model.Entity, source);
            var key = EntityLinks.KeyOf(source, outer._model.Entity).SelectAsArray(planner._rows.Plan);
            var values = planner.Plan();
            var row = new ExpressionPlanner(bound => bound switch
            {
                BoundVar { Var: var symbol } => new LogicalColumn(planner._planned[symbol], IsExact: false),
                BoundAnchor anchor => outer._rows.PlanAnchor(anchor),
                _ => null,
            });
            return new LogicalRollup(
                members.Name, source.Name, key, link, values with { Features = values.Features.AddRange(link) }, [.. read.ConvertAll(item => PlanAggregate(item, row))]);
        }

        private static LogicalAggregate PlanAggregate(NamedRollup item, ExpressionPlanner row)
        {
            var bound = item.Bound;
            var arguments = bound.Columns.SelectAsArray(row.Plan);
            if (bound.Parameter is not null) arguments = arguments.Add(new LogicalConstant(bound.Parameter.Value));
            return new LogicalAggregate(
                item.Name, bound.Definition, arguments, bound.Filter is null ? null : row.Plan(bound.Filter),
                bound.Default is null ? null : new LogicalConstant(bound.Default.Value));
        }

        private static void Collect(BoundExpression expression, List<VarSymbol> vars)
        {
            if (expression is BoundVar { Var: var read } && !vars.Contains(read)) vars.Add(read);
            foreach (var child in expression.Children) Collect(child, vars);
        }
    }
}
