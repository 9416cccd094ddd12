using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Local.Data;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Running;

/// <summary>One run in progress: its database transaction, its folder, its log and the warnings gathered on the way.</summary>
internal sealed class RunSession
{
    // The file is not put into HTML: names stay readable.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly IRunProgress? _progress;

    private RunSession(RunRequest request, LocalDatabase database, string? folder, IRunProgress? progress, CancellationToken cancellation)
    {
        (Request, Connection, _progress, Cancellation) = (request, database.Connection, progress, cancellation);
        Folder = folder ?? "";
        StartedAt = request.Clock.GetUtcNow().UtcDateTime;
    }

    public RunRequest Request { get; }

    public DuckDbConnection Connection { get; }

    /// <summary>Where this run's files go; empty for one that makes no folder.</summary>
    public string Folder { get; }

    /// <summary>When the run began, UTC: what `scored_at` says.</summary>
    public DateTime StartedAt { get; }

    public CancellationToken Cancellation { get; }

    public List<Diagnostic> Warnings { get; } = [];

    /// <summary>Runs <paramref name="work"/> for every model and publishes all results together, or nothing.</summary>
    public static RunResult Publish(
        RunRequest request, IRunProgress? progress, Func<RunSession, CompiledModel, ModelRun> work, CancellationToken cancellation) =>
        Guard(request.OutputFolder, warnings =>
        {
            using var folder = new RunFolder(request.OutputFolder);
            using var log = new RunLog(Path.Combine(folder.Building, "run.log"), request.Clock, progress);
            using var database = LocalDatabase.Open(request, keep: true);
            var session = new RunSession(request, database, folder.Building, log, cancellation);
            try
            {
                var models = request.Program.Models.Select(model => session.Do(model, work)).ToImmutableArray();
                session.Phase(null, RunPhase.Write, () => session.WriteSummaries(models));
                foreach (var warning in session.Warnings) log.Write($"warning {warning.Code}: {warning.Message}");
                log.Dispose();
                cancellation.ThrowIfCancellationRequested();
                return new RunResult(RunOutcome.Succeeded, [], models, PublishBoth(folder, database));
            }
            finally
            {
                warnings.AddRange(session.Warnings);
            }
        });

    /// <summary>Runs <paramref name="work"/> for one model and keeps nothing in the database; `work` writes its own file.</summary>
    public static RunResult Discard(
        RunRequest request, CompiledModel model, IRunProgress? progress, Action<RunSession> work, CancellationToken cancellation) =>
        Guard(request.OutputFolder, warnings =>
        {
            using var database = LocalDatabase.Open(request, keep: false);
            var session = new RunSession(request, database, folder: null, progress, cancellation);
            try
            {
                session.Do(model, (running, _) =>
                {
                    work(running);
                    return true;
                });
                return new RunResult(RunOutcome.Succeeded, [], [], null);
            }
            finally
            {
                warnings.AddRange(session.Warnings);
            }
        });

    /// <summary>Runs <paramref name="work"/> for one model and keeps what it leaves in the database; `work` writes its own file.</summary>
    public static RunResult Keep(
        RunRequest request, CompiledModel model, IRunProgress? progress, Action<RunSession> work, CancellationToken cancellation) =>
        Guard(request.OutputFolder, warnings =>
        {
            Directory.CreateDirectory(request.OutputFolder);
            using var database = LocalDatabase.Open(request, keep: true);
            var session = new RunSession(request, database, folder: null, progress, cancellation);
            try
            {
                session.Do(model, (running, _) =>
                {
                    work(running);
                    cancellation.ThrowIfCancellationRequested();
                    database.Commit();
                    return true;
                });
                return new RunResult(RunOutcome.Succeeded, [], [], null);
            }
            finally
            {
                warnings.AddRange(session.Warnings);
            }
        });

    /// <summary>Does one step of a phase's work, telling whoever watches.</summary>
    public T Phase<T>(string? model, RunPhase phase, Func<T> work, Func<T, long?>? rows = null)
    {
        Cancellation.ThrowIfCancellationRequested();
        var started = Request.Clock.GetTimestamp();
        _progress?.Begin(model, phase);
        var result = work();
        _progress?.End(phase, rows?.Invoke(result), Request.Clock.GetElapsedTime(started));
        return result;
    }

    /// <inheritdoc cref="Phase{T}"/>
    public void Phase(string? model, RunPhase phase, Action work) => Phase(model, phase, () =>
    {
        work();
        return true;
    });

    /// <summary>Tells how far the running phase is.</summary>
    public void Advance(int done, int total) => _progress?.Advance(done, total);

    /// <summary>A file of this run's folder.</summary>
    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Where a source stands in the program; the model's own place where the source is not known by span.</summary>
    public SourceSpan SpanOf(string source, CompiledModel model) =>
        Request.Sources.FirstOrDefault(known => known.Name.Equals(source, StringComparison.OrdinalIgnoreCase))?.Span ?? model.Span;

    private T Do<T>(CompiledModel model, Func<RunSession, CompiledModel, T> work)
    {
        try
        {
            return work(this, model);
        }
        catch (DuckDbException failure)
        {
            throw EngineFailure.Explain(failure, Connection, model, Request.Sources);
        }
    }

    private void WriteSummaries(ImmutableArray<ModelRun> models)
    {
        using (var stream = File.Create(PathOf("metrics.json")))
        {
            using (var json = new Utf8JsonWriter(stream, Indented)) MetricsJson.Write(json, models);
            stream.WriteByte((byte)'\n');
        }
        File.WriteAllText(PathOf("report.html"), ReportPage.Render(Request.Project, models));
    }

    /// <summary>The folder gets its number first, because it can be taken back; the database's commit decides.</summary>
    private static string PublishBoth(RunFolder folder, LocalDatabase database)
    {
        var path = folder.Publish();
        try
        {
            database.Commit();
            return path;
        }
        catch
        {
            folder.Withdraw();
            throw;
        }
    }

    private static RunResult Guard(string outputFolder, Func<List<Diagnostic>, RunResult> run)
    {
        var warnings = new List<Diagnostic>();
        try
        {
            var result = run(warnings);
            return result with { Diagnostics = [.. warnings] };
        }
        catch (RunFailedException failure)
        {
            return Failed(failure.Outcome, failure.Diagnostic);
        }
        catch (OperationCanceledException)
        {
            return Failed(RunOutcome.Interrupted, RunErrors.Interrupted());
        }
        catch (DuckDbNativeLibraryException failure)
        {
            return Failed(RunOutcome.WrongEnvironment, RunErrors.LibraryMissing(failure.Message));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failed(RunOutcome.WrongEnvironment, RunErrors.FolderNotWritable(outputFolder, failure.Message));
        }

        RunResult Failed(RunOutcome outcome, Diagnostic diagnostic) => new(outcome, [.. warnings, diagnostic], [], null);
    }
}
