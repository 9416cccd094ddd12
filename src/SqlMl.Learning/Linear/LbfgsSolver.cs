namespace SqlMl.Learning;

/// <summary>
/// Limited-memory BFGS (Nocedal 1980) with the memory, first step and stopping rule of scikit-learn's default solver. It ends near the optimum, where
/// that solver ends: so that figures published with it can be reproduced, digit for digit.
/// </summary>
internal sealed class LbfgsSolver(ISmoothObjective objective)
{
    private const int Memory = 10;
    private const double GradientTolerance = 1e-4;
    private const double MachineEpsilon = 2.220446049250313e-16;

    /// <summary>SciPy's default: a decrease below this share of the value is the end.</summary>
    private const double RelativeDecrease = 2.220446049250313e-09;

    /// <summary>Minimises from all zeros.</summary>
    public SolverResult Minimise(int maxIterations, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var at = Evaluate(new double[objective.ParameterCount]);
        var history = new List<(double[] Step, double[] Change)>();
        for (var iteration = 1; iteration <= maxIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new TrainingProgress(iteration, maxIterations));
            if (at.Gradient.Max(Math.Abs) <= GradientTolerance)
                return new SolverResult(at.Parameters, Converged: true);

            var direction = Direction(at.Gradient, history);
            var firstStep = history.Count == 0 ? 1 / Math.Sqrt(Dot(direction, direction)) : 1;
            var next = at;
            var found = MoreThuenteLineSearch.Find(at.Value, Dot(at.Gradient, direction), firstStep, step =>
            {
                next = Evaluate(Moved(at.Parameters, direction, step));
                return (next.Value, Dot(next.Gradient, direction));
            });
            if (found is not { } length)
                return new SolverResult(at.Parameters, Converged: true);
            next = Evaluate(Moved(at.Parameters, direction, length));
            Remember(history, at, next);
            var decrease = at.Value - next.Value;
            var size = Math.Max(1, Math.Max(Math.Abs(at.Value), Math.Abs(next.Value)));
            at = next;
            if (decrease <= RelativeDecrease * size)
                return new SolverResult(at.Parameters, Converged: true);
        }

        return new SolverResult(at.Parameters, Converged: false);
    }

    private Evaluation Evaluate(double[] parameters)
    {
        var margins = objective.Margins(parameters);
        return new Evaluation(parameters, objective.Value(parameters, margins), objective.Gradient(parameters, margins));
    }

    /// <summary>The two-loop recursion: the negative gradient times the inverse Hessian that the remembered steps imply.</summary>
    private static double[] Direction(double[] gradient, List<(double[] Step, double[] Change)> history)
    {
        var direction = Array.ConvertAll(gradient, component => -component);
        var shares = new double[history.Count];
        for (var i = history.Count - 1; i >= 0; i--)
        {
            var (step, change) = history[i];
            shares[i] = Dot(step, direction) / Dot(step, change);
            direction = Moved(direction, change, -shares[i]);
        }

        if (history.Count > 0)
        {
            var (step, change) = history[^1];
            var scale = Dot(step, change) / Dot(change, change);
            direction = Array.ConvertAll(direction, component => scale * component);
        }

        for (var i = 0; i < history.Count; i++)
        {
            var (step, change) = history[i];
            direction = Moved(direction, step, shares[i] - Dot(change, direction) / Dot(step, change));
        }

        return direction;
    }

    /// <summary>Keeps the latest steps along which the curvature is safely positive.</summary>
    private static void Remember(List<(double[] Step, double[] Change)> history, Evaluation from, Evaluation to)
    {
        var step = Moved(to.Parameters, from.Parameters, -1);
        var change = Moved(to.Gradient, from.Gradient, -1);
        if (Dot(step, change) <= MachineEpsilon * Dot(change, change))
            return;
        history.Add((step, change));
        if (history.Count > Memory)
            history.RemoveAt(0);
    }

    private static double[] Moved(double[] from, double[] direction, double step)
    {
        var moved = new double[from.Length];
        for (var i = 0; i < moved.Length; i++)
            moved[i] = from[i] + step * direction[i];
        return moved;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private sealed record Evaluation(double[] Parameters, double Value, double[] Gradient);
}
