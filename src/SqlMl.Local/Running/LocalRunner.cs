using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Local.Data;
using SqlMl.Local.Refreshing;

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

    /// <summary>
    /// Writes one model's training set as <see cref="ExportAsync"/> does, row for row, and computes only the rows that changed since it was last asked to: the others are kept in
    /// the local database. Kept rows and file change together or not at all, save that the file may be new where the database failed to commit.
    /// </summary>
    public static Task<RefreshResult> RefreshAsync(
        RefreshRequest request, string modelName, string file, IRunProgress? progress, CancellationToken cancellation) =>
        Task.Run(
            () =>
            {
                RefreshSummary? summary = null;
                var model = Compile(request, null, modelName);
                var result = RunSession.Keep(request.Run, model, progress, session => summary = Refresh(session, request, model, file), cancellation);
                return new RefreshResult(result, result.Outcome == RunOutcome.Succeeded ? summary : null);
            },
            CancellationToken.None);

    private static RefreshSummary Refresh(RunSession session, RefreshRequest request, CompiledModel model, string file)
    {
        ModelTraining.ReadSources(session, model);
        var (summary, named) = session.Phase(model.Name, RunPhase.Build, () =>
        {
            if (model.Refresh!.WholeBecause is not { } reason)
            {
                var refresh = new TrainingSetRefresh(session.Connection, model, ranges => Compile(request, ranges, model.Name), session.Cancellation);
                return (refresh.Fill(request.IsWhole), model);
            }
            KeptRows.Enter(session.Connection);
            new KeptRows(session.Connection, model, session.Cancellation).Forget();
            var pivots = ModelTraining.FillTrainingTable(session, model);
            return (RefreshSummary.Whole(session.Connection, model, reason, session.Cancellation), pivots.Name(model));
        });
        ModelTraining.RequireRows(session, model);
        session.Phase(model.Name, RunPhase.Write, () => Export(session, named, file), rows => rows);
        session.Connection.Execute($"DROP TABLE {SqlText.Name(model.TrainingTable)}", session.Cancellation);
        return summary;
    }

    /// <summary>The model, with what a refresh needs; it compiled before without error.</summary>
    private static CompiledModel Compile(RefreshRequest request, ImmutableArray<CutoffRange>? cutoffs, string model)
    {
        var program = SqlMlCompiler.Compile(request.Files, request.Options with { ForRefresh = true, Cutoffs = cutoffs });
        if (!program.Succeeded) throw new InvalidOperationException($"a program that compiled does not: {program.Diagnostics[0].Message}");
        return program.Models.First(compiled => compiled.Name == model);
    }

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
