using MathNet.Numerics.LinearAlgebra;

namespace SqlMl.Learning;

/// <summary>
/// scikit-learn's LogisticRegression objective, 0.5 w'w + C sum s_i log(1 + exp(-y_i (w'x_i + b))) with s_i the class weight: its value,
/// gradient and Hessian. Parameters are the weights of the columns and, last, the intercept, which is not penalised.
/// </summary>
internal sealed class LogisticObjective : ISmoothObjective
{
    private const int BlockRows = 1024;

    private readonly double[][] _columns;
    private readonly bool[] _labels;
    private readonly double[] _rowWeights;

    public LogisticObjective(double[][] columns, double[] targets, ClassWeights weights, double c)
    {
        var ones = new double[targets.Length];
        Array.Fill(ones, 1);
        _columns = [.. columns, ones];
        _labels = Array.ConvertAll(targets, target => target == 1);
        _rowWeights = Array.ConvertAll(targets, target => c * weights.Of(target));
        TotalWeight = _rowWeights.Sum();
    }

    public int ParameterCount => _columns.Length;

    /// <summary>C times the sum of the row weights: the scale of the gradient.</summary>
    public double TotalWeight { get; }

    public double[] Margins(double[] parameters)
    {
        var margins = new double[_labels.Length];
        for (var column = 0; column < _columns.Length; column++)
        {
            var values = _columns[column];
            var weight = parameters[column];
            for (var row = 0; row < margins.Length; row++)
                margins[row] += weight * values[row];
        }

        return margins;
    }

    public double Value(double[] parameters, double[] margins)
    {
        var sum = 0.0;
        for (var row = 0; row < margins.Length; row++)
        {
            var against = _labels[row] ? -margins[row] : margins[row];
            sum += _rowWeights[row] * (Math.Max(against, 0) + LogOnePlus(Math.Exp(-Math.Abs(against))));
        }

        for (var column = 0; column < _columns.Length - 1; column++)
            sum += 0.5 * parameters[column] * parameters[column];
        return sum;
    }

    public double[] Gradient(double[] parameters, double[] margins)
    {
        var residuals = new double[margins.Length];
        for (var row = 0; row < margins.Length; row++)
            residuals[row] = _rowWeights[row] * (Sigmoid.Of(margins[row]) - (_labels[row] ? 1 : 0));
        var gradient = new double[_columns.Length];
        for (var column = 0; column < gradient.Length; column++)
            gradient[column] = VectorSums.Dot(_columns[column], residuals) + (column < _columns.Length - 1 ? parameters[column] : 0);
        return gradient;
    }

    public double[] NewtonStep(double[] margins, double[] gradient) => DampedCholesky.Solve(Hessian(margins), gradient);

    private Matrix<double> Hessian(double[] margins)
    {
        var count = _columns.Length;
        var curvature = new double[margins.Length];
        for (var row = 0; row < margins.Length; row++)
        {
            var probability = Sigmoid.Of(margins[row]);
            curvature[row] = _rowWeights[row] * probability * (1 - probability);
        }

        // Each matrix row is summed by one thread in one order of data rows, so the bits do not depend on the thread count.
        var hessian = new double[count, count];
        Parallel.For(0, count, left =>
        {
            var scaled = new double[BlockRows];
            for (var start = 0; start < margins.Length; start += BlockRows)
            {
                var length = Math.Min(BlockRows, margins.Length - start);
                for (var row = 0; row < length; row++)
                    scaled[row] = curvature[start + row] * _columns[left][start + row];
                for (var right = 0; right <= left; right++)
                    hessian[left, right] += VectorSums.Dot(scaled.AsSpan(0, length), _columns[right].AsSpan(start, length));
            }
        });
        for (var left = 0; left < count; left++)
        {
            for (var right = left + 1; right < count; right++)
                hessian[left, right] = hessian[right, left];
            if (left < count - 1)
                hessian[left, left] += 1;
        }

        return Matrix<double>.Build.DenseOfArray(hessian);
    }

    /// <summary>log(1 + x) for 0 &lt;= x &lt;= 1, exact also for tiny x (Kahan's form).</summary>
    private static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
