using System.Text;

namespace SqlMl.Cli.Terminal;

/// <summary>The process around a command: its streams, its folder, and what its terminal can do. Tests put their own in its place.</summary>
internal sealed record CliHost
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>The folder that relative paths start at.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Whether the error stream is a terminal whose last line can be rewritten.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether text may be coloured; NO_COLOR forbids it (no-color.org).</summary>
    public bool UseColor { get; init; }

    /// <summary>The columns of the terminal.</summary>
    public int Width { get; init; } = 100;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static CliHost FromProcess()
    {
        var isInteractive = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new CliHost
        {
            Out = Writer(Console.OpenStandardOutput, () => Console.Out),
            Error = Writer(Console.OpenStandardError, () => Console.Error),
            WorkingDirectory = Environment.CurrentDirectory,
            IsInteractive = isInteractive,
            UseColor = isInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Width = isInteractive ? Math.Max(40, Console.WindowWidth) : 100,
        };
    }

    /// <summary>
    /// A writer of UTF-8. The console's own looks up the terminal's description first, which nothing here needs and which costs a tenth of a short command's time;
    /// on Windows it alone knows the console's encoding.
    /// </summary>
    private static TextWriter Writer(Func<Stream> open, Func<TextWriter> ofConsole) => OperatingSystem.IsWindows()
        ? ofConsole()
        : TextWriter.Synchronized(new StreamWriter(open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });

    /// <summary>A path as given on the command line, made absolute.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, WorkingDirectory);

    /// <summary>A path as short as it can be said from here.</summary>
    public string ShortPath(string path)
    {
        var relative = Path.GetRelativePath(WorkingDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
