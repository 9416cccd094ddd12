using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans aggregates over members (rule 21).</summary>
internal sealed partial class ModelPlanner
{
    private sealed record NamedRollup(string Name, BoundRollup Bound, Duration? Later);

    /// <summary>Collects the roll-ups of a model; the members of one kind are planned once, when all that is read of them is known.</summary>
    private sealed class RollupPlanner(ModelPlanner outer)
    {
        private readonly List<NamedRollup> _read = [];

        internal void Add(string name, BoundRollup rollup)
        {
            _read.Add(new NamedRollup(name, rollup, outer.LaterNow));
            outer._levels[name] = 0;
        }

        /// <summary>The roll-ups as of the cutoff and as of later, in the order in which their members were first read.</summary>
        internal (ImmutableArray<LogicalRollup> AtCutoff, ImmutableArray<LogicalRollup> Later) Build()
        {
            var rollups = _read.GroupBy(item => (item.Bound.Members, Later: item.Later?.Text)).Select(read => (Rollup: Build([.. read]), read.Key.Later)).ToList();
            return ([.. rollups.Where(item => item.Later is null).Select(item => item.Rollup)], [.. rollups.Where(item => item.Later is not null).Select(item => item.Rollup)]);
        }

        private LogicalRollup Build(List<NamedRollup> read)
        {
            var (members, source, later) = (read[0].Bound.Members, read[0].Bound.Link, read[0].Later ?? outer._later);
            var vars = new List<VarSymbol>();
            foreach (var item in read) Collect(item.Bound, vars);
            var planner = outer.PlannerOf(members, [.. vars], later);
            var link = planner.AddLink(outer._model.Entity, source);
            var key = EntityLinks.KeyOf(source, outer._model.Entity).SelectAsArray(planner._rows.Plan);
            var values = planner.Plan();
            ExpressionPlanner row = null!;
            row = new ExpressionPlanner(bound => bound switch
            {
                BoundVar { Var: var symbol } => new LogicalColumn(planner._planned[symbol], IsExact: false),
                BoundAnchor anchor => outer.Later(later, () => outer._rows.PlanAnchor(anchor)),
                BoundCutoff when later is not null => new LogicalShift(new LogicalCutoff(), later, IsEarlier: false),
                BoundElapsed elapsed when later is not null => new LogicalElapsed(row.Plan(elapsed.Operand), elapsed.Unit, elapsed.IsUntil) { Later = later },
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
