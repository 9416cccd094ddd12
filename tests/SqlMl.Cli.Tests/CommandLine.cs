using System.Text.Json;
using SqlMl.Cli.Terminal;

namespace SqlMl.Cli.Tests;

/// <summary>What one command line printed and answered.</summary>
internal sealed record CommandResult(int ExitCode, string Out, string Error)
{
    /// <summary>The JSON document on standard output; fails where there is anything else.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}

/// <summary>Runs command lines inside the test, in a folder of their own.</summary>
internal sealed class CommandLine : IDisposable
{
    public CommandLine() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"sqlml-cli-{Guid.NewGuid():N}");

    public async Task<CommandResult> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new CliHost { Out = output, Error = error, WorkingDirectory = Folder };
        var exitCode = await SqlMlApp.RunAsync(arguments, host, cancellation);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }

    public Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(arguments, TestContext.Current.CancellationToken);

    /// <summary>Writes a file below the folder.</summary>
    public void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Copies the example into the folder `prospect`.</summary>
    public void CopyExample()
    {
        foreach (var file in (string[])["prospect.sqlml", "sqlml.yaml"])
            Write(Path.Combine("prospect", file), File.ReadAllText(Path.Combine(Repository.Root, "examples", "prospect", file)));
    }

    /// <summary>Every file below the folder, by relative path, in order.</summary>
    public string[] Files() =>
        [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

internal static class Repository
{
    /// <summary>The checkout's root: the nearest folder above the tests that holds the central package versions.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(SourceFolder()) ?? throw new InvalidOperationException("the checkout is not above the tests");

    private static string? Find(string folder)
    {
        for (var here = new DirectoryInfo(folder); here is not null; here = here.Parent)
        {
            if (File.Exists(Path.Combine(here.FullName, "Directory.Packages.props"))) return here.FullName;
        }
        return null;
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
