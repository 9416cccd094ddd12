using System.Text.Json;

namespace SqlMl.Learning;

/// <summary>
/// L2-regularised logistic regression with scikit-learn's objective. `newton` solves it to the optimum; `lbfgs` ends where scikit-learn's
/// default solver does, some 1e-4 away. Deterministic, also across thread counts.
/// </summary>
internal sealed class LogisticTrainer : ITrainer
{
    public TrainerDefinition Definition { get; } = new(
        "logistic",
        "Logistic regression with an L2 penalty.",
        [
            new() { Name = "c", Default = "1", Minimum = 0, AboveMinimum = true, Maximum = 1e12, Description = "The inverse strength of the penalty: smaller is smoother." },
            new() { Name = "class_weight", Default = "none", Words = ["none", "balanced"], Description = "Whether both classes weigh the same in total." },
            new() { Name = "scale", Default = "standard", Words = ["standard", "none"], Description = "Whether columns are brought to mean 0 and deviation 1 first, so that the penalty treats them alike." },
            new() { Name = "solver", Default = "newton", Words = ["newton", "lbfgs"], Description = "The exact optimum, or what scikit-learn's default solver makes of it with its own stopping rule." },
            new() { Name = "max_iterations", Aliases = ["max_iter"], Default = "100", IsWhole = true, Minimum = 1, Maximum = 100_000, Description = "The most steps of the solver." },
            new() { Name = "tolerance", Aliases = ["tol"], Default = "1e-10", Minimum = 0, AboveMinimum = true, Maximum = 1, Description = "The largest gradient component, per unit of weight, at which `newton` takes the fit as exact." },
            new() { Name = "seed", Aliases = ["random_state"], Default = "0", IsWhole = true, Minimum = 0, Maximum = int.MaxValue, Description = "Accepted for symmetry; nothing in this trainer is random." },
        ]);

    public IPredictor Train(TrainingData data)
    {
        var terms = LogisticTerm.Learn(data.Encoder, data.Matrix, data.Parameters.Word("scale") == "standard");
        var design = terms.Select(term => term.Design(data.Matrix.Columns[term.Column])).ToArray();
        var weights = ClassWeights.From(data.Parameters.Word("class_weight"), data.Labels);
        var objective = new LogisticObjective(design, data.Labels, weights, data.Parameters.Number("c"));
        var iterations = data.Parameters.Whole("max_iterations");
        var fit = data.Parameters.Word("solver") == "newton"
            ? new NewtonSolver(objective).Minimise(iterations, data.Parameters.Number("tolerance"), data.Progress, data.Cancellation)
            : new LbfgsSolver(objective).Minimise(iterations, data.Progress, data.Cancellation);
        return new LogisticModel(
            data.Encoder,
            [.. terms.Select((term, position) => term with { Weight = fit.Parameters[position] })],
            fit.Parameters[terms.Length],
            fit.Converged);
    }

    public IPredictor Read(JsonElement model, FeatureEncoder encoder) => LogisticModel.Read(model, encoder);
}
