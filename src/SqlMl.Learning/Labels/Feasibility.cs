using System.Collections.Immutable;
using System.Globalization;

namespace SqlMl.Learning;

/// <summary>Whether there is something to learn in the training rows: enough of them, and labels that differ.</summary>
internal static class Feasibility
{
    /// <summary>Throws <see cref="LearningException"/> with the reason and the way out.</summary>
    public static void Check(FeatureTable features, LabelColumn train)
    {
        if (features.Columns.IsEmpty)
            throw new LearningException(LearningFailure.NoFeatures, "there is no feature to learn from");
        if (train.RowCount < Learner.MinimumRows)
        {
            throw new LearningException(
                LearningFailure.TooFewRows, $"there are {train.RowCount} training rows", $"at least {Learner.MinimumRows} are needed; observe more cutoffs or a longer history");
        }

        switch (train)
        {
            case BooleanLabels booleans:
                CheckBooleans(booleans.Values);
                break;
            case NumberLabels numbers:
                CheckNumbers(numbers.Values);
                break;
            default:
                CheckClasses(((ClassLabels)train).Values);
                break;
        }
    }

    private static void CheckBooleans(bool[] labels)
    {
        var positives = labels.Count(label => label);
        var negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0)
        {
            throw new LearningException(
                LearningFailure.OneClassOnly,
                $"the label is {(positives == 0 ? "false" : "true")} in all {labels.Length} training rows",
                "a label must take both values; look at its condition, its horizon, and what `when` leaves");
        }

        if (Math.Min(positives, negatives) < Learner.MinimumRowsOfClass)
        {
            throw new LearningException(
                LearningFailure.TooFewRows,
                $"the label is {(positives < negatives ? "true" : "false")} in only {Math.Min(positives, negatives)} of {labels.Length} training rows",
                $"at least {Learner.MinimumRowsOfClass} rows of each class are needed; observe more cutoffs or a longer horizon");
        }
    }

    private static void CheckNumbers(double[] labels)
    {
        if (labels.AsSpan().ContainsAnyExcept(labels[0]))
            return;
        throw new LearningException(
            LearningFailure.ConstantLabel,
            $"the label is {labels[0].ToString("R", CultureInfo.InvariantCulture)} in all {labels.Length} training rows",
            "a label must vary; look at its source, its horizon, and what `when` leaves");
    }

    private static void CheckClasses(string[] labels)
    {
        var counts = labels.CountBy(label => label, StringComparer.Ordinal).Select(pair => pair.Value).ToImmutableArray();
        if (counts.Length == 1)
        {
            throw new LearningException(
                LearningFailure.OneClassOnly,
                $"the label is '{labels[0]}' in all {labels.Length} training rows",
                "a label must take several values; look at its source, its horizon, and what `when` leaves");
        }

        if (counts.Length > Learner.MaximumClasses)
        {
            throw new LearningException(
                LearningFailure.TooManyClasses,
                $"the label takes {counts.Length} values in {labels.Length} training rows",
                $"at most {Learner.MaximumClasses} classes can be told apart; gather the rare ones: `case when x in ('a', 'b') then x else 'other' end`");
        }

        if (counts.Count(count => count >= Learner.MinimumRowsOfClass) < 2)
        {
            throw new LearningException(
                LearningFailure.TooFewRows,
                $"fewer than two of the {counts.Length} values of the label have {Learner.MinimumRowsOfClass} training rows",
                "observe more cutoffs or a longer horizon, or gather rare values: `case when x in ('a', 'b') then x else 'other' end`");
        }
    }
}
