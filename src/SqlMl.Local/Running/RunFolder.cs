using System.Globalization;

namespace SqlMl.Local.Running;

/// <summary>
/// The folder of one run while it is made: hidden beside the finished ones until <see cref="Publish"/> gives it the next number, gone without it.
/// Finished runs are `0001`, `0002`... so that no name depends on a clock.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private readonly string _outputFolder;
    private readonly bool _madeOutputFolder;
    private string? _published;

    /// <summary>Makes the folder; throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where the system refuses.</summary>
    public RunFolder(string outputFolder)
    {
        _outputFolder = outputFolder;
        _madeOutputFolder = !Directory.Exists(outputFolder);
        Directory.CreateDirectory(outputFolder);
        Building = Path.Combine(outputFolder, $".building-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Building);
    }

    /// <summary>Where the run writes its files.</summary>
    public string Building { get; }

    /// <summary>Gives the folder its number and returns its new path.</summary>
    public string Publish()
    {
        for (var number = Numbers(_outputFolder).DefaultIfEmpty(0).Max() + 1; ; number++)
        {
            var path = Path.Combine(_outputFolder, number.ToString("0000", CultureInfo.InvariantCulture));
            try
            {
                Directory.Move(Building, path);
                return _published = path;
            }
            catch (IOException) when (Directory.Exists(path))
            {
                // Another run took the number first.
            }
        }
    }

    /// <summary>Takes a published folder back, for a run that failed after all.</summary>
    public void Withdraw()
    {
        if (_published is not null) Directory.Delete(_published, recursive: true);
        _published = null;
    }

    /// <summary>The latest finished run that holds a file of this name, or null.</summary>
    public static string? LatestWith(string outputFolder, string file) =>
        Numbers(outputFolder).OrderDescending()
            .Select(number => Path.Combine(outputFolder, number.ToString("0000", CultureInfo.InvariantCulture)))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, file)));

    /// <summary>Removes what was not published, and the output folder where this run made it and left it empty.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Building)) Directory.Delete(Building, recursive: true);
        if (_madeOutputFolder && _published is null && !Directory.EnumerateFileSystemEntries(_outputFolder).Any()) Directory.Delete(_outputFolder);
    }

    private static IEnumerable<int> Numbers(string outputFolder) =>
        !Directory.Exists(outputFolder) ? [] : Directory.EnumerateDirectories(outputFolder)
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0);
}
