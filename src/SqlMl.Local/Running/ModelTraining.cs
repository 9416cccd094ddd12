using System.Collections.Immutable;
using System.Security.Cryptography;
using SqlMl.Compiler;
using SqlMl.Language.Trainers;
using SqlMl.Learning;
using SqlMl.Local.Data;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Running;

/// <summary>Takes one model from its sources to predictions: read, build, train, evaluate, score.</summary>
internal static class ModelTraining
{
    /// <summary>The whole of `sqlml run` for one model, its files written to the session's folder.</summary>
    public static ModelRun Run(RunSession session, CompiledModel model)
    {
        WriteScripts(session, model);
        var report = ReadSources(session, model);
        var (set, steps, pivots) = Build(session, model);
        pivots.Save(session.PathOf(LearnedPivots.FileOf(model)), model);
        var named = pivots.Name(model);
        var parts = set.Summarize();
        var trained = session.Phase(model.Name, RunPhase.Train, () => Train(session, model, set));
        var version = Save(session, model, trained);
        var evaluation = session.Phase(model.Name, RunPhase.Evaluate, () => ModelEvaluation.Evaluate(trained, set), summary => summary?.Rows);
        return new ModelRun
        {
            Model = named,
            ModelVersion = version,
            AsOf = report.AsOf,
            Sources = report.Sources,
            Steps = steps,
            Parts = parts,
            Evaluation = evaluation,
            Operating = model.Task == LearningTask.BinaryClassification ? new OperatingChoice(trained.OperatingPoint.Threshold, ReasonOf(model, parts)) : null,
            Calibration = model.Task == LearningTask.BinaryClassification ? new CalibrationSummary(trained.Calibrator.Name, trained.CalibrationTrials) : null,
            Influences = InfluencesOf(named, trained),
            Predictions = ModelScoring.Score(session, model, pivots, trained, version),
            Cautions = Cautions.Of(model, trained, parts, evaluation, MissingHistory.Cautions(model, report.Sources, set.Cutoffs)),
        };
    }

    /// <summary>Writes the scripts as they run, so that every result can be traced to its SQL.</summary>
    public static void WriteScripts(RunSession session, CompiledModel model)
    {
        foreach (var script in model.Scripts) File.WriteAllText(session.PathOf(script.FileName), script.Sql);
    }

    /// <summary>The sources' rows and ends, with a warning for each that loses rows; several rows where one is read are an error.</summary>
    public static SourceReport ReadSources(RunSession session, CompiledModel model)
    {
        var report = session.Phase(
            model.Name, RunPhase.Read, () => SourceReport.Read(session.Connection, model, session.Cancellation),
            read => read.Sources.Sum(source => source.Rows));
        foreach (var source in report.Sources)
        {
            var span = session.SpanOf(source.Name, model);
            if (source.Rows == 0) session.Warnings.Add(RunErrors.NoRows(source.Name, span));
            if (source.RowsWithoutTime > 0) session.Warnings.Add(RunErrors.RowsWithoutTime(source.Name, source.RowsWithoutTime, source.Rows, span));
            if (source.RowsWithoutKey > 0) session.Warnings.Add(RunErrors.RowsWithoutKey(source.Name, model.Entity, source.RowsWithoutKey, source.Rows, span));
        }
        var doubled = DoubledKey.Read(session.Connection, model, session.Cancellation);
        if (!doubled.IsEmpty) throw RunFailedException.Input(DoubledKey.Explain(doubled, model, session));
        return report;
    }

    /// <summary>Fills the training table, its columns called as the model calls them; returns what its pivots learned.</summary>
    public static LearnedPivots FillTrainingTable(RunSession session, CompiledModel model)
    {
        var pivots = LearnedPivots.Learn(session.Connection, model, session.Cancellation);
        session.Connection.Execute(model.Training.Sql, session.Cancellation);
        pivots.Rename(session.Connection, model, model.TrainingTable, session.Cancellation);
        return pivots;
    }

    /// <summary>Fails where the training table was left empty, and says which step left the last rows out.</summary>
    public static void RequireRows(RunSession session, CompiledModel model)
    {
        using var result = session.Connection.Query($"SELECT 1 FROM {SqlText.Name(model.TrainingTable)} LIMIT 1", session.Cancellation);
        if (result.ReadRows().Any()) return;
        throw RunFailedException.Input(RunErrors.NoTrainingRows(model.Name, SourceReport.ReadSteps(session.Connection, model, session.Cancellation), model.Span));
    }

