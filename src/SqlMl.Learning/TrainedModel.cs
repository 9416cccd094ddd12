using System.Collections.Immutable;
using System.Text.Json;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>A coefficient of a logistic or linear model.</summary>
/// <param name="Name">The encoded column, or `x is missing`.</param>
/// <param name="Value">The change of the log-odds, or of the predicted number, by one unit of the column.</param>
/// <param name="Standardised">The change by one standard deviation of the training rows.</param>
public sealed record ModelCoefficient(string Name, double Value, double Standardised);

/// <summary>A fitted model with everything that predicting needs: encoding, fitted function and, for truth values, operating point. Immutable, and safe for concurrent use.</summary>
public sealed record TrainedModel
{
    /// <summary>Rows are predicted in slices of this many, so that the encoded numbers of a large table never exist all at once.</summary>
    private const int SliceRows = 65_536;

    internal TrainedModel(TrainerDefinition trainer, TrainerParameters parameters, FeatureEncoder encoder, IPredictor predictor) =>
        (Trainer, Parameters, Encoder, Predictor) = (trainer, parameters, encoder, predictor);

    /// <summary>What it predicts.</summary>
    public LearningTask Task { get; init; }

    /// <summary>The trainer that made it.</summary>
    public TrainerDefinition Trainer { get; }

    /// <summary>The parameters it was made with, defaults included.</summary>
    public TrainerParameters Parameters { get; }

    /// <summary>How features become numbers.</summary>
    public FeatureEncoder Encoder { get; }

    /// <summary>The cut between true and false; one half, without meaning, for other labels.</summary>
    public OperatingPoint OperatingPoint { get; init; } = OperatingPoint.Half;

    /// <summary>How log-odds become probabilities; <see cref="Calibrator.None"/> for other labels than truth values.</summary>
    public Calibrator Calibrator { get; init; } = Calibrator.None;

    /// <summary>What was tried on the validation part to choose it; empty without such a part, and not stored in the model file.</summary>
    public ImmutableArray<CalibrationTrial> CalibrationTrials { get; init; } = [];

    /// <summary>What the probability of a true label is the probability of.</summary>
    public string PositiveLabel { get; init; } = "true";

    /// <summary>The number of rows it was fitted on.</summary>
    public int TrainingRows { get; init; }

    /// <summary>The mean label among them, which for truth values is the share of true ones; 0 for several classes.</summary>
    public double LabelMean { get; init; }

    /// <summary>The classes, in ordinal order; empty for truth values and numbers.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>The share of each class among the training rows, in the order of <see cref="Classes"/>.</summary>
    public ImmutableArray<double> ClassShares { get; init; } = [];

    /// <summary>Metrics of truth values on the validation part, before any refit; null without such a part or for other labels, and not stored in the model file.</summary>
    public BinaryMetrics? ValidationMetrics { get; init; }

    /// <summary>The number of trees; null for a model without trees.</summary>
    public int? TreeCount => (Predictor as BoostedTrees)?.Trees.Length;

    /// <summary>The number of boosting rounds, each of one tree, or of one a class; null for a model without trees.</summary>
    public int? RoundCount => Predictor is BoostedTrees trees ? trees.Trees.Length / trees.Groups : null;

    /// <summary>The coefficients in the features' own units, in the encoder's order; empty for a model without coefficients, and for several classes.</summary>
    public ImmutableArray<ModelCoefficient> Coefficients =>
        Predictor is LinearModel linear
            ? [.. linear.Terms.Select(term => new ModelCoefficient(term.Name, term.Coefficient, term.StandardisedCoefficient))]
            : [];

    /// <summary>The intercept in the features' own units; null where there are no <see cref="Coefficients"/>.</summary>
    public double? Intercept => (Predictor as LinearModel)?.Intercept;

    /// <summary>Whether the fit reached its optimum; false when a logistic model ran out of iterations.</summary>
    public bool Converged => Predictor is not (LinearModel { Converged: false } or MultinomialModel { Converged: false });

    /// <summary>What each feature contributes, its encoded columns together; every feature is listed, largest first.</summary>
    public ImmutableArray<FeatureImportance> Importance =>
        FeatureImportance.Of(Encoder.Columns.Zip(Predictor.ColumnImportance, (column, value) => (Encoder.Features[column.Feature].Name, value)));

    /// <summary>What each encoded column contributes, largest first.</summary>
    public ImmutableArray<FeatureImportance> ColumnImportance =>
        FeatureImportance.Of(Encoder.Columns.Zip(Predictor.ColumnImportance, (column, value) => (column.Name, value)));

