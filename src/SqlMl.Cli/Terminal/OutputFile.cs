using SqlMl.Local.Running;

namespace SqlMl.Cli.Terminal;

/// <summary>Writes the file that a command line names, atomically; where the system refuses, that is a finding.</summary>
internal static class OutputFile
{
    public static void Write(CliHost host, string path, Action<TextWriter> write)
    {
        try
        {
            AtomicFile.WriteText(path, write);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(ExitCode.Environment, ProjectErrors.NotWritable(host.ShortPath(path), failure.Message));
        }
    }
}