    private static (TrainingSet Set, ImmutableArray<StepCount> Steps, LearnedPivots Pivots) Build(RunSession session, CompiledModel model)
    {
        var steps = ImmutableArray<StepCount>.Empty;
        var pivots = LearnedPivots.None;
        var set = session.Phase(
            model.Name, RunPhase.Build,
            () =>
            {
                pivots = FillTrainingTable(session, model);
                steps = SourceReport.ReadSteps(session.Connection, model, session.Cancellation);
                return TrainingSet.Read(session.Connection, pivots.Name(model), session.Cancellation);
            },
            built => built.RowCount);
        if (set.CountNotFinite() is > 0 and var odd) throw RunFailedException.Input(RunErrors.LabelNotFinite(model.Name, odd, set.RowCount, model.Span));
        if (set.RowCount == 0) throw RunFailedException.Input(RunErrors.NoTrainingRows(model.Name, steps, model.Span));
        return (set, steps, pivots);
    }

    private static TrainedModel Train(RunSession session, CompiledModel model, TrainingSet set)
    {
        try
        {
            return Learner.Train(new TrainingRequest
            {
                Features = set.Features,
                Labels = set.Labels,
                Parts = set.Parts,
                Trainer = model.Trainer.Name,
                Parameters = model.Trainer.Parameters,
                OperatingRule = RuleOf(model),
                PositiveLabel = model.LabelText,
                Progress = new RoundProgress(session),
                Cancellation = session.Cancellation,
            });
        }
        catch (LearningException failure)
        {
            throw RunFailedException.Input(failure.Failure switch
            {
                LearningFailure.OneClassOnly => RunErrors.OneClass(model.Name, failure.Message, failure.Help, model.Span),
                LearningFailure.ConstantLabel => RunErrors.ConstantLabel(model.Name, failure.Message, failure.Help, model.Span),
                LearningFailure.TooManyClasses => RunErrors.TooManyClasses(model.Name, failure.Message, failure.Help, model.Span),
                LearningFailure.TooFewRows => RunErrors.TooFewRows(model.Name, failure.Message, failure.Help, model.Span),
                _ => RunErrors.TrainerRefused(model.Name, failure.Message, failure.Help, model.Trainer.Span),
            });
        }
    }

    /// <summary>Writes the model, and its trees once more in the format of the XGBoost library; returns the version.</summary>
    private static string Save(RunSession session, CompiledModel model, TrainedModel trained)
    {
        using var bytes = new MemoryStream();
        trained.Save(bytes);
        File.WriteAllBytes(session.PathOf(ModelFile(model)), bytes.ToArray());
        if (trained.TreeCount is not null)
        {
            using var file = File.Create(session.PathOf($"{model.Name}.xgboost.json"));
            trained.SaveXgBoost(file);
        }
        return VersionOf(bytes.ToArray());
    }

    /// <summary>The file that holds a trained model in a run's folder.</summary>
    public static string ModelFile(CompiledModel model) => $"{model.Name}.model.json";

    /// <summary>Twelve hexadecimal digits that name a model file's content.</summary>
    public static string VersionOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file))[..12];

    private static ImmutableArray<FeatureInfluence> InfluencesOf(CompiledModel model, TrainedModel trained)
    {
        var texts = model.Features.ToDictionary(feature => feature.Name, feature => feature.Description ?? feature.Definition, StringComparer.Ordinal);
        return [.. trained.Importance.Select(item => new FeatureInfluence(item.Feature, item.Share, texts.GetValueOrDefault(item.Feature, "")))];
    }

    private static ClassCut CutOf(CompiledModel model) =>
        model.Outputs.FirstOrDefault(output => output.Kind == "class")?.Cut ?? new ClassCut("f1", null);

    private static OperatingRule RuleOf(CompiledModel model) => CutOf(model) switch
    {
        { Metric: null, Value: { } probability } => OperatingRule.At((double)probability),
        { Metric: "f1", Value: null } => OperatingRule.BestF1,
        { Metric: "recall", Value: { } recall } => OperatingRule.AtRecall((double)recall),
        var cut => throw RunFailedException.Input(RunErrors.TrainerRefused(
            model.Name, $"the class cannot be cut at {(cut.Value is null ? "best " : "")}{cut.Metric}",
            "a local run cuts `at best f1`, `at recall 0.8`, or at a probability such as `at 0.5`", model.Span)),
    };

    private static string ReasonOf(CompiledModel model, ImmutableArray<PartSummary> parts) => CutOf(model) switch
    {
        { Metric: null } => "the probability that the program states",
        _ when parts.All(part => part.Name != "validation") => "one half, because there is no validation part to choose it on",
        { Metric: "recall", Value: var recall } => $"the highest that finds {Words.Percent((double)recall!)} of the positives of the validation part",
        _ => "the one with the best F1 on the validation part",
    };

    private sealed class RoundProgress(RunSession session) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => session.Advance(value.Round, value.Total);
    }
}
