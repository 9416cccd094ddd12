namespace SqlMl.Learning;

/// <summary>The weight of a row by its class: 1, or scikit-learn's `balanced`, n / (K n_k), which makes all classes weigh the same in total.</summary>
internal sealed class ClassWeights
{
    private readonly double[] _weights;

    private ClassWeights(double[] weights) => _weights = weights;

    /// <summary>The weights that <paramref name="word"/> (`none` or `balanced`) asks for.</summary>
    public static ClassWeights From(string word, Targets targets)
    {
        var counts = targets.CountByClass();
        return new ClassWeights(Array.ConvertAll(counts, count => word == "none" ? 1 : targets.Values.Length / ((double)counts.Length * count)));
    }

    /// <summary>The same with true labels weighing more by a factor.</summary>
    public ClassWeights WithPositive(double factor) => new([_weights[0], _weights[1] * factor]);

    /// <summary>The weight of a row of that class; of one that is not among the classes 1.</summary>
    public double Of(double target) => target < 0 ? 1 : _weights[(int)target];

    /// <summary>The weights of all rows.</summary>
    public double[] OfRows(double[] targets) => Array.ConvertAll(targets, Of);
}
