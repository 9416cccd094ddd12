namespace SqlMl.Learning;

/// <summary>
/// scikit-learn's multinomial objective, 0.5 sum of w'w + C sum s_i (-log p_i), p_i being the softmax probability of a row's class. Each class has its
/// weights and, behind them, its intercept. Intercepts are not penalised, so a constant could be added to all of them: half the square of their sum is
/// added, which is 0 at the optimum and leaves it alone.
/// </summary>
internal sealed class MultinomialObjective : ISmoothObjective
{
    private readonly double[][] _columns;
    private readonly double[] _targets;
    private readonly double[] _rowWeights;
    private readonly int _classes;

    public MultinomialObjective(double[][] columns, Targets targets, ClassWeights weights, double c)
    {
        var ones = new double[targets.Values.Length];
        Array.Fill(ones, 1);
        _columns = [.. columns, ones];
        (_targets, _classes) = (targets.Values, targets.ClassCount);
        _rowWeights = Array.ConvertAll(_targets, target => c * weights.Of(target));
        TotalWeight = _rowWeights.Sum();
    }

    public int ParameterCount => _classes * _columns.Length;

    public double TotalWeight { get; }

    /// <summary>The margins by row, its classes side by side.</summary>
    public double[] Margins(double[] parameters)
    {
        var margins = new double[_targets.Length * _classes];
        Parallel.For(0, _classes, ofClass => AddProduct(parameters.AsSpan(ofClass * _columns.Length, _columns.Length), margins, ofClass));
        return margins;
    }

    public double Value(double[] parameters, double[] margins)
    {
        var sum = 0.0;
        for (var row = 0; row < _targets.Length; row++)
            sum += _rowWeights[row] * Softmax.LossOf(margins.AsSpan(row * _classes, _classes), (int)_targets[row]);
        for (var position = 0; position < parameters.Length; position++)
        {
            if (!IsIntercept(position))
                sum += 0.5 * parameters[position] * parameters[position];
        }

        var intercepts = Intercepts(parameters);
        return sum + 0.5 * intercepts * intercepts;
    }

    public double[] Gradient(double[] parameters, double[] margins)
    {
        var residuals = Probabilities(margins);
        for (var row = 0; row < _targets.Length; row++)
        {
            residuals[row * _classes + (int)_targets[row]] -= 1;
            foreach (ref var residual in residuals.AsSpan(row * _classes, _classes))
                residual *= _rowWeights[row];
        }

        return WithPenalty(Transposed(residuals), parameters);
    }

    /// <summary>
    /// Conjugate gradients on the Hessian, which is never formed: its size is the square of classes times columns. They end sooner far from the optimum
    /// and later near it, which keeps Newton's convergence faster than linear (Nocedal and Wright, Numerical Optimization, algorithm 7.1).
    /// </summary>
    public double[] NewtonStep(double[] margins, double[] gradient)
    {
        var probabilities = Probabilities(margins);
        var step = new double[gradient.Length];
        var rest = (double[])gradient.Clone();
        var direction = (double[])rest.Clone();
        var size = VectorSums.Dot(rest, rest);
        var first = Math.Sqrt(size);
        var enough = first * Math.Min(0.1, Math.Sqrt(first / TotalWeight));
        for (var iteration = 0; iteration < 2 * gradient.Length && Math.Sqrt(size) > enough; iteration++)
        {
            var bent = Curvature(probabilities, direction);
            var length = size / VectorSums.Dot(direction, bent);
            for (var position = 0; position < step.Length; position++)
            {
                step[position] += length * direction[position];
                rest[position] -= length * bent[position];
            }

            var next = VectorSums.Dot(rest, rest);
            for (var position = 0; position < step.Length; position++)
                direction[position] = rest[position] + next / size * direction[position];
            size = next;
        }

        return step;
    }

    /// <summary>The Hessian times a direction.</summary>
    private double[] Curvature(double[] probabilities, double[] direction)
    {
        var change = Margins(direction);
        for (var row = 0; row < _targets.Length; row++)
        {
            var ofRow = probabilities.AsSpan(row * _classes, _classes);
            var changes = change.AsSpan(row * _classes, _classes);
            var mean = 0.0;
            for (var ofClass = 0; ofClass < _classes; ofClass++)
                mean += ofRow[ofClass] * changes[ofClass];
            for (var ofClass = 0; ofClass < _classes; ofClass++)
                changes[ofClass] = _rowWeights[row] * ofRow[ofClass] * (changes[ofClass] - mean);
        }

        return WithPenalty(Transposed(change), direction);
    }

    private double[] Probabilities(double[] margins)
    {
        var probabilities = (double[])margins.Clone();
        for (var row = 0; row < _targets.Length; row++)
            Softmax.Apply(probabilities.AsSpan(row * _classes, _classes));
        return probabilities;
    }

    private void AddProduct(ReadOnlySpan<double> weights, double[] margins, int ofClass)
    {
        for (var column = 0; column < weights.Length; column++)
        {
            var (values, weight) = (_columns[column], weights[column]);
            for (var row = 0; row < values.Length; row++)
                margins[row * _classes + ofClass] += weight * values[row];
        }
    }

    /// <summary>For each class and column the sum over rows of column times value; each by one thread in one order.</summary>
    private double[] Transposed(double[] byRow)
    {
        var sums = new double[ParameterCount];
        Parallel.For(0, _classes, ofClass =>
        {
            var values = new double[_targets.Length];
            for (var row = 0; row < values.Length; row++)
                values[row] = byRow[row * _classes + ofClass];
            for (var column = 0; column < _columns.Length; column++)
                sums[ofClass * _columns.Length + column] = VectorSums.Dot(_columns[column], values);
        });
        return sums;
    }

    private double[] WithPenalty(double[] sums, double[] parameters)
    {
        var intercepts = Intercepts(parameters);
        for (var position = 0; position < sums.Length; position++)
            sums[position] += IsIntercept(position) ? intercepts : parameters[position];
        return sums;
    }

    private double Intercepts(double[] parameters)
    {
        var sum = 0.0;
        for (var position = _columns.Length - 1; position < parameters.Length; position += _columns.Length)
            sum += parameters[position];
        return sum;
    }

    private bool IsIntercept(int position) => (position + 1) % _columns.Length == 0;
}
