using System.Text.Json;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>
/// L2-regularised logistic regression with scikit-learn's objective, multinomial for several classes. `newton` solves it to the optimum; `lbfgs` ends
/// where scikit-learn's default solver does, some 1e-4 away. Deterministic, also across thread counts.
/// </summary>
internal sealed class LogisticTrainer : ITrainer
{
    public TrainerDefinition Definition { get; } = new(
        "logistic",
        "Logistic regression with an L2 penalty.",
        [LearningTask.BinaryClassification, LearningTask.MultiClassClassification],
        [
            new() { Name = "c", Default = "1", Minimum = 0, AboveMinimum = true, Maximum = 1e12, Description = "The inverse strength of the penalty: smaller is smoother." },
            new() { Name = "class_weight", Default = "none", Words = ["none", "balanced"], Description = "Whether all classes weigh the same in total." },
            new() { Name = "scale", Default = "standard", Words = ["standard", "none"], Description = "Whether columns are brought to mean 0 and deviation 1 first, so that the penalty treats them alike." },
            new() { Name = "solver", Default = "newton", Words = ["newton", "lbfgs"], Description = "The exact optimum, or what scikit-learn's default solver makes of it with its own stopping rule." },
            new() { Name = "max_iterations", Aliases = ["max_iter"], Default = "100", IsWhole = true, Minimum = 1, Maximum = 100_000, Description = "The most steps of the solver." },
            new() { Name = "tolerance", Aliases = ["tol"], Default = "1e-10", Minimum = 0, AboveMinimum = true, Maximum = 1, Description = "The largest gradient component, per unit of weight, at which `newton` takes the fit as exact." },
            new() { Name = "seed", Aliases = ["random_state"], Default = "0", IsWhole = true, Minimum = 0, Maximum = int.MaxValue, Description = "Accepted for symmetry; nothing in this trainer is random." },
        ]);

    public IPredictor Train(TrainingData data)
    {
        var terms = LinearTerm.Learn(data.Encoder, data.Matrix, data.Parameters.Word("scale") == "standard");
        var design = terms.Select(term => term.Design(data.Matrix.Columns[term.Column])).ToArray();
        var weights = ClassWeights.From(data.Parameters.Word("class_weight"), data.Targets);
        var c = data.Parameters.Number("c");
        var isBinary = data.Targets.Task == LearningTask.BinaryClassification;
        ISmoothObjective objective = isBinary
            ? new LogisticObjective(design, data.Targets.Values, weights, c)
            : new MultinomialObjective(design, data.Targets, weights, c);
        var iterations = data.Parameters.Whole("max_iterations");
        var fit = data.Parameters.Word("solver") == "newton"
            ? new NewtonSolver(objective).Minimise(iterations, data.Parameters.Number("tolerance"), data.Progress, data.Cancellation)
            : new LbfgsSolver(objective).Minimise(iterations, data.Progress, data.Cancellation);
        if (isBinary)
            return LinearModel.Of(data.Encoder, terms, fit.Parameters, fit.Converged);
        var size = terms.Length + 1;
        return new MultinomialModel([.. Enumerable.Range(0, data.Targets.ClassCount).Select(ofClass =>
            LinearModel.Of(data.Encoder, terms, fit.Parameters.AsSpan(ofClass * size, size), fit.Converged))]);
    }

    public IPredictor Read(JsonElement model, FeatureEncoder encoder, LearningTask task, int classCount) =>
        task == LearningTask.BinaryClassification ? LinearModel.Read(model, encoder) : MultinomialModel.Read(model, encoder, classCount);
}
