using System.Collections.Immutable;
using SqlMl.Language.Trainers;
using SqlMl.Learning;

namespace SqlMl.Local.Data;

/// <summary>What a model says of some rows, in their order.</summary>
/// <param name="Scores">The probability that the label is true, the predicted number, or the probability of the likeliest class.</param>
/// <param name="IsPositive">Whether each probability reaches the cut; null unless the label is boolean.</param>
/// <param name="ClassNames">The classes of the model; empty unless the label is one of several.</param>
/// <param name="Probabilities">The probability of each class, by class and row.</param>
/// <param name="Likeliest">The position of the likeliest class of each row.</param>
internal sealed record RowPredictions(
    double[] Scores, bool[]? IsPositive, ImmutableArray<string> ClassNames, ImmutableArray<double[]> Probabilities, int[] Likeliest)
{
    public int RowCount => Scores.Length;

    /// <summary>Asks the model; throws <see cref="LearningException"/> where the features are not the model's.</summary>
    public static RowPredictions Of(TrainedModel model, FeatureTable features)
    {
        if (model.Task == LearningTask.MultiClassClassification) return OfClasses(model, features.RowCount == 0 ? [] : model.PredictClasses(features));
        var scores = features.RowCount == 0 ? [] : model.Predict(features);
        var threshold = model.OperatingPoint.Threshold;
        var isPositive = model.Task == LearningTask.BinaryClassification ? Array.ConvertAll(scores, score => score >= threshold) : null;
        return new RowPredictions(scores, isPositive, [], [], []);
    }

    private static RowPredictions OfClasses(TrainedModel model, double[][] byRow)
    {
        var likeliest = Array.ConvertAll(byRow, row => MultiClassMetrics.Likeliest(row));
        return new RowPredictions(
            [.. byRow.Select((row, index) => row[likeliest[index]])], null, model.Classes,
            [.. model.Classes.Select((_, position) => Array.ConvertAll(byRow, row => row[position]))], likeliest);
    }
}
