using SqlMl.Language.Diagnostics;

namespace SqlMl.Cli;

/// <summary>The last resort: whatever should never happen becomes one finding, its stack trace a file.</summary>
internal static class InternalFailure
{
    /// <summary>Writes a log to the system's temporary folder and says where; the finding comes without one where even that fails.</summary>
    public static Diagnostic Record(Exception failure)
    {
        var what = failure.Message.ReplaceLineEndings(" ");
        try
        {
            var log = Path.Combine(Path.GetTempPath(), $"sqlml-error-{Guid.NewGuid():N}.log");
            File.WriteAllText(log, failure.ToString());
            return ProjectErrors.Internal(what, log);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return ProjectErrors.Internal(what, null);
        }
    }
}
