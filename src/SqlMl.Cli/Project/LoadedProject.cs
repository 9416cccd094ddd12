using System.Collections.Immutable;
using System.Text;
using SqlMl.Cli.Terminal;
using SqlMl.Compiler;
using SqlMl.Language.Text;

namespace SqlMl.Cli.Project;

/// <summary>A project read from disk: its program files in order of name, and its settings.</summary>
/// <param name="Name">As sqlml.yaml says, else the folder's or file's name.</param>
/// <param name="Folder">Its absolute folder.</param>
/// <param name="Files">At least one program file, named in diagnostics as seen from the working directory.</param>
/// <param name="Imports">What the files import of one another.</param>
/// <param name="Settings">The settings of `sqlml.yaml` in the same folder.</param>
internal sealed record LoadedProject(string Name, string Folder, ImmutableArray<SourceText> Files, ImmutableArray<ResolvedImport> Imports, ProjectSettings Settings)
{
    private const string SettingsFile = "sqlml.yaml";
    private const string DefaultOutput = "runs";

    /// <summary>The absolute folder that runs are written to.</summary>
    public string OutputFolder => Path.GetFullPath(Settings.Output ?? DefaultOutput, Folder);

    /// <summary>Reads the project at a path: a folder of *.sqlml files, or one such file.</summary>
    /// <exception cref="CliFailure">There is none, a file cannot be read, or the settings are wrong.</exception>
    public static LoadedProject Load(CliHost host, string path)
    {
        var full = host.FullPath(path);
        var isFolder = Directory.Exists(full);
        if (!isFolder && !File.Exists(full)) throw Wrong(ProjectErrors.PathMissing(path));
        var folder = isFolder ? full : Path.GetDirectoryName(full)!;
        string[] programs = isFolder ? [.. Directory.EnumerateFiles(full, "*.sqlml").Order(StringComparer.Ordinal)] : [full];
        if (programs.Length == 0) throw Wrong(ProjectErrors.NoProgram(path));
        var settings = LoadSettings(host, Path.Combine(folder, SettingsFile));
        var name = settings.Name ?? (isFolder ? new DirectoryInfo(full).Name : Path.GetFileNameWithoutExtension(full));
        var (files, imports) = ReadAll(host, programs);
        return new LoadedProject(name, folder, files, imports, settings);
    }

    /// <summary>The files and all that they import, each once, however often and in whatever circle they import one another (rule 62).</summary>
    private static (ImmutableArray<SourceText> Files, ImmutableArray<ResolvedImport> Imports) ReadAll(CliHost host, IEnumerable<string> programs)
    {
        var files = ImmutableArray.CreateBuilder<SourceText>();
        var byPath = new Dictionary<string, SourceText>(StringComparer.Ordinal);
        var named = new List<(ProgramImport Import, string[] Paths)>();
        var pending = new Queue<string>(programs);
        var seen = new HashSet<string>(pending, StringComparer.Ordinal);
        while (pending.TryDequeue(out var path))
        {
            var file = ReadText(host, path);
            files.Add(file);
            byPath.Add(path, file);
            foreach (var import in SqlMlCompiler.FindImports(file))
            {
                var found = Imported(Path.GetDirectoryName(path)!, import.Path);
                if (found.Length == 0) throw Wrong(ProjectErrors.ImportMissing(import.Path, host.ShortPath(Path.GetDirectoryName(path)!), import.Span));
                named.Add((import, found));
                foreach (var next in found.Where(seen.Add)) pending.Enqueue(next);
            }
        }
        return (files.ToImmutable(), [.. named.Select(item => new ResolvedImport(item.Import, [.. item.Paths.Select(next => byPath[next])]))]);
    }

    /// <summary>The files that an import names, in order of name; its last part may hold `*`.</summary>
    private static string[] Imported(string folder, string path)
    {
        var full = Path.GetFullPath(path, folder);
        var (parent, pattern) = (Path.GetDirectoryName(full), Path.GetFileName(full));
        if (parent is null || !Directory.Exists(parent)) return [];
        if (!pattern.Contains('*', StringComparison.Ordinal)) return File.Exists(full) ? [full] : [];
        return [.. Directory.EnumerateFiles(parent, pattern).Order(StringComparer.Ordinal)];
    }

    private static ProjectSettings LoadSettings(CliHost host, string file)
    {
        if (!File.Exists(file)) return ProjectSettings.None;
        var (settings, findings) = ProjectSettingsReader.Read(ReadText(host, file));
        return findings.IsEmpty ? settings : throw new CliFailure(ExitCode.WrongInput, findings);
    }

    private static SourceText ReadText(CliHost host, string file)
    {
        try
        {
            var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            return new SourceText(host.ShortPath(file), File.ReadAllText(file, strict));
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(ProjectErrors.Unreadable(host.ShortPath(file), "it is not text in UTF-8"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Wrong(ProjectErrors.Unreadable(host.ShortPath(file), failure.Message));
        }
    }

    private static CliFailure Wrong(Language.Diagnostics.Diagnostic diagnostic) => new(ExitCode.WrongInput, diagnostic);
}
