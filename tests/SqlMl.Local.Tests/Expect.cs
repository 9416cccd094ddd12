using SqlMl.Language.Diagnostics;
using SqlMl.Local.Running;

namespace SqlMl.Local.Tests;

internal static class Expect
{
    /// <summary>The run ended so, with exactly one error, of this code.</summary>
    public static Diagnostic Failure(RunResult result, RunOutcome outcome, string code)
    {
        var error = Assert.Single(result.Diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal((outcome, code), (result.Outcome, error.Code));
        Assert.Null(result.Folder);
        Assert.Empty(result.Models);
        return error;
    }
}
