using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>Trains models on rows that are already split into parts. Equal requests give models equal to the byte, on any number of threads.</summary>
public static class Learner
{
    /// <summary>The fewest training rows.</summary>
    public const int MinimumRows = 20;

    /// <summary>The fewest training rows of each class.</summary>
    public const int MinimumRowsOfClass = 5;

    /// <summary>The most classes that a label may have.</summary>
    public const int MaximumClasses = 100;

    /// <summary>
    /// Encodes and fits the training rows; the validation rows stop boosting and, for truth values, choose calibration and operating point (without them
    /// there is none, and one half); the test rows are not read.
    /// </summary>
    /// <exception cref="LearningException">The request cannot be met; the failure says why, in the user's words.</exception>
    /// <exception cref="ArgumentException">Features, labels and parts differ in length.</exception>
    /// <exception cref="OperationCanceledException">The request's token was cancelled.</exception>
    public static TrainedModel Train(TrainingRequest request)
    {
        if (request.Labels.RowCount != request.Features.RowCount || (request.Parts.Count != 0 && request.Parts.Count != request.Labels.RowCount))
            throw new ArgumentException($"{request.Features.RowCount} rows, {request.Labels.RowCount} labels, {request.Parts.Count} parts", nameof(request));
        var trainer = TrainerCatalogue.Find(request.Trainer);
        var parameters = Resolve(trainer.Definition, request);
        var train = request.RowsOf(RowPart.Train);
        var validation = request.RowsOf(RowPart.Validation);
        if (!trainer.Definition.Tasks.Contains(request.Labels.Task))
            throw new LearningException(LearningFailure.TaskMismatch, $"`{trainer.Definition.Name}` does not learn {request.Labels.Task.LabelWords()}");
        Feasibility.Check(request.Features, request.Labels.Rows(train.AsSpan()));

        var model = Calibrated(request, Fit(request, trainer, parameters, train, validation), validation);
        var (point, metrics) = ChoosePoint(request, model, validation);
        if (validation.IsEmpty)
            return model with { OperatingPoint = point };
        if (request.RefitOnValidation)
        {
            ImmutableArray<int> both = [.. train.Concat(validation).Order()];
            model = Fit(request, trainer, RefitParameters(parameters, model), both, []) with { Calibrator = model.Calibrator, CalibrationTrials = model.CalibrationTrials };
        }

        return model with { OperatingPoint = point, ValidationMetrics = metrics };
    }

    /// <summary>The model with the curve that the validation part asks for.</summary>
    private static TrainedModel Calibrated(TrainingRequest request, TrainedModel model, ImmutableArray<int> validation)
    {
        if (request.Labels is not BooleanLabels labels || validation.IsEmpty)
            return model;
        var apart = ((BooleanLabels)labels.Rows(validation.AsSpan())).Values;
        var (calibrator, trials) = CalibrationChoice.Choose(apart, model.PredictMargins(request.Features.Rows(validation.AsSpan())));
        return model with { Calibrator = calibrator, CalibrationTrials = trials };
    }

    /// <summary>The cut between true and false, and how good the model is with it; half and nothing for labels that are no truth values.</summary>
    private static (OperatingPoint Point, BinaryMetrics? Metrics) ChoosePoint(TrainingRequest request, TrainedModel model, ImmutableArray<int> validation)
    {
        if (request.Labels is not BooleanLabels labels)
            return (OperatingPoint.Half, null);
        if (validation.IsEmpty)
            return (request.OperatingRule.Choose([], []), null);
        var apart = ((BooleanLabels)labels.Rows(validation.AsSpan())).Values;
        var probabilities = model.Predict(request.Features.Rows(validation.AsSpan()));
        var point = request.OperatingRule.Choose(apart, probabilities);
        return (point, BinaryMetrics.Compute(apart, probabilities, point.Threshold));
    }

    private static TrainedModel Fit(TrainingRequest request, ITrainer trainer, TrainerParameters parameters, ImmutableArray<int> train, ImmutableArray<int> validation)
    {
        var table = request.Features.Rows(train.AsSpan());
        var labels = request.Labels.Rows(train.AsSpan());
        var classes = Targets.ClassesOf(labels);
        var targets = Targets.Of(labels, classes);
        var encoder = FeatureEncoder.Fit(request.Features, train.AsSpan());
        var predictor = trainer.Train(new TrainingData
        {
            Encoder = encoder,
            Matrix = encoder.Encode(table),
            Targets = targets,
            Validation = validation.IsEmpty ? null : encoder.Encode(request.Features.Rows(validation.AsSpan())),
            ValidationTargets = Targets.Of(request.Labels.Rows(validation.AsSpan()), classes).Values,
            Parameters = parameters,
            Progress = request.Progress,
            Cancellation = request.Cancellation,
        });
        return new TrainedModel(trainer.Definition, parameters, encoder, predictor)
        {
            Task = labels.Task,
            PositiveLabel = request.PositiveLabel,
            TrainingRows = labels.RowCount,
            LabelMean = classes.IsEmpty ? targets.Values.Sum() / labels.RowCount : 0,
            Classes = classes,
            ClassShares = classes.IsEmpty ? [] : [.. targets.CountByClass().Select(count => count / (double)labels.RowCount)],
        };
    }

    private static TrainerParameters Resolve(TrainerDefinition definition, TrainingRequest request)
    {
        var seedStated = request.Parameters.Any(given => definition.Find(given.Key)?.Name == "seed");
        var parameters = TrainerParameters.Resolve(definition, request.Parameters);
        return seedStated ? parameters : parameters.With("seed", request.Seed.ToString(CultureInfo.InvariantCulture));
    }

    private static TrainerParameters RefitParameters(TrainerParameters parameters, TrainedModel model) =>
        model.RoundCount is { } rounds
            ? parameters.With("rounds", Math.Max(1, (int)Math.Round(1.1 * rounds)).ToString(CultureInfo.InvariantCulture))
            : parameters;
}
