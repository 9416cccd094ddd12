using System.Collections.Immutable;
using System.Globalization;

namespace SqlMl.Learning;

/// <summary>Trains models on rows that are already split into parts. Equal requests give models equal to the byte, on any number of threads.</summary>
public static class Learner
{
    /// <summary>The fewest training rows.</summary>
    public const int MinimumRows = 20;

    /// <summary>The fewest training rows of each class.</summary>
    public const int MinimumRowsOfClass = 5;

    /// <summary>
    /// Encodes and fits the training rows; the validation rows stop boosting and choose the operating point (without them it is one half);
    /// the test rows are not read.
    /// </summary>
    /// <exception cref="LearningException">The request cannot be met; the failure says why, in the user's words.</exception>
    /// <exception cref="ArgumentException">Features, labels and parts differ in length.</exception>
    /// <exception cref="OperationCanceledException">The request's token was cancelled.</exception>
    public static TrainedModel Train(TrainingRequest request)
    {
        if (request.Labels.Length != request.Features.RowCount || (request.Parts.Count != 0 && request.Parts.Count != request.Labels.Length))
            throw new ArgumentException($"{request.Features.RowCount} rows, {request.Labels.Length} labels, {request.Parts.Count} parts", nameof(request));
        var trainer = TrainerCatalogue.Find(request.Trainer);
        var parameters = Resolve(trainer.Definition, request);
        var train = request.RowsOf(RowPart.Train);
        var validation = request.RowsOf(RowPart.Validation);
        CheckFeasible(request, train);

        var model = Fit(request, trainer, parameters, train, validation);
        if (validation.IsEmpty)
            return model with { OperatingPoint = request.OperatingRule.Choose([], []) };

        var validationLabels = LabelsOf(request, validation);
        var probabilities = model.Predict(request.Features.Rows(validation.AsSpan()));
        var point = request.OperatingRule.Choose(validationLabels, probabilities);
        var metrics = BinaryMetrics.Compute(validationLabels, probabilities, point.Threshold);
        if (request.RefitOnValidation)
        {
            ImmutableArray<int> both = [.. train.Concat(validation).Order()];
            model = Fit(request, trainer, RefitParameters(parameters, model), both, []);
        }

        return model with { OperatingPoint = point, ValidationMetrics = metrics };
    }

    private static TrainedModel Fit(TrainingRequest request, ITrainer trainer, TrainerParameters parameters, ImmutableArray<int> train, ImmutableArray<int> validation)
    {
        var table = request.Features.Rows(train.AsSpan());
        var labels = LabelsOf(request, train);
        var encoder = FeatureEncoder.Fit(request.Features, train.AsSpan());
        var predictor = trainer.Train(new TrainingData
        {
            Encoder = encoder,
            Matrix = encoder.Encode(table),
            Labels = labels,
            Validation = validation.IsEmpty ? null : encoder.Encode(request.Features.Rows(validation.AsSpan())),
            ValidationLabels = LabelsOf(request, validation),
            Parameters = parameters,
            Progress = request.Progress,
            Cancellation = request.Cancellation,
        });
        return new TrainedModel(trainer.Definition, parameters, encoder, predictor)
        {
            PositiveLabel = request.PositiveLabel,
            TrainingRows = labels.Length,
            BaseRate = labels.Count(label => label) / (double)labels.Length,
        };
    }

    private static TrainerParameters Resolve(TrainerDefinition definition, TrainingRequest request)
    {
        var seedStated = request.Parameters.Any(given => definition.Find(given.Key)?.Name == "seed");
        var parameters = TrainerParameters.Resolve(definition, request.Parameters);
        return seedStated ? parameters : parameters.With("seed", request.Seed.ToString(CultureInfo.InvariantCulture));
    }

    private static TrainerParameters RefitParameters(TrainerParameters parameters, TrainedModel model) =>
        model.TreeCount is { } trees
            ? parameters.With("rounds", Math.Max(1, (int)Math.Round(1.1 * trees)).ToString(CultureInfo.InvariantCulture))
            : parameters;

    private static void CheckFeasible(TrainingRequest request, ImmutableArray<int> train)
    {
        if (request.Features.Columns.IsEmpty)
            throw new LearningException(LearningFailure.NoFeatures, "there is no feature to learn from");
        var positives = train.Count(row => request.Labels[row]);
        var negatives = train.Length - positives;
        if (train.Length < MinimumRows)
        {
            throw new LearningException(
                LearningFailure.TooFewRows, $"there are {train.Length} training rows", $"at least {MinimumRows} are needed; observe more cutoffs or a longer history");
        }

        if (positives == 0 || negatives == 0)
        {
            throw new LearningException(
                LearningFailure.OneClassOnly,
                $"the label is {(positives == 0 ? "false" : "true")} in all {train.Length} training rows",
                "a label must take both values; look at its condition, its horizon, and what `when` leaves");
        }

        if (Math.Min(positives, negatives) < MinimumRowsOfClass)
        {
            throw new LearningException(
                LearningFailure.TooFewRows,
                $"the label is {(positives < negatives ? "true" : "false")} in only {Math.Min(positives, negatives)} of {train.Length} training rows",
                $"at least {MinimumRowsOfClass} rows of each class are needed; observe more cutoffs or a longer horizon");
        }
    }

    private static bool[] LabelsOf(TrainingRequest request, ImmutableArray<int> rows) => [.. rows.Select(row => request.Labels[row])];
}