    internal IPredictor Predictor { get; }

    /// <summary>
    /// The probability of the positive label, calibrated, or the predicted number, for each row, in order. A row's result does not depend on the other rows; columns
    /// the model does not know are ignored.
    /// </summary>
    /// <exception cref="LearningException"><see cref="LearningFailure.FeatureMismatch"/>: a feature of the model is absent or of another kind.</exception>
    /// <exception cref="InvalidOperationException">The model predicts one of several classes.</exception>
    public double[] Predict(FeatureTable table) => Task switch
    {
        LearningTask.BinaryClassification => Array.ConvertAll(PredictMargins(table), Calibrator.Of),
        LearningTask.Regression => PredictMargins(table),
        _ => throw new InvalidOperationException("the model predicts one of several classes"),
    };

    /// <summary>As <see cref="Predict"/>, the probability as it was before calibration.</summary>
    public double[] PredictRaw(FeatureTable table) => (this with { Calibrator = Calibrator.None }).Predict(table);

    /// <summary>The probability of each class, in the order of <see cref="Classes"/>, for each row, in order; as <see cref="Predict"/>.</summary>
    /// <exception cref="LearningException"><see cref="LearningFailure.FeatureMismatch"/>: a feature of the model is absent or of another kind.</exception>
    /// <exception cref="InvalidOperationException">The model does not predict one of several classes.</exception>
    public double[][] PredictClasses(FeatureTable table)
    {
        if (Task != LearningTask.MultiClassClassification)
            throw new InvalidOperationException("the model does not predict one of several classes");
        var margins = PredictMargins(table);
        var probabilities = new double[table.RowCount][];
        for (var row = 0; row < probabilities.Length; row++)
        {
            probabilities[row] = margins.AsSpan(row * Classes.Length, Classes.Length).ToArray();
            Softmax.Apply(probabilities[row]);
        }

        return probabilities;
    }

    /// <summary>The log-odds for each row, or the predicted number, or the margins of its classes side by side, in order; as <see cref="Predict"/>.</summary>
    /// <exception cref="LearningException"><see cref="LearningFailure.FeatureMismatch"/>: a feature of the model is absent or of another kind.</exception>
    public double[] PredictMargins(FeatureTable table)
    {
        var width = Math.Max(1, Classes.Length);
        var margins = new double[table.RowCount * width];
        for (var start = 0; start < table.RowCount || start == 0; start += SliceRows)
        {
            var slice = table.Slice(start, Math.Min(SliceRows, table.RowCount - start));
            Predictor.Margins(Encoder.Encode(slice)).CopyTo(margins, start * width);
        }

        return margins;
    }

    /// <summary>Writes the whole model as one JSON document (UTF-8); equal models give equal bytes. For trees the member `model` is XGBoost's own document.</summary>
    public void Save(Stream stream) => TrainedModelJson.Write(stream, this);

    /// <summary>Writes the trees alone as XGBoost's JSON model format, loadable by xgboost 1.7 and later; columns are named as in <see cref="FeatureEncoder.Columns"/>.</summary>
    /// <exception cref="InvalidOperationException">The model has no trees (<see cref="TreeCount"/> is null).</exception>
    public void SaveXgBoost(Stream stream)
    {
        if (Predictor is not BoostedTrees trees)
            throw new InvalidOperationException("the model has no trees");
        using var json = new Utf8JsonWriter(stream, TrainedModelJson.Options);
        trees.Write(json);
    }

    /// <summary>Reads what <see cref="Save"/> wrote; the model predicts the same bits.</summary>
    /// <exception cref="LearningException"><see cref="LearningFailure.ModelFormat"/>: it is not such a document, or of another version.</exception>
    public static TrainedModel Load(Stream stream) => TrainedModelJson.Read(stream);

    /// <summary>
    /// Makes a model of an XGBoost JSON file trained elsewhere on plain numbers: its features are the file's feature names (`f0`, `f1`... where it has none),
    /// all numeric, its classes `0`, `1`..., and the operating point is one half. Training rows and label mean are unknown (0).
    /// </summary>
    /// <exception cref="LearningException"><see cref="LearningFailure.ModelFormat"/>: it is not a model of numeric trees for one of the objectives that <see cref="SaveXgBoost"/> writes.</exception>
    public static TrainedModel LoadXgBoost(Stream stream) => TrainedModelJson.ReadXgBoost(stream);
}
