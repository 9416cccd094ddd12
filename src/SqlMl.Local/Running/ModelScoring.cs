using SqlMl.Compiler;
using SqlMl.Language.Trainers;
using SqlMl.Learning;
using SqlMl.Local.Data;

namespace SqlMl.Local.Running;

/// <summary>Predicts what is due and hands it over as a table and a file.</summary>
internal static class ModelScoring
{
    /// <summary>The whole of `sqlml score` for one model: the latest stored model on today's rows.</summary>
    public static ModelRun Run(RunSession session, CompiledModel model)
    {
        var file = ModelTraining.ModelFile(model);
        var output = session.Request.OutputFolder;
        var stored = RunFolder.LatestWith(output, file)
            ?? throw RunFailedException.Input(RunErrors.NeverTrained(model.Name, output, model.Span));
        var bytes = File.ReadAllBytes(Path.Combine(stored, file));
        var trained = Load(model, bytes);
        var pivots = LearnedPivots.Restore(Path.Combine(stored, LearnedPivots.FileOf(model)), session.Connection, model, session.Cancellation)
            ?? throw RunFailedException.Input(RunErrors.ModelOutdated(model.Name, "what its pivots learned is not stored beside it", model.Span));
        ModelTraining.WriteScripts(session, model);
        var report = ModelTraining.ReadSources(session, model);
        var version = ModelTraining.VersionOf(bytes);
        return new ModelRun
        {
            Model = pivots.Name(model),
            ModelVersion = version,
            AsOf = report.AsOf,
            Sources = report.Sources,
            Steps = [],
            Parts = [],
            Evaluation = null,
            Operating = model.Task == LearningTask.BinaryClassification ? new OperatingChoice(trained.OperatingPoint.Threshold, "the one stored with the model") : null,
            Calibration = model.Task == LearningTask.BinaryClassification ? new CalibrationSummary(trained.Calibrator.Name, []) : null,
            Influences = [],
            Predictions = Score(session, model, pivots, trained, version),
            Cautions = [],
        };
    }

    /// <summary>Scores what is due and writes the prediction table and file.</summary>
    public static PredictionSummary Score(RunSession session, CompiledModel model, LearnedPivots pivots, TrainedModel trained, string version) =>
        session.Phase(
            model.Name, RunPhase.Score,
            () =>
            {
                session.Connection.Execute(model.Scoring.Sql, session.Cancellation);
                pivots.Rename(session.Connection, model, model.ScoringTable, session.Cancellation);
                model = pivots.Name(model);
                var predictions = new PredictionTable(session.Connection, model, session.Cancellation);
                var predicted = Predict(model, trained, predictions.Features);
                if (predicted.RowCount == 0) session.Warnings.Add(RunErrors.NothingToScore(model.Name, model.Entity, model.Span));
                predictions.Write(predicted, version, session.StartedAt);
                var file = $"{model.Name}.predictions{TableFile.Extension(session.Request.Format)}";
                TableFile.Write(
                    session.Connection, $"SELECT * FROM {SqlText.Name(model.PredictionTable)}", session.PathOf(file), session.Request.Format, session.Cancellation);
                return predictions.Summarize(predicted, file);
            },
            summary => summary.Rows);

    private static RowPredictions Predict(CompiledModel model, TrainedModel trained, FeatureTable features)
    {
        try
        {
            return RowPredictions.Of(trained, features);
        }
        catch (LearningException failure) when (failure.Failure == LearningFailure.FeatureMismatch)
        {
            throw RunFailedException.Input(RunErrors.ModelOutdated(model.Name, failure.Message, model.Span));
        }
    }

    private static TrainedModel Load(CompiledModel model, byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes);
            var trained = TrainedModel.Load(stream);
            return trained.Task == model.Task
                ? trained
                : throw RunFailedException.Input(RunErrors.ModelOutdated(
                    model.Name, $"it learned {trained.Task.LabelWords()}, and the program has {model.Task.LabelWords()}", model.Span));
        }
        catch (LearningException failure)
        {
            throw RunFailedException.Input(RunErrors.ModelOutdated(model.Name, failure.Message, model.Span));
        }
    }
}
