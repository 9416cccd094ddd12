using System.Collections.Immutable;
using System.Text.Json;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>One way to learn; listed in <see cref="TrainerCatalogue"/>.</summary>
internal interface ITrainer
{
    TrainerDefinition Definition { get; }

    /// <summary>Fits the training rows, whose labels are of a task that the trainer has and are known to differ.</summary>
    IPredictor Train(TrainingData data);

    /// <summary>Reads back what the predictor of such a task wrote; throws <see cref="FormatException"/> or a JSON exception when it cannot.</summary>
    IPredictor Read(JsonElement model, FeatureEncoder encoder, LearningTask task, int classCount);
}

/// <summary>A fitted function from encoded rows to log-odds, to numbers, or to a margin a class.</summary>
internal interface IPredictor
{
    /// <summary>One margin a row, or the margins of its classes side by side; the same for a row whatever rows are beside it.</summary>
    double[] Margins(EncodedMatrix matrix);

    /// <summary>What each encoded column contributes, not negative, in the trainer's own measure.</summary>
    ImmutableArray<double> ColumnImportance { get; }

    /// <summary>Writes the fitted function as one JSON value.</summary>
    void Write(Utf8JsonWriter json);
}

/// <summary>What a trainer fits: encoded rows with labels, and optionally rows kept apart to stop early on.</summary>
internal sealed record TrainingData
{
    public required FeatureEncoder Encoder { get; init; }

    public required EncodedMatrix Matrix { get; init; }

    public required Targets Targets { get; init; }

    /// <summary>Null when there are no such rows.</summary>
    public EncodedMatrix? Validation { get; init; }

    public double[] ValidationTargets { get; init; } = [];

    public required TrainerParameters Parameters { get; init; }

    public IProgress<TrainingProgress>? Progress { get; init; }

    public CancellationToken Cancellation { get; init; }
}
