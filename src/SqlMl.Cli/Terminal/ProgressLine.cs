using SqlMl.Local.Reports;
using SqlMl.Local.Running;

namespace SqlMl.Cli.Terminal;

/// <summary>Shows a run's progress on the error stream: on a terminal one line that is rewritten while a phase runs, elsewhere one line a finished phase.</summary>
internal sealed class ProgressLine : IRunProgress, IDisposable
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(120);
    private readonly Lock _lock = new();
    private readonly CliHost _host;
    private readonly ITimer? _timer;
    private string _running = "";
    private string _share = "";
    private long _started;

    private ProgressLine(CliHost host)
    {
        _host = host;
        _timer = host.IsInteractive ? host.Clock.CreateTimer(_ => Redraw(), null, Refresh, Refresh) : null;
    }

    /// <summary>The progress that this invocation shows, or null for none.</summary>
    public static ProgressLine? For(Invocation invocation) => invocation.IsQuiet ? null : new ProgressLine(invocation.Host);

    public void Begin(string? model, RunPhase phase)
    {
        lock (_lock)
        {
            _running = model is null ? NameOf(phase) : $"{model}: {NameOf(phase)}";
            _share = "";
            _started = _host.Clock.GetTimestamp();
        }
    }

    public void Advance(int done, int total)
    {
        lock (_lock) _share = $", {done} of {total}";
    }

    public void End(RunPhase phase, long? rows, TimeSpan elapsed)
    {
        lock (_lock)
        {
            var yielded = rows is { } count ? $", {Words.Count(count, "row")}" : "";
            _host.Error.Write($"{(_host.IsInteractive ? "\r\e[K" : "")}{_running}{yielded} ({Words.Elapsed(elapsed)})\n");
            _running = "";
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            if (_host.IsInteractive && _running.Length > 0) _host.Error.Write("\r\e[K");
            _running = "";
        }
    }

    private void Redraw()
    {
        lock (_lock)
        {
            if (_running.Length == 0) return;
            var line = $"{_running}{_share} ({Words.Elapsed(_host.Clock.GetElapsedTime(_started))})";
            _host.Error.Write($"\r\e[K{(line.Length < _host.Width ? line : line[..(_host.Width - 1)])}");
        }
    }

    private static string NameOf(RunPhase phase) => phase switch
    {
        RunPhase.Read => "reading sources",
        RunPhase.Build => "building the training set",
        RunPhase.Train => "training",
        RunPhase.Evaluate => "evaluating",
        RunPhase.Score => "scoring",
        RunPhase.Prove => "proving",
        _ => "writing",
    };
}
