using SqlMl.Language.Collections;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Turns a bound program into the plan of what each model computes: one scan an aggregate, nothing shared yet.</summary>
public static class PlanBuilder
{
    /// <summary>The plan of all models; the program must be free of errors.</summary>
    public static LogicalPlan Build(SemanticModel program) =>
        new(program.Models.SelectAsArray(model => new ModelPlanner(program, model).Plan()));
}
