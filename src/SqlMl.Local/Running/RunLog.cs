using System.Globalization;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Running;

/// <summary>`run.log`: what happened when, the only file of a run that tells the time. It hands everything on to whoever watches the run.</summary>
internal sealed class RunLog(string file, TimeProvider clock, IRunProgress? watcher) : IRunProgress, IDisposable
{
    private readonly StreamWriter _writer = new(file);

    public void Begin(string? model, RunPhase phase)
    {
        Write(model is null ? $"{phase}" : $"{phase} `{model}`");
        watcher?.Begin(model, phase);
    }

    public void Advance(int done, int total) => watcher?.Advance(done, total);

    public void End(RunPhase phase, long? rows, TimeSpan elapsed)
    {
        var yielded = rows is { } count ? $", {Words.Count(count, "row")}" : "";
        Write($"{phase} done in {Words.Elapsed(elapsed)}{yielded}");
        watcher?.End(phase, rows, elapsed);
    }

    /// <summary>Adds a line with the time in UTC.</summary>
    public void Write(string text) =>
        _writer.Write($"{clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)}Z {text}\n");

    public void Dispose() => _writer.Dispose();
}
