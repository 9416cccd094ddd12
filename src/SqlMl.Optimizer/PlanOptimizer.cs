using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>A change of the plan that keeps its rows. The same instance comes back where nothing changed.</summary>
public interface IPlanPass
{
    /// <summary>The name by which it is switched off: `--disable-pass name`.</summary>
    string Name { get; }

    /// <summary>The model's plan after the pass.</summary>
    LogicalModel Run(LogicalModel model);
}

/// <summary>Makes plans cheaper without changing a row.</summary>
public static class PlanOptimizer
{
    /// <summary>All passes in the order in which they run.</summary>
    public static ImmutableArray<IPlanPass> Passes { get; } =
    [
        new ShareAggregatesPass(),
        new ReadStaticOncePass(),
        new ChooseFramesPass(),
        new CarryGridsPass(),
        new SweepGridsPass(),
        new ExplodeGridsPass(),
        new ChooseRunningSumsPass(),
        new FuseScansPass(),
    ];

    /// <summary>Runs every pass that is not disabled; the plan is verified after each.</summary>
    public static LogicalPlan Optimize(LogicalPlan plan, IReadOnlyCollection<string> disabled)
    {
        foreach (var pass in Passes)
        {
            if (disabled.Contains(pass.Name)) continue;
            plan = plan with { Models = plan.Models.SelectAsArray(model => Run(pass, model)) };
            foreach (var model in plan.Models) PlanVerifier.Verify(model, pass.Name);
        }
        return plan;
    }

    /// <summary>The model after the pass, and so the values of other entities that it reads.</summary>
    private static LogicalModel Run(IPlanPass pass, LogicalModel model) => pass.Run(model).ReplaceOthers(other => Run(pass, other));
}
