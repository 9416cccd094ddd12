using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>How one class fares, called against all others.</summary>
/// <param name="Class">The class.</param>
/// <param name="Rows">The rows that are of it.</param>
/// <param name="Called">The rows that are called so.</param>
/// <param name="Right">The rows that are both.</param>
public sealed record ClassMetrics(string Class, int Rows, int Called, int Right)
{
    /// <summary>Of the rows called so, the share that is; 0 when none is called so.</summary>
    public double Precision => Called == 0 ? 0 : Right / (double)Called;

    /// <summary>Of the rows of the class, the share that is called so; 0 when there are none.</summary>
    public double Recall => Rows == 0 ? 0 : Right / (double)Rows;

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Rows + Called == 0 ? 0 : 2.0 * Right / (Rows + Called);
}

/// <summary>How good the probabilities of several classes are, against known labels. Rows weigh the same. The class called is the likeliest, of equal ones the first.</summary>
public sealed record MultiClassMetrics
{
    /// <summary>The number of rows, at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>The share of rows called rightly.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean F1 over the classes that occur or are called, as scikit-learn's `macro`.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>The mean negative log likelihood, natural logarithm, probabilities cut to at least 1e-15, which is what a class unknown to the model gets.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Every class of the model, in its order, and behind them the classes that only the labels have, in ordinal order.</summary>
    public required ImmutableArray<ClassMetrics> Classes { get; init; }

    /// <summary>How many rows of each class (first index) are called each class of the model (second index); the order is that of <see cref="Classes"/>.</summary>
    public required ImmutableArray<ImmutableArray<int>> Confusion { get; init; }

    /// <summary>The rows whose class the model does not know: errors, whatever it says.</summary>
    public required int UnknownRows { get; init; }

    /// <summary>Computes everything; <paramref name="probabilities"/> has one array a row, in the order of <paramref name="classes"/>.</summary>
    /// <exception cref="LearningException"><see cref="LearningFailure.TooFewRows"/>: there is no row.</exception>
    /// <exception cref="ArgumentException">Labels and probabilities differ in length.</exception>
    public static MultiClassMetrics Compute(ImmutableArray<string> classes, string[] labels, double[][] probabilities)
    {
        if (labels.Length != probabilities.Length)
            throw new ArgumentException($"{labels.Length} labels, {probabilities.Length} rows of probabilities", nameof(probabilities));
        if (labels.Length == 0)
            throw new LearningException(LearningFailure.TooFewRows, "there are no rows to evaluate");
        ImmutableArray<string> all = [.. classes, .. labels.Except(classes, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var position = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in all)
            position.Add(name, position.Count);
        var confusion = new int[all.Length][];
        for (var row = 0; row < confusion.Length; row++)
            confusion[row] = new int[classes.Length];
        var (right, unknown, loss) = (0, 0, 0.0);
        for (var row = 0; row < labels.Length; row++)
        {
            var truth = position[labels[row]];
            var called = Likeliest(probabilities[row]);
            confusion[truth][called]++;
            right += truth == called ? 1 : 0;
            unknown += truth >= classes.Length ? 1 : 0;
            loss -= Math.Log(Math.Max(truth < classes.Length ? probabilities[row][truth] : 0, 1e-15));
        }

        var byClass = all.Select((name, index) => new ClassMetrics(
            name, confusion[index].Sum(), index < classes.Length ? confusion.Sum(ofTruth => ofTruth[index]) : 0, index < classes.Length ? confusion[index][index] : 0)).ToImmutableArray();
        return new MultiClassMetrics
        {
            Count = labels.Length,
            Accuracy = right / (double)labels.Length,
            MacroF1 = byClass.Where(ofClass => ofClass.Rows + ofClass.Called > 0).Average(ofClass => ofClass.F1),
            LogLoss = loss / labels.Length,
            Classes = byClass,
            Confusion = [.. confusion.Select(ofTruth => ofTruth.ToImmutableArray())],
            UnknownRows = unknown,
        };
    }

    /// <summary>The position of the highest probability, of equal ones the first.</summary>
    public static int Likeliest(ReadOnlySpan<double> probabilities)
    {
        var best = 0;
        for (var position = 1; position < probabilities.Length; position++)
        {
            if (probabilities[position] > probabilities[best])
                best = position;
        }

        return best;
    }
}
