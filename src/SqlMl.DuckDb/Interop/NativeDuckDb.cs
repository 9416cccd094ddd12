using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SqlMl.DuckDb.Interop;

/// <summary>Finds and loads libduckdb once a process, from the program's own folder and from nowhere else: another version would not fit.</summary>
internal static class NativeDuckDb
{
    public const string Name = "duckdb";

    private static readonly Lazy<nint> s_library = new(() => Load(Candidates(AppContext.BaseDirectory)));

    // Connections of this process to one file share one database through it, so it lives as long as the process.
    private static readonly Lazy<nint> s_instanceCache = new(NativeMethods.duckdb_create_instance_cache);

    /// <summary>The loaded library's handle, or <see cref="DuckDbNativeLibraryException"/>.</summary>
    public static nint Library => s_library.Value;

    /// <summary>DuckDB's register of the databases this process has open.</summary>
    public static nint InstanceCache => s_instanceCache.Value;

    /// <summary>Where the build puts the library under <paramref name="folder"/>, then beside the program.</summary>
    public static ImmutableArray<string> Candidates(string folder) =>
        [Path.Combine(folder, "runtimes", PlatformIdentifier, "native", FileName), Path.Combine(folder, FileName)];

    /// <summary>Loads the first candidate that exists; one that exists and does not load is an error, not a reason to look on.</summary>
    public static nint Load(ImmutableArray<string> candidates)
    {
        var path = candidates.FirstOrDefault(File.Exists)
            ?? throw new DuckDbNativeLibraryException(
                $"libduckdb was not found at {string.Join(" or ", candidates.Select(candidate => $"'{candidate}'"))}; "
                + "building SqlMl.DuckDb fetches it", candidates);
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            throw new DuckDbNativeLibraryException($"libduckdb at '{path}' cannot be loaded on {PlatformIdentifier}: {failure.Message}", [path], failure);
        }
    }

    private static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    /// <summary>The portable identifier, as in <c>linux-x64</c>: <see cref="RuntimeInformation.RuntimeIdentifier"/> may name a distribution.</summary>
    private static string PlatformIdentifier
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : IsMusl ? "linux-musl" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    private static bool IsMusl =>
        RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
        || RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal);
}
