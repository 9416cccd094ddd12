namespace SqlMl.Learning;

/// <summary>The weight of a row by its class: 1 and 1, or scikit-learn's `balanced`, n / (2 n_k), which makes both classes weigh the same in total.</summary>
internal readonly record struct ClassWeights(double Negative, double Positive)
{
    public static ClassWeights From(string word, ReadOnlySpan<bool> labels)
    {
        if (word == "none")
            return new ClassWeights(1, 1);
        double positives = labels.Count(true);
        return new ClassWeights(labels.Length / (2 * (labels.Length - positives)), labels.Length / (2 * positives));
    }

    public double Of(bool label) => label ? Positive : Negative;
}
