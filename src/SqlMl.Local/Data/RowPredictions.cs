using System.Collections.Immutable;
using SqlMl.Language.Trainers;
using SqlMl.Learning;

namespace SqlMl.Local.Data;

/// <summary>What a model says of some rows, in their order.</summary>
/// <param name="Scores">The probability that the label is true, the predicted number, or the probability of the likeliest class.</param>
/// <param name="Raw">The probabilities before calibration; null unless the label is boolean.</param>
/// <param name="IsPositive">Whether each probability reaches the cut; null unless the label is boolean.</param>
/// <param name="ClassNames">The classes of the model; empty unless the label is one of several.</param>
/// <param name="Probabilities">The probability of each class, by class and row.</param>
/// <param name="Likeliest">The position of the likeliest class of each row.</param>
internal sealed record RowPredictions(
    double[] Scores, double[]? Raw, bool[]? IsPositive, ImmutableArray<string> ClassNames, ImmutableArray<double[]> Probabilities, int[] Likeliest)
{
    public int RowCount => Scores.Length;

    /// <summary>Asks the model; throws <see cref="LearningException"/> where the features are not the model's.</summary>
    public static RowPredictions Of(TrainedModel model, FeatureTable features)
    {
        if (model.Task == LearningTask.MultiClassClassification) return OfClasses(model, features.RowCount == 0 ? [] : model.PredictClasses(features));
        var margins = features.RowCount == 0 ? [] : model.PredictMargins(features);
        if (model.Task == LearningTask.Regression) return new RowPredictions(margins, null, null, [], [], []);
        var scores = Array.ConvertAll(margins, model.Calibrator.Of);
        var threshold = model.OperatingPoint.Threshold;
        return new RowPredictions(scores, Array.ConvertAll(margins, Calibrator.None.Of), Array.ConvertAll(scores, score => score >= threshold), [], [], []);
    }

    private static RowPredictions OfClasses(TrainedModel model, double[][] byRow)
    {
        var likeliest = Array.ConvertAll(byRow, row => MultiClassMetrics.Likeliest(row));
        return new RowPredictions(
            [.. byRow.Select((row, index) => row[likeliest[index]])], null, null, model.Classes,
            [.. model.Classes.Select((_, position) => Array.ConvertAll(byRow, row => row[position]))], likeliest);
    }
}
