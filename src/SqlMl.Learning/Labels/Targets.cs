using System.Collections.Immutable;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>Labels as the numbers that trainers fit: 0 or 1, the number itself, or the position of the class; -1 for a class that is not among the classes.</summary>
/// <param name="Task">What there is to learn.</param>
/// <param name="Values">One a row.</param>
/// <param name="ClassCount">2 for truth values, 0 for numbers.</param>
internal sealed record Targets(LearningTask Task, double[] Values, int ClassCount)
{
    /// <summary>The labels as numbers; <paramref name="classes"/> are the classes of the training rows, empty where labels are no classes.</summary>
    public static Targets Of(LabelColumn labels, ImmutableArray<string> classes)
    {
        switch (labels)
        {
            case BooleanLabels booleans:
                return new Targets(labels.Task, Array.ConvertAll(booleans.Values, value => value ? 1.0 : 0.0), 2);
            case NumberLabels numbers:
                return new Targets(labels.Task, numbers.Values, 0);
            default:
                var positions = new Dictionary<string, int>(StringComparer.Ordinal);
                foreach (var name in classes)
                    positions.Add(name, positions.Count);
                return new Targets(labels.Task, Array.ConvertAll(((ClassLabels)labels).Values, value => (double)positions.GetValueOrDefault(value, -1)), classes.Length);
        }
    }

    /// <summary>The classes that occur, in ordinal order; empty where labels are no classes.</summary>
    public static ImmutableArray<string> ClassesOf(LabelColumn labels) =>
        labels is ClassLabels classes ? [.. classes.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : [];

    /// <summary>How many rows each class has; rows of other classes are left out.</summary>
    public int[] CountByClass()
    {
        var counts = new int[ClassCount];
        foreach (var value in Values)
        {
            if (value >= 0)
                counts[(int)value]++;
        }

        return counts;
    }
}
