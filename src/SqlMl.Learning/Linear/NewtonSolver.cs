namespace SqlMl.Learning;

/// <summary>
/// Newton's method with halved steps. The objectives are strictly convex where several classes occur, so it ends at the optimum also for
/// separable and collinear columns.
/// </summary>
internal sealed class NewtonSolver(ISmoothObjective objective)
{
    /// <summary>Minimises from all zeros until no gradient component exceeds <paramref name="tolerance"/> times the total weight, or floating point allows no further progress.</summary>
    public SolverResult Minimise(int maxIterations, double tolerance, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var parameters = new double[objective.ParameterCount];
        var margins = objective.Margins(parameters);
        var value = objective.Value(parameters, margins);
        for (var iteration = 1; iteration <= maxIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new TrainingProgress(iteration, maxIterations));
            var gradient = objective.Gradient(parameters, margins);
            if (gradient.Max(Math.Abs) <= tolerance * objective.TotalWeight)
                return new SolverResult(parameters, Converged: true);

            var direction = objective.NewtonStep(margins, gradient);
            if (!TryStep(direction, gradient, ref parameters, ref margins, ref value))
                return new SolverResult(parameters, Converged: true);
        }

        return new SolverResult(parameters, Converged: false);
    }

    /// <summary>Takes the longest of the steps 1, 1/2, 1/4 ... that lowers the objective enough (Armijo's rule); false when none does.</summary>
    private bool TryStep(double[] direction, double[] gradient, ref double[] parameters, ref double[] margins, ref double value)
    {
        var slope = VectorSums.Dot(direction, gradient);
        for (var length = 1.0; length > 1e-10; length /= 2)
        {
            var step = length;
            var from = parameters;
            var candidate = new double[from.Length];
            for (var position = 0; position < candidate.Length; position++)
                candidate[position] = from[position] - step * direction[position];
            var candidateMargins = objective.Margins(candidate);
            var candidateValue = objective.Value(candidate, candidateMargins);

            // Near the optimum the decrease drowns in rounding; a full Newton step is right there as long as nothing is lost.
            var rounding = 1e-14 * Math.Abs(value);
            if (candidateValue > value - 1e-4 * step * slope + rounding)
                continue;
            var moved = !candidate.AsSpan().SequenceEqual(from);
            (parameters, margins, value) = (candidate, candidateMargins, candidateValue);
            return moved;
        }

        return false;
    }
}
