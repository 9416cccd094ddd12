using SqlMl.Compiler;
using SqlMl.Local.Data;

namespace SqlMl.Local.Running;

/// <summary>
/// Runs compiled programs on DuckDB. Whatever happens, a run leaves either all of its results or nothing: the predictions' tables change in one
/// transaction, and the run's folder appears in one step. Wrong data and an unfit machine are diagnostics, never exceptions.
/// </summary>
public static class LocalRunner
{
    /// <summary>Trains, evaluates and scores every model of the program.</summary>
    public static Task<RunResult> RunAsync(RunRequest request, IRunProgress? progress, CancellationToken cancellation) =>
        Task.Run(() => RunSession.Publish(request, progress, ModelTraining.Run, cancellation), CancellationToken.None);

    /// <summary>Scores every model of the program with the model that an earlier run stored in the same output folder.</summary>
    public static Task<RunResult> ScoreAsync(RunRequest request, IRunProgress? progress, CancellationToken cancellation) =>
        Task.Run(() => RunSession.Publish(request, progress, ModelScoring.Run, cancellation), CancellationToken.None);

    /// <summary>
    /// Writes one model's training set to <paramref name="file"/>: the key columns, `cutoff`, the features in order of declaration, `label`, `split`.
    /// The local database is read and not changed.
    /// </summary>
    public static Task<RunResult> ExportAsync(
        RunRequest request, CompiledModel model, string file, IRunProgress? progress, CancellationToken cancellation) =>
        Task.Run(
            () => RunSession.Discard(
                request, model, progress,
                session =>
                {
                    ModelTraining.ReadSources(session, model);
                    var pivots = session.Phase(model.Name, RunPhase.Build, () => ModelTraining.FillTrainingTable(session, model));
                    ModelTraining.RequireRows(session, model);
                    session.Phase(model.Name, RunPhase.Write, () => Export(session, pivots.Name(model), file), rows => rows);
                },
                cancellation),
            CancellationToken.None);

    private static long Export(RunSession session, CompiledModel model, string file)
    {
        var columns = model.Keys.Add("cutoff").AddRange(model.Features.Select(feature => feature.Name)).Add("label").Add("split");
        var query = $"SELECT {string.Join(", ", columns.Select(SqlText.Name))} FROM {SqlText.Name(model.TrainingTable)}";
        long rows = 0;
        try
        {
            AtomicFile.Write(file, beside => rows = TableFile.Write(session.Connection, query, beside, session.Request.Format, session.Cancellation));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw RunFailedException.Environment(RunErrors.OutputNotWritable(file, failure.Message));
        }
        return rows;
    }
}
